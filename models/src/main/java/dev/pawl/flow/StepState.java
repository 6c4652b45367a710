package dev.pawl.flow;

import dev.pawl.core.Payload;
import org.jspecify.annotations.Nullable;

/**
 * Where a step of a run stands.
 *
 * @param size the number of elements of a list or of a map's list; -1 if it is neither or not known yet
 * @param made how many of a map's tasks were created
 * @param done how many of them succeeded
 * @param failed how many of them failed for good
 * @param reason why it was skipped, else null
 * @param output the output of the step that gives the run's, while the run still goes on; else null
 */
record StepState(
        Status status,
        int size,
        int made,
        int done,
        int failed,
        @Nullable SkipReason reason,
        @Nullable Payload output) {

    enum Status {
        /** Something it depends on has not ended. */
        WAITING("waiting"),
        /** A map's condition is being asked, or its list looked up. */
        CHECKING("checking"),
        RUNNING("running"),
        SUCCEEDED("succeeded"),
        FAILED("failed"),
        SKIPPED("skipped");

        /** As it stands in the state. */
        final String word;

        Status(String word) {
            this.word = word;
        }

        static Status of(String word) {
            for (var status : values()) if (status.word.equals(word)) return status;
            throw new IllegalStateException("A run's state knows no status \"" + word + "\" of a step.");
        }
    }

    static final StepState WAITING = plain(Status.WAITING);
    static final StepState CHECKING = plain(Status.CHECKING);
    static final StepState RUNNING = plain(Status.RUNNING);
    static final StepState SUCCEEDED = plain(Status.SUCCEEDED);

    private static StepState plain(Status status) {
        return new StepState(status, -1, 0, 0, 0, null, null);
    }

    /** The word is that of a step about which there is nothing more to say. */
    static StepState plain(String word) {
        return switch (Status.of(word)) {
            case CHECKING -> CHECKING;
            case RUNNING -> RUNNING;
            case SUCCEEDED -> SUCCEEDED;
            case Status other -> plain(other);
        };
    }

    static StepState expanded(int size, int made, int done) {
        return new StepState(Status.RUNNING, size, made, done, 0, null, null);
    }

    static StepState succeeded(int size, @Nullable Payload output) {
        return size < 0 && output == null ? SUCCEEDED : new StepState(Status.SUCCEEDED, size, 0, 0, 0, null, output);
    }

    StepState to(Status next) {
        return new StepState(next, size, made, done, failed, null, output);
    }

    StepState skipped(SkipReason why) {
        return new StepState(Status.SKIPPED, size, made, done, failed, why, null);
    }

    StepState made(int tasks) {
        return new StepState(status, size, tasks, done, failed, null, null);
    }

    StepState oneDone() {
        return new StepState(status, size, made, done + 1, failed, null, null);
    }

    StepState oneFailed() {
        return new StepState(status, size, made, done, failed + 1, null, null);
    }

    StepState withoutOutput() {
        return output == null ? this : new StepState(status, size, made, done, failed, reason, null);
    }

    boolean is(Status other) {
        return status == other;
    }

    boolean isOpen() {
        return status == Status.CHECKING || status == Status.RUNNING;
    }

    /** Whether what depends on it may look at it. */
    boolean isSettled() {
        return status == Status.SUCCEEDED || status == Status.SKIPPED;
    }

    /** A map's tasks that have not ended. */
    int open() {
        return made - done - failed;
    }
}
