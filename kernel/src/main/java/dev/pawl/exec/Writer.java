package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Writes many entries in one {@link Transaction}. Only after the commit is durable does anybody hear of it; a commit whose
 * reply was lost is looked up before anything is repeated.
 */
public final class Writer {

    private final Store store;
    private final Clock clock;
    private final HandOver handOver;
    private final AfterCommit after;

    /** What the rest of the engine wants to know once a transaction is durable. */
    public interface AfterCommit {
        /** A run ended in it. */
        void ended(RunId run, Ended how);

        /** These tasks were cancelled in it while they were open. */
        void cancelled(List<TaskKey> tasks);

        /** These runs were held in it: what runs of them should stop at the next safe point. */
        void held(Set<RunId> runs);

        /** This task of a model succeeded in it, so that its output counts from now on. */
        void succeeded(TaskKey task, Payload output);

        /** It left tasks that wait for a worker, the first of them due at this time. */
        void waiting(long dueAt);
    }

    public Writer(Store store, Clock clock, HandOver handOver, AfterCommit after) {
        this.store = store;
        this.clock = clock;
        this.handOver = handOver;
        this.after = after;
    }

    /**
     * How a run ended.
     *
     * @param output where its output is, if it succeeded and if that is known
     * @param problem why it failed, as JSON
     */
    public record Ended(
            RunStatus status,
            Plan.@Nullable Output output,
            @Nullable Json problem) {}

    /**
     * Writes the entries and completes their futures.
     *
     * @param inDoubt the state of an earlier try whose commit went unanswered, or null
     * @throws StoreException if it is not known to be written; the entries are not completed then
     */
    public void write(List<Entry> entries, Doubt inDoubt) {
        int freed = freed(entries);
        var tries = new ArrayList<Transaction.Attempt>();
        var disputed = new HashSet<Entry>();
        Transaction.Attempt attempt;
        try {
            attempt = undisputed(
                    disputed,
                    () -> store.write(tx -> {
                        tries.forEach(this::giveBack);
                        tries.clear();
                        var earlier = inDoubt.last;
                        if (earlier != null && committed(tx, earlier)) return earlier;
                        var current = new Transaction.Attempt();
                        tries.add(current);
                        boolean fresh = new Transaction(tx, clock.now(), handOver, current, earlier != null, disputed)
                                .run(entries, freed);
                        return fresh || earlier == null ? current : earlier;
                    }));
        } catch (StoreException.OutcomeUnknown unknown) {
            inDoubt.last = tries.isEmpty() ? inDoubt.last : tries.getLast();
            throw unknown;
        } catch (RuntimeException | Error failed) {
            tries.forEach(this::giveBack);
            throw failed;
        }
        if (inDoubt.last != null && attempt != inDoubt.last) giveBack(inDoubt.last);
        publish(entries, attempt, freed);
    }

    /**
     * Submits a run in a transaction that somebody else will commit. Nothing is told to anybody: when it is committed, a
     * worker finds it.
     *
     * @throws Refused if its slot is taken
     */
    public static RunId submitWithin(Tx tx, long now, Entry.Submission submission) {
        var attempt = new Transaction.Attempt();
        new Transaction(tx, now, HandOver.NONE, attempt, false, Set.of()).run(List.of(submission), 0);
        if (attempt.answers.get(submission) instanceof Refused refused) throw refused;
        return Objects.requireNonNull((RunId) attempt.answers.get(submission));
    }

    private static Transaction.Attempt undisputed(Set<Entry> disputed, Supplier<Transaction.Attempt> write) {
        while (true) {
            try {
                return write.get();
            } catch (Journals.Disputed by) {
                disputed.addAll(by.entries());
            }
        }
    }

    /** Carries what is not known of a commit to the next try. */
    public static final class Doubt {
        private Transaction.@Nullable Attempt last;

        /** Whether there is an unanswered commit. */
        public boolean any() {
            return last != null;
        }
    }

    private static int freed(List<Entry> entries) {
        int freed = 0;
        for (Entry entry : entries) {
            if (entry instanceof Entry.Ending ending && ending.freesHand()) freed++;
        }
        return freed;
    }

    private void giveBack(Transaction.Attempt attempt) {
        handOver.giveBack(attempt.chosen);
        attempt.chosen = 0;
    }

    private static boolean committed(Tx tx, Transaction.Attempt earlier) {
        var mark = earlier.mark();
        if (mark == null) return false;
        tx.lock(List.of(mark.run())); // waits for the unanswered transaction, should it still be under way
        return mark.body().equals(tx.eventsAt(mark.run(), mark.firstSeq()));
    }

    private void publish(List<Entry> entries, Transaction.Attempt attempt, int freed) {
        answerLight(attempt);
        var held = new HashSet<RunId>();
        for (Ledger ledger : attempt.ledgers) {
            if (ledger.status().terminal()) after.ended(ledger.id(), ledger.asEnded());
            if (!ledger.cancelled().isEmpty()) after.cancelled(ledger.cancelled());
            if (ledger.status().held()) held.add(ledger.id());
        }
        if (!held.isEmpty()) after.held(held);
        for (Entry entry : entries) {
            if (Boolean.TRUE.equals(attempt.answers.get(entry))) tellOutput(entry);
        }
        dropLimited(attempt);
        handOver.accept(attempt.handedOver, freed);
        if (attempt.firstWaiting != Long.MAX_VALUE) after.waiting(attempt.firstWaiting);
        for (Entry entry : entries) complete(entry, attempt.answers.get(entry));
    }

    private void tellOutput(Entry entry) {
        if (entry instanceof Entry.Ending ending
                && ending.verdict() instanceof Verdict.Ended(Outcome.Succeeded done)
                && !ending.task().key().kernels()) {
            after.succeeded(ending.task().key(), done.output());
        }
    }

    /** Which effects were written was not asked one by one: only when there are fewer than there should be. */
    private void answerLight(Transaction.Attempt attempt) {
        boolean all = attempt.recorded == attempt.expected;
        for (Entry.Addition record : attempt.light) attempt.answers.put(record, all || written(record));
    }

    private boolean written(Entry.Addition record) {
        try {
            boolean[] found = store.write(tx -> tx.recorded(record.recorded().effects()));
            for (boolean one : found) {
                if (!one) return false;
            }
            return true;
        } catch (StoreException unknown) {
            return false; // the next attempt reads what is there
        }
    }

    /** A queue got its limits before this worker heard of it: what was to be handed over waits in it like all others. */
    private void dropLimited(Transaction.Attempt attempt) {
        if (attempt.limitedQueues.isEmpty()) return;
        handOver.limited(attempt.limitedQueues);
        int before = attempt.handedOver.size();
        attempt.handedOver.removeIf(accepted ->
                attempt.limitedQueues.contains(accepted.task().placement().queue()));
        int dropped = before - attempt.handedOver.size();
        if (dropped == 0) return;
        handOver.giveBack(dropped);
        after.waiting(clock.now());
    }

    private static void complete(Entry entry, @Nullable Object answer) {
        switch (entry) {
            case Entry.Submission submission -> complete(submission.done(), RunId.class, answer);
            case Entry.Command command -> complete(command.done(), RunStatus.class, answer);
            case Entry.Resolution resolution -> complete(resolution.done(), RunStatus.class, answer);
            case Entry.Signal signal -> complete(signal.done(), Boolean.class, answer);
            case Entry.Publication publication -> complete(publication.done(), Integer.class, answer);
            case Entry.Migration migration -> complete(migration.done(), Integer.class, answer);
            case Entry.Addition record -> record.done().complete(Boolean.TRUE.equals(answer));
            case Entry.Ending ending -> ending.done().complete(Boolean.TRUE.equals(answer));
            case Entry.Expiry expiry -> expiry.done().complete(Boolean.TRUE.equals(answer));
        }
    }

    private static <T> void complete(CompletableFuture<T> done, Class<T> type, @Nullable Object answer) {
        if (answer instanceof RuntimeException refused) done.completeExceptionally(refused);
        else done.complete(type.cast(answer));
    }
}
