package dev.pawl.job;

import org.jspecify.annotations.Nullable;

/**
 * Ends the code of a job for now, for a reason that is not its business. Errors, because nobody should catch them; and
 * whoever does meets them again at the next thing that is asked of the job.
 */
abstract sealed class Unwinding extends Error {

    private Unwinding(String message) {
        super(message, null, false, false);
    }

    /** It waits. */
    static final class Parked extends Unwinding {
        final long until;

        /** @param until epoch milliseconds */
        Parked(long until) {
            super("The job waits; its code runs again from the top when it goes on.");
            this.until = until;
        }
    }

    /** It goes on afresh. */
    static final class Continued extends Unwinding {
        final transient @Nullable Object input;

        Continued(@Nullable Object input) {
            super("The job goes on afresh with another input.");
            this.input = input;
        }
    }

    /** It was only looked through, and this is as far as it got. */
    static final class EndOfJournal extends Unwinding {
        EndOfJournal() {
            super("Nothing more is recorded.");
        }
    }
}
