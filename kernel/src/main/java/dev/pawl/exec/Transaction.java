package dev.pawl.exec;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One try to write many entries: locks the runs, ends the leases by their fences, asks the models what follows, and writes
 * it all in a handful of statements.
 */
final class Transaction {

    private static final Logger log = LoggerFactory.getLogger(Transaction.class);

    /** What one try at the transaction did; made afresh for every try. */
    static final class Attempt {
        final List<Ledger> ledgers = new ArrayList<>();
        final IdentityHashMap<Entry, Object> answers = new IdentityHashMap<>();
        final List<HandOver.Accepted> handedOver = new ArrayList<>();
        final Set<String> limitedQueues = new HashSet<>();
        int chosen;
        long firstWaiting = Long.MAX_VALUE;

        /** A row that exists exactly if this try was committed. */
        Tx.@Nullable NewEvents mark() {
            return ledgers.isEmpty() ? null : ledgers.getFirst().asEvents();
        }
    }

    private final Tx tx;
    private final long now;
    private final HandOver handOver;
    private final Attempt attempt;
    private final boolean inDoubt;
    private final Map<RunId, Ledger> ledgers = new LinkedHashMap<>();
    private final Map<RunId, Entry.Submission> submissions = new HashMap<>();

    Transaction(Tx tx, long now, HandOver handOver, Attempt attempt, boolean inDoubt) {
        this.tx = tx;
        this.now = now;
        this.handOver = handOver;
        this.attempt = attempt;
        this.inDoubt = inDoubt;
    }

    /** Answers whether this try wrote anything: not if an earlier one turned out to be committed after all. */
    boolean run(List<Entry> entries, int freed) {
        if (!submit(entries)) return false;
        lock(entries);
        end(entries);
        for (Entry entry : entries) {
            if (entry instanceof Entry.Command command) obey(command);
            if (entry instanceof Entry.Expiry expiry) expire(expiry);
        }
        finish(freed);
        return true;
    }

    private void lock(List<Entry> entries) {
        Set<RunId> ids = new HashSet<>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Submission)) ids.add(entry.run());
        }
        if (ids.isEmpty()) return;
        tx.lock(ids).forEach((id, run) -> ledgers.put(id, Ledger.of(tx, now, run)));
    }

    private void end(List<Entry> entries) {
        var endings = new ArrayList<Entry.Ending>();
        var ends = new ArrayList<Tx.TaskEnd>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Ending ending)) continue;
            var ledger = ledgers.get(ending.run());
            if (ledger == null) continue; // the run was pruned: the lease is void
            endings.add(ending);
            ends.add(taskEnd(ending, ledger.status().held()));
        }
        if (ends.isEmpty()) return;
        boolean[] applied = tx.end(ends);
        var limited = handOver.limitedQueues();
        for (int i = 0; i < applied.length; i++) {
            var ending = endings.get(i);
            attempt.answers.put(ending, applied[i]);
            if (!applied[i]) continue;
            // All of them have ended before the first of them has consequences: one may be the end of the run.
            boolean postponed = ending.task().key().kernels() && ends.get(i).to() == TaskStatus.READY;
            ledger(ending).ended(ending.task(), postponed ? new Verdict.HandedBack() : ending.verdict());
            if (ends.get(i).to() == TaskStatus.READY) waiting(ends.get(i).wakeAt());
            if (limited.contains(ending.task().placement().queue())) waiting(now); // there is room for another
        }
        for (int i = 0; i < applied.length; i++) {
            boolean over = ends.get(i).to() != TaskStatus.READY;
            if (applied[i] && over) advance(ledger(endings.get(i)), endings.get(i));
        }
    }

    private Ledger ledger(Entry.Ending ending) {
        return Objects.requireNonNull(ledgers.get(ending.run()));
    }

    private void waiting(long dueAt) {
        attempt.firstWaiting = Math.min(attempt.firstWaiting, dueAt);
    }

    private Tx.TaskEnd taskEnd(Entry.Ending ending, boolean held) {
        var lease = new Tx.Lease(ending.task().key(), ending.task().attempt());
        if (held && ending.task().key().kernels()) {
            // What it would do to its run has to wait until the run is released.
            return new Tx.TaskEnd(lease, TaskStatus.READY, now, true, 1, null, null, now);
        }
        return switch (ending.verdict()) {
            case Verdict.Ended(Outcome.Succeeded done) ->
                new Tx.TaskEnd(lease, TaskStatus.SUCCEEDED, now, false, 0, done.output(), null, now);
            case Verdict.Ended(Outcome.Skipped ignored) ->
                new Tx.TaskEnd(lease, TaskStatus.SKIPPED, now, false, 0, null, null, now);
            case Verdict.Ended(Outcome.Failed failed) ->
                new Tx.TaskEnd(
                        lease,
                        TaskStatus.FAILED,
                        now,
                        false,
                        0,
                        failed.produced(),
                        failed.problem().toJson(),
                        now);
            case Verdict.Again again ->
                new Tx.TaskEnd(
                        lease,
                        TaskStatus.READY,
                        now + again.delay().toMillis(),
                        held,
                        0,
                        null,
                        again.problem().toJson(),
                        now);
            case Verdict.HandedBack() -> new Tx.TaskEnd(lease, TaskStatus.READY, now, held, 1, null, null, now);
            case Verdict.Blocked blocked ->
                new Tx.TaskEnd(
                        lease,
                        TaskStatus.READY,
                        now,
                        true,
                        1,
                        null,
                        blocked.problem().toJson(),
                        now);
        };
    }

    private void advance(Ledger ledger, Entry.Ending ending) {
        if (ledger.isOver()) return;
        var key = ending.task().key();
        if (key.kernels()) ledger.endedOwn(key.name());
        else if (ending.verdict() instanceof Verdict.Ended(Outcome outcome)) {
            ledger.apply(plan(ending, ledger, key, outcome));
        }
    }

    /** A model that throws here is our own bug; it ends that run and leaves the other entries alone. */
    private Plan plan(Entry.Ending ending, Ledger ledger, TaskKey key, Outcome outcome) {
        try {
            return ending.program().advance(ledger.run(), key, outcome);
        } catch (RuntimeException broken) {
            log.error("Pawl bug: {} could not go on after {}", ending.program().name(), key, broken);
            var problem = Problem.of(FailureClass.INTERNAL, broken);
            return new Plan(ledger.run().state(), List.of(new Plan.Fail(problem)));
        }
    }

    private void expire(Entry.Expiry expiry) {
        var ledger = ledgers.get(expiry.run());
        if (ledger == null) return;
        ledger.expire();
        attempt.answers.put(expiry, ledger.status().terminal());
    }

    private void obey(Entry.Command command) {
        var ledger = ledgers.get(command.run());
        if (ledger == null) {
            attempt.answers.put(command, Refused.noSuchRun(command.run()));
            return;
        }
        var before = ledger.status();
        try {
            switch (command.verb()) {
                case PAUSE -> ledger.pause(command.actor(), command.comment());
                case RESUME -> {
                    ledger.resume(command.actor(), command.comment());
                    waiting(now);
                }
                case CANCEL -> ledger.cancel(command.actor(), command.comment());
            }
            attempt.answers.put(command, before);
        } catch (Refused refused) {
            attempt.answers.put(command, refused);
        }
    }

    /**
     * Plans new runs. One with a key is inserted ahead, to see whether the key is free; so is every one in doubt,
     * because inserting waits for the unanswered transaction that inserts the same id.
     */
    private boolean submit(List<Entry> entries) {
        var ahead = new ArrayList<Tx.NewRun>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Submission submission)) continue;
            submissions.put(submission.run(), submission);
            var ledger = Ledger.of(tx, now, submission);
            ledgers.put(submission.run(), ledger);
            if (submission.key() != null || inDoubt) ahead.add(row(ledger, submission));
        }
        if (!ahead.isEmpty()) {
            ahead.sort(Comparator.comparing(row -> row.run().id()));
            var inserted = tx.insertRuns(ahead);
            for (var row : ahead) {
                var id = row.run().id();
                var ledger = ledgers.get(id);
                if (inserted.contains(id) && ledger != null) {
                    ledger.inserted();
                    continue;
                }
                if (row.key() == null) return false; // our own earlier try inserted it
                var holder = tx.runByKey(row.program(), row.key()).orElseThrow();
                if (holder.equals(id)) return false;
                attempt.answers.put(submissions.get(id), holder);
                ledgers.remove(id);
            }
        }
        for (var submission : submissions.values()) {
            var ledger = ledgers.get(submission.run());
            if (ledger == null) continue;
            ledger.apply(submission.start());
            attempt.answers.put(submission, submission.run());
        }
        return true;
    }

    private Tx.NewRun row(Ledger ledger, Entry.Submission submission) {
        return ledger.asNew(submission.program().name(), submission.key(), submission.input());
    }

    private void finish(int freed) {
        ledgers.values().stream().filter(Ledger::changed).forEach(attempt.ledgers::add);
        boolean room =
                attempt.ledgers.stream().anyMatch(ledger -> !ledger.cancelled().isEmpty());
        if (room && !handOver.limitedQueues().isEmpty()) waiting(now);
        var chosen = handOver.choose(attempt.ledgers, freed);
        attempt.chosen = chosen.size();
        var byKey = new HashMap<TaskKey, Task>();
        chosen.forEach(task -> byKey.put(task.key(), task));
        var tasks = new ArrayList<Task>();
        for (Ledger ledger : attempt.ledgers) {
            for (Task ready : ledger.created()) {
                var task = byKey.getOrDefault(ready.key(), ready);
                tasks.add(task);
                if (task.status() == TaskStatus.RUNNING) ledger.claimed(task, null);
                else if (!task.held()) waiting(task.wakeAt());
            }
        }
        write(tasks, byKey);
    }

    private void write(List<Task> tasks, Map<TaskKey, Task> chosen) {
        var inserts = new ArrayList<Tx.NewRun>();
        var updates = new ArrayList<Tx.RunUpdate>();
        var events = new ArrayList<Tx.NewEvents>();
        for (Ledger ledger : attempt.ledgers) {
            var submission = submissions.get(ledger.id());
            if (submission != null && ledger.toInsert()) inserts.add(row(ledger, submission));
            else updates.add(ledger.asUpdate());
            events.add(ledger.asEvents());
            if (chosen.isEmpty()) continue;
            var run = ledger.run();
            for (Task created : ledger.created()) {
                var task = chosen.get(created.key());
                if (task != null) attempt.handedOver.add(new HandOver.Accepted(run, task));
            }
        }
        if (!inserts.isEmpty()) tx.insertRuns(inserts);
        if (!updates.isEmpty()) tx.update(updates);
        if (!tasks.isEmpty()) tx.insertTasks(tasks, now);
        if (!attempt.handedOver.isEmpty()) tx.limitedQueues(attempt.limitedQueues::add);
        if (!events.isEmpty()) tx.append(events);
    }
}
