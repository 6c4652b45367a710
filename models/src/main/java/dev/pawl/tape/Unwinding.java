package dev.pawl.tape;

import org.jspecify.annotations.Nullable;

/**
 * Ends the code of a job for now, for a reason that is not its business. Errors, because nobody should catch them; and
 * whoever does meets them again at the next thing that is asked of the job.
 */
public abstract sealed class Unwinding extends Error {

    private Unwinding(String message) {
        super(message, null, false, false);
    }

    /** It waits. */
    public static final class Parked extends Unwinding {
        private final long until;

        /** @param until epoch milliseconds */
        public Parked(long until) {
            super("The job waits; its code runs again from the top when it goes on.");
            this.until = until;
        }

        /** Epoch milliseconds. */
        public long until() {
            return until;
        }
    }

    /** It goes on afresh. */
    public static final class Continued extends Unwinding {
        private final transient @Nullable Object input;

        public Continued(@Nullable Object input) {
            super("The job goes on afresh with another input.");
            this.input = input;
        }

        /** What it goes on with. */
        public @Nullable Object input() {
            return input;
        }
    }

    /** It was only looked through, and this is as far as it got. */
    public static final class EndOfJournal extends Unwinding {
        EndOfJournal() {
            super("Nothing more is recorded.");
        }
    }
}
