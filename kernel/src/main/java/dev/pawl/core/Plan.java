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
     * @param priority another one than the run's, or null
     */
    public record Create(
            String name,
            int from,
            int to,
            Duration delay,
            @Nullable String queue,
            @Nullable Priority priority) implements Change {
        /** With the priority of the run. */
        public Create(String name, int from, int to, Duration delay, @Nullable String queue) {
            this(name, from, to, delay, queue, null);
        }

        /** The task {@code name[0]}, due at once. */
        public static Create one(String name) {
            return new Create(name, 0, 1, Duration.ZERO, null);
        }
    }

    /**
     * A new task that waits for messages: due when one of its topics has one, or at a time. Oldest message first: a task
     * whose message has waited longer goes before others of its queue.
     *
     * @param topics of the run's mailbox; none to wait for the time alone
     * @param until when it is due without a message, in epoch milliseconds
     * @param after only messages that were sent, or sent again, after so many count; 0 for all that are pending
     * @param priority another one than the run's, or null
     */
    public record Await(
            String name,
            int index,
            List<String> topics,
            long until,
            int after,
            @Nullable Priority priority) implements Change {
        public Await {
            topics = List.copyOf(topics);
        }
    }

    /** The run has begun, although no task of it has. */
    public record Begin() implements Change {}

    /** Makes the waiting tasks of one name due. */
    public record Wake(String name) implements Change {}

    /** Cancels the open tasks of one name, which must not have reserved any messages. */
    public record Retire(String name) implements Change {}

    /**
     * Puts messages into topics of the run, and wakes who listens to them.
     *
     * @param causedBy they come from whatever the messages come from that the tasks of this name have reserved; null for
     *     nothing but their own inputs
     * @param inputs to be registered, whether something comes from them or not
     */
    public record Publish(@Nullable String causedBy, List<Publication> messages, List<Input> inputs) implements Change {
        public Publish {
            messages = List.copyOf(messages);
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * A message on its way into a topic.
     *
     * @param id a second one with the same id in the same topic replaces the payload of the first
     * @param inputs what it comes from
     */
    public record Publication(String topic, String id, Payload payload, List<Input> inputs) {
        public Publication {
            inputs = List.copyOf(inputs);
        }
    }

    /**
     * What becomes of messages that the tasks of a name have reserved: consumed, skipped, or pending again.
     *
     * @param tell the topics whose listeners should hear of it: those of what is released
     */
    public record Dispose(String by, MessageStatus to, List<Integer> messages, List<String> tell) implements Change {
        public Dispose {
            messages = List.copyOf(messages);
            tell = List.copyOf(tell);
        }

        /** Without telling anybody. */
        public Dispose(String by, MessageStatus to, List<Integer> messages) {
            this(by, to, messages, List.of());
        }
    }

    /** The run needs somebody before it goes on: all that waits is held. */
    public record Block(Reason reason, Problem problem) implements Change {}

    /** A task that is to be created begins with the journal of another one of the same name, as if it were its own. */
    public record Inherit(String name, int from, int to) implements Change {}

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
