package dev.pawl.core;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What to write when a run starts or a task ends, as data. The kernel applies it in one transaction, in the given order.
 *
 * @param state the model's state afterwards
 */
public record Plan(Json state, List<Change> changes) {

    /** One thing to write. */
    public sealed interface Change {}

    /**
     * New tasks {@code name[from]} up to but without {@code name[to]}.
     *
     * @param delay how long they wait before they are due
     * @param queue another queue than the run's, or null
     */
    public record Create(
            String name,
            int from,
            int to,
            Duration delay,
            @Nullable String queue) implements Change {
        /** The task {@code name[0]}, due at once. */
        public static Create one(String name) {
            return new Create(name, 0, 1, Duration.ZERO, null);
        }
    }

    /** Cancels the open tasks of one step. */
    public record CancelStep(String name) implements Change {}

    /** Takes over the succeeded tasks of a step from the run that this one retries; creating them is then nothing. */
    public record Copy(String name) implements Change {}

    /** A task that has succeeded already, with this output; creating it is then nothing. */
    public record Provide(String name, int index, Payload output) implements Change {}

    /**
     * Takes over the journal of a task from the run that this one retries or forks, before the task is created.
     *
     * @param from the index of the task there
     * @param to the index of the task here
     * @param below only what was recorded before this ordinal, and no places such as a checkpoint
     */
    public record CopyJournal(String name, int from, int to, int below) implements Change {}

    /** Adds to the copied journal of a task of this new run. */
    public record Write(String name, int index, Effect effect) implements Change {}

    /** Deletes an ended task and its journal: it was continued long ago. */
    public record Forget(String name, int index) implements Change {}

    /** A fact for the history. */
    public record Note(String kind, @Nullable String task, Json data) implements Change {}

    /** The run is done, with this output. */
    public record Succeed(Output output) implements Change {}

    /** The run has failed; its open tasks are cancelled with it. */
    public record Fail(Problem problem) implements Change {}

    /**
     * What was done is undone, and the run ends at last.
     *
     * @param cancelled whether it was cancelled, or else had failed
     * @param trouble why something could not be undone, or null if all was
     */
    public record Undone(boolean cancelled, @Nullable Problem trouble) implements Change {}

    /** Where a run's output is found. */
    public sealed interface Output {
        /** The value itself, as stored. */
        record Value(Payload payload) implements Output {}

        /**
         * The outputs of all tasks of a step, in the order of their index.
         *
         * @param withErrors as {@code {"values":[…],"errors":[{"index":…,"error":…}]}} instead of a plain array
         */
        record Collected(String step, boolean withErrors) implements Output {}
    }
}
