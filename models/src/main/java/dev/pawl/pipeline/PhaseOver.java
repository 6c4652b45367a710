package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The cause of a failure that says that code kept what it was handed and used it when its phase was over. It tells such a
 * failure from one that the code itself throws to say that its change did not happen: this one proves nothing.
 */
final class PhaseOver extends RuntimeException {

    /** Deeper chains of causes are none. */
    private static final int DEEPEST = 100;

    private PhaseOver() {
        super("The phase is over.", null, false, false);
    }

    static Failure.Logic failure(String message) {
        return new Failure.Logic(message, new PhaseOver());
    }

    /** Whether that is what is behind a failure. */
    static boolean isBehind(Throwable failure) {
        @Nullable Throwable cause = failure;
        for (int i = 0; cause != null && i < DEEPEST; i++) {
            if (cause instanceof PhaseOver) return true;
            cause = cause.getCause();
        }
        return false;
    }
}
