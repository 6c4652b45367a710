package dev.pawl.engine;

import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.Divergence;
import org.jspecify.annotations.Nullable;

/**
 * Whether today's code fits a recorded run.
 *
 * @param program its name, with the model in front
 * @param said how so, in a sentence
 * @param divergence where it goes another way; null unless {@link How#DIVERGES}
 */
public record Fit(
        RunId run,
        String program,
        String version,
        RunStatus status,
        How how,
        String said,
        @Nullable Divergence divergence) {

    /** How today's code stands to a run. */
    public enum How {
        /** It does what was recorded. */
        SAME,
        /** It goes another way. */
        DIVERGES,
        /** There is no code of this program and version. */
        NO_CODE,
        /** The code of this version has another shape than the one that the run was submitted with. */
        OTHER_SHAPE,
        /** Runs of this program cannot be executed again. */
        UNKNOWN
    }

    /** Whether the run could not go on with this code, or would not do again what it did. */
    public boolean isTrouble() {
        return switch (how) {
            case SAME, UNKNOWN -> false;
            case DIVERGES, OTHER_SHAPE -> true;
            case NO_CODE -> !status.terminal(); // a run that has ended needs no code any more
        };
    }
}
