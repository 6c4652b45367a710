package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Tx;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something to be written; the future completes when it is durable. */
public sealed interface Entry {

    RunId run();

    CompletableFuture<?> done();

    /**
     * A new run. Completes with its id, or with that of the run that had the key first.
     *
     * @param start what the program wants written at the start
     * @param dueAt before this time none of its tasks is due, in epoch milliseconds; 0 for at once
     * @param origin where it comes from
     * @param question what somebody has to approve before it begins; null if nobody has to
     */
    record Submission(
            RunId run,
            int definition,
            Program program,
            Placement placement,
            @Nullable String key,
            Payload input,
            Plan start,
            @Nullable Long deadlineAt,
            long dueAt,
            Origin origin,
            @Nullable Question question,
            CompletableFuture<RunId> done)
            implements Entry {

        /** The same, waiting for somebody's approval. */
        public Submission asking(Question what) {
            return new Submission(
                    run, definition, program, placement, key, input, start, deadlineAt, dueAt, origin, what, done);
        }
    }

    /**
     * Something that a policy wants somebody to approve.
     *
     * @param message for whoever may approve it
     * @param decision of the policy, as JSON
     */
    record Question(String message, Json decision) {}

    /**
     * Where a run comes from.
     *
     * @param actor who wants it
     * @param slot at most one open run has it; null for none
     * @param retryOf the run that it retries, restarts or forks, or null
     * @param link which of these
     * @param parent the run that starts it and wants to hear of its end, or null
     * @param detached whether it stays when its parent is cancelled or fails
     * @param label what its parent starts it for, or null
     * @param labels what people and policies want to know about it, a JSON object of texts; or null
     */
    record Origin(
            String actor,
            @Nullable String slot,
            @Nullable RunId retryOf,
            @Nullable Link link,
            @Nullable RunId parent,
            boolean detached,
            @Nullable String label,
            @Nullable Json labels) {
        /** A run wants it. */
        public static Origin of(RunId parent, Journal.Start child) {
            return new Origin("run " + parent, null, null, null, parent, child.detached(), child.label(), null);
        }

        /** Somebody wants it. */
        public static Origin of(String actor) {
            return new Origin(actor, null, null, null, null, false, null, null);
        }

        /** In a slot. */
        public Origin in(@Nullable String wanted) {
            return new Origin(actor, wanted, retryOf, link, parent, detached, label, labels);
        }

        /** From an earlier run. */
        public Origin from(RunId earlier, Link how) {
            return new Origin(actor, slot, earlier, how, parent, detached, label, labels);
        }

        /** With these labels. */
        public Origin labelled(@Nullable Json with) {
            return new Origin(actor, slot, retryOf, link, parent, detached, label, with);
        }
    }

    /** What an attempt that goes on has recorded. Completes with whether it still counts. */
    record Addition(Task task, Recorded recorded, CompletableFuture<Boolean> done) implements Entry {
        @Override
        public RunId run() {
            return task.key().run();
        }

        Tx.Lease lease() {
            return new Tx.Lease(task.key(), task.attempt());
        }
    }

    /**
     * The end of an attempt. Completes with whether the lease still held.
     *
     * @param recorded what it has recorded and not yet written
     * @param freesHand whether the worker's slot is free afterwards: not while user code ignores its interruption
     */
    record Ending(
            Program program,
            Task task,
            Verdict verdict,
            Recorded recorded,
            boolean freesHand,
            CompletableFuture<Boolean> done)
            implements Entry {
        @Override
        public RunId run() {
            return task.key().run();
        }
    }

    /** What a person asks of a run. Completes with the status before, or with {@link Refused}. */
    record Command(RunId run, Verb verb, String actor, String comment, CompletableFuture<RunStatus> done)
            implements Entry {}

    /**
     * A message for a run. Completes with whether it was new, or with {@link Refused}.
     *
     * @param id what makes it the only one of its run, or null
     */
    record Signal(
            RunId run, String name, @Nullable String id, Payload payload, String actor, CompletableFuture<Boolean> done)
            implements Entry {}

    /**
     * Messages for topics of a run. Completes with how many of them are new, or with {@link Refused}.
     *
     * @param messages no two of the same topic and id
     */
    record Publication(RunId run, List<Plan.Publication> messages, String actor, CompletableFuture<Integer> done)
            implements Entry {}

    /**
     * Another version takes over a run that goes on for ever. Completes with the number of the definition that the run had,
     * with {@link Refused}, or with what its program throws if it cannot.
     *
     * @param definition of the version that takes over
     * @param from the definition that the run must still have
     */
    record Migration(
            RunId run,
            Program program,
            int definition,
            int from,
            String actor,
            String comment,
            CompletableFuture<Integer> done)
            implements Entry {}

    /**
     * What a person says about an effect of which nobody knew whether it happened. Completes with the status before, or
     * with {@link Refused}.
     *
     * @param effect as it was when the person was asked
     * @param to what it becomes
     * @param value what came back, if it happened and if that is known
     */
    record Resolution(
            RunId run,
            TaskKey task,
            Effect effect,
            EffectStatus to,
            @Nullable Payload value,
            String actor,
            String comment,
            CompletableFuture<RunStatus> done)
            implements Entry {}

    /** A run's deadline has passed while its own tasks hold every slot. Completes with whether it still mattered. */
    record Expiry(RunId run, CompletableFuture<Boolean> done) implements Entry {}

    /** Where entries go to be written. */
    @FunctionalInterface
    interface Committer {
        /** Writes an entry soon; its future says when. Waits while too much is waiting to be written. */
        void commit(Entry entry);
    }

    /** What a person may ask. */
    enum Verb {
        PAUSE,
        RESUME,
        CANCEL,
        /** Counts its lost and stalled attempts from zero again. */
        FORGIVE
    }
}
