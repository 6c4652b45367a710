package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
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

        /** The entries whose effects are written without a look at their run, and how many effects they have. */
        final List<Entry.Addition> light = new ArrayList<>();

        int expected;
        int recorded;

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
    private final Set<Entry> disputed;
    private final Journals journals;
    private final Map<RunId, Ledger> ledgers = new LinkedHashMap<>();
    private final Map<RunId, Entry.Submission> submissions = new HashMap<>();
    private final Set<RunId> unwanted = new HashSet<>();

    /** @param disputed entries that an earlier try found {@link Journals.Disputed}: they are refused */
    Transaction(Tx tx, long now, HandOver handOver, Attempt attempt, boolean inDoubt, Set<Entry> disputed) {
        this.tx = tx;
        this.now = now;
        this.handOver = handOver;
        this.attempt = attempt;
        this.inDoubt = inDoubt;
        this.disputed = disputed;
        this.journals = new Journals(tx);
    }

    /** Answers whether this try wrote anything: not if an earlier one turned out to be committed after all. */
    boolean run(List<Entry> entries, int freed) {
        if (!submit(entries)) return false;
        lock(entries);
        record(entries);
        end(entries);
        for (Entry entry : entries) {
            switch (entry) {
                case Entry.Command command -> answer(command, ledger -> obey(command, ledger));
                case Entry.Expiry expiry -> expire(expiry);
                case Entry.Signal signal -> answer(signal, ledger -> deliver(signal, ledger));
                case Entry.Resolution said -> answer(said, ledger -> resolve(said, ledger));
                case Entry.Publication some ->
                    answer(some, ledger -> ledger.publish(some.messages(), some.actor(), null));
                case Entry.Migration migration -> answer(migration, ledger -> migrate(migration, ledger));
                case Entry.Submission submission -> {}
                case Entry.Addition record -> {}
                case Entry.Ending ending -> {}
            }
        }
        finish(freed);
        return true;
    }

    private void lock(List<Entry> entries) {
        Set<RunId> ids = new HashSet<>();
        for (Entry entry : entries) {
            boolean needless = entry instanceof Entry.Submission
                    || (entry instanceof Entry.Addition record
                            && record.recorded().light());
            if (!needless) ids.add(entry.run());
        }
        if (ids.isEmpty()) return;
        tx.lock(ids).forEach((id, run) -> ledgers.put(id, Ledger.of(tx, now, run)));
    }

    // ---- journals -------------------------------------------------------------------------------------------------

    /**
     * What only adds to a journal is checked against its lease by the statement itself. All else needs its run locked;
     * then nobody can claim the task meanwhile, and one look at the lease is enough.
     */
    private void record(List<Entry> entries) {
        var heavy = new ArrayList<Entry.Addition>();
        var effects = new ArrayList<Tx.NewEffect>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Addition record)) continue;
            if (!record.recorded().light()) {
                heavy.add(record);
                continue;
            }
            attempt.light.add(record);
            effects.addAll(record.recorded().effects());
        }
        attempt.expected = journals.record(effects, count -> attempt.recorded += count);
        if (heavy.isEmpty()) return;
        boolean[] held = tx.holds(heavy.stream().map(Entry.Addition::lease).toList());
        var counting = new ArrayList<Entry.Addition>();
        for (int i = 0; i < held.length; i++) {
            var record = heavy.get(i);
            var ledger = ledgers.get(record.run());
            boolean counts = held[i] && ledger != null && !ledger.status().terminal() && !disputed.contains(record);
            attempt.answers.put(record, counts);
            if (counts) counting.add(record);
        }
        var taken = reserve(counting, Entry.Addition::task, Entry.Addition::recorded);
        var counted = new ArrayList<Tx.NewEffect>();
        for (var record : counting) {
            if (taken.contains(record)) {
                attempt.answers.put(record, false);
                continue;
            }
            counted.addAll(record.recorded().effects());
            apply(record.task().key(), record.recorded(), ledger(record.run()));
        }
        journals.append(
                counted,
                heavy.stream().filter(record -> record.task().lost() > 0).toList());
    }

    /** Reserves what they want; answers those that do not get it, because a message of it is taken. */
    private <E> Set<E> reserve(List<E> entries, Function<E, Task> task, Function<E, Recorded> recorded) {
        var refused = new HashSet<E>();
        var wanting = new ArrayList<E>();
        var wanted = new ArrayList<Tx.Reservation>();
        var seen = new HashSet<Map.Entry<RunId, Integer>>();
        for (E entry : entries) {
            var messages = recorded.apply(entry).reserved();
            if (messages.isEmpty()) continue;
            var key = task.apply(entry).key();
            var own = messages.stream()
                    .map(message -> Map.entry(key.run(), message))
                    .toList();
            if (!Collections.disjoint(seen, own)) {
                refused.add(entry); // somebody before it in this very transaction wants one of them
                continue;
            }
            seen.addAll(own);
            wanting.add(entry);
            wanted.add(new Tx.Reservation(key.run(), key.name(), messages));
        }
        if (wanted.isEmpty()) return refused;
        boolean[] reserved = tx.reserve(wanted);
        for (int i = 0; i < reserved.length; i++) {
            var reservation = wanted.get(i);
            if (!reserved[i]) refused.add(wanting.get(i));
            else ledger(reservation.run()).topics().reserved(reservation.by(), reservation.messages());
        }
        return refused;
    }

    private void apply(TaskKey task, Recorded recorded, Ledger ledger) {
        recorded.notes().forEach(note -> ledger.note(task, note));
        unwanted.addAll(recorded.unwanted());
        if (!recorded.consumed().isEmpty()) tx.consume(recorded.consumed());
        if (recorded.undo() != null) ledger.undoWith(recorded.undo());
        for (var child : recorded.born()) {
            var born = Ledger.of(tx, now, child, ledger.bears(child));
            submissions.put(child.run(), child);
            ledgers.put(child.run(), born);
            born.apply(child.start());
            if (child.question() != null) born.ask(child.question());
        }
    }

    // ---- endings --------------------------------------------------------------------------------------------------

    private void end(List<Entry> entries) {
        var endings = new ArrayList<Entry.Ending>();
        var verdicts = new ArrayList<Verdict>();
        var ends = new ArrayList<Tx.TaskEnd>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Ending ending)) continue;
            var ledger = ledgers.get(ending.run());
            if (ledger == null || disputed.contains(ending)) continue; // pruned: the lease is void
            endings.add(ending);
            var verdict = standing(ending);
            verdicts.add(verdict);
            ends.add(TaskEnds.of(ending, verdict, ledger, now));
        }
        if (ends.isEmpty()) return;
        boolean[] applied = tx.end(ends);
        var limited = handOver.limitedQueues();
        var recorded = new ArrayList<Tx.NewEffect>();
        for (int i = 0; i < applied.length; i++) {
            var ending = endings.get(i);
            attempt.answers.put(ending, applied[i]);
            if (!applied[i]) continue;
            boolean counts = reserve(List.of(ending), Entry.Ending::task, Entry.Ending::recorded)
                    .isEmpty();
            if (counts) recorded.addAll(ending.recorded().effects());
            if (counts && !ending.recorded().light()) apply(ending.task().key(), ending.recorded(), ledger(ending));
            // All of them have ended before the first of them has consequences: one may be the end of the run.
            boolean postponed = ending.task().key().kernels() && ends.get(i).to() == TaskStatus.READY;
            ledger(ending).ended(ending.task(), postponed ? new Verdict.HandedBack() : verdicts.get(i));
            if (ends.get(i).to() == TaskStatus.READY) waiting(ends.get(i).wakeAt());
            if (limited.contains(ending.task().placement().queue())) waiting(now); // there is room for another
        }
        journals.append(
                recorded,
                endings.stream().filter(ending -> ending.task().lost() > 0).toList());
        for (int i = 0; i < applied.length; i++) {
            boolean over = ends.get(i).to() != TaskStatus.READY;
            if (applied[i] && over) advance(ledger(endings.get(i)), endings.get(i));
        }
    }

    /**
     * What an attempt came to, as things stand now: what nobody knew when it began may have been answered since, and then
     * there is nothing to wait for.
     */
    private Verdict standing(Entry.Ending ending) {
        if (!(ending.verdict() instanceof Verdict.Blocked blocked) || !blocked.journaled()) return ending.verdict();
        boolean anew = ending.recorded().effects().stream()
                .anyMatch(recorded -> recorded.effect().status() == EffectStatus.INDETERMINATE);
        return anew || tx.indeterminate(ending.run()) ? blocked : new Verdict.HandedBack();
    }

    private Ledger ledger(Entry.Ending ending) {
        return ledger(ending.run());
    }

    private Ledger ledger(RunId run) {
        return Objects.requireNonNull(ledgers.get(run));
    }

    private void waiting(long dueAt) {
        attempt.firstWaiting = Math.min(attempt.firstWaiting, dueAt);
    }

    private void advance(Ledger ledger, Entry.Ending ending) {
        if (ledger.isOver()) return;
        var key = ending.task().key();
        if (key.kernels()) {
            ledger.endedOwn(key.name());
            if (key.name().equals(TaskKey.CHILD)) waiting(now); // whoever waits for the child is due
        } else if (ending.verdict() instanceof Verdict.Ended(Outcome outcome)) {
            ledger.apply(plan(ending, ledger, key, outcome));
            // It was the work of a version that is not in charge any more: the one that is looks for itself.
            if (ending.task().definition() != ledger.run().definition()) ledger.hasten(key.name());
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

    // ---- what somebody asks ---------------------------------------------------------------------------------------

    /** The answer to what is asked of one run, or why it is refused; nothing is changed then. */
    private void answer(Entry asked, Function<Ledger, Object> does) {
        var ledger = ledgers.get(asked.run());
        Object answer;
        try {
            answer = ledger == null ? Refused.noSuchRun(asked.run()) : does.apply(ledger);
        } catch (Refused refused) {
            answer = refused;
        }
        attempt.answers.put(asked, answer);
    }

    private RunStatus obey(Entry.Command command, Ledger ledger) {
        var before = ledger.status();
        switch (command.verb()) {
            case PAUSE -> ledger.pause(command.actor(), command.comment());
            case RESUME -> {
                ledger.resume(command.actor(), command.comment());
                waiting(now);
            }
            case CANCEL -> ledger.cancel(command.actor(), command.comment());
            case FORGIVE -> ledger.forgive(command.actor(), command.comment());
        }
        return before;
    }

    private boolean deliver(Entry.Signal signal, Ledger ledger) {
        boolean fresh = ledger.signal(signal);
        waiting(now);
        return fresh;
    }

    /** What cannot take over is for whoever asked, and not for the other entries. */
    private Object migrate(Entry.Migration migration, Ledger ledger) {
        Plan plan;
        try {
            plan = migration.program().takeOver(ledger.run(), migration.definition());
        } catch (RuntimeException cannot) {
            return cannot;
        }
        int before = ledger.migrate(migration, plan);
        waiting(now);
        return before;
    }

    private RunStatus resolve(Entry.Resolution said, Ledger ledger) {
        var before = ledger.status();
        if (before.terminal()) { // it ended after it was looked at
            throw Refused.wrongStatus(said.run(), before, "resolved", "a run that has not ended");
        }
        var was = said.effect();
        var effect = new Effect(
                was.ordinal(),
                was.revision() + 1,
                0,
                now,
                was.kind(),
                said.to(),
                was.name(),
                was.request(),
                said.value(),
                was.problem());
        int[] told = new int[1];
        tx.append(List.of(new Tx.NewEffect(said.task(), effect)), count -> told[0] += count);
        tx.flush();
        if (told[0] == 0) throw Refused.resolvedAlready(said.run(), was);
        ledger.resolved(said);
        waiting(now);
        return before;
    }

    // ---- new runs -------------------------------------------------------------------------------------------------

    /**
     * Plans new runs. One with a key is inserted ahead, to see whether the key is free; so is every one in doubt,
     * because inserting waits for the unanswered transaction that inserts the same id.
     */
    private boolean submit(List<Entry> entries) {
        var ahead = new ArrayList<Tx.NewRun>();
        for (Entry entry : entries) {
            if (!(entry instanceof Entry.Submission submission)) continue;
            submissions.put(submission.run(), submission);
            var ledger = Ledger.of(tx, now, submission, Run.Family.NONE);
            ledgers.put(submission.run(), ledger);
            boolean contended = submission.key() != null || submission.origin().slot() != null;
            if (contended || inDoubt) ahead.add(row(ledger, submission));
        }
        if (!ahead.isEmpty()) {
            ahead.sort(Comparator.comparing(row -> row.run().id()));
            var inserted = tx.insertRuns(ahead);
            for (var row : ahead) {
                var id = row.run().id();
                var ledger = ledgers.get(id);
                var holder = inserted.contains(id) ? id : holder(row);
                // Whoever had the slot ended before we could ask who it was.
                while (holder == null && tx.peek(List.of(id)).isEmpty()) {
                    holder = tx.insertRuns(List.of(row)).isEmpty() ? holder(row) : id;
                    if (id.equals(holder)) inserted.add(id);
                }
                if (inserted.contains(id) && ledger != null) {
                    ledger.inserted();
                    continue;
                }
                if (holder == null || holder.equals(id)) return false; // our own earlier try inserted it
                attempt.answers.put(
                        submissions.get(id), row.key() == null ? Refused.slotTaken(row.slot(), holder) : holder);
                ledgers.remove(id);
                submissions.remove(id);
            }
        }
        for (var submission : List.copyOf(submissions.values())) {
            var ledger = ledgers.get(submission.run());
            if (ledger == null) continue;
            ledger.apply(submission.start());
            if (submission.question() != null) ledger.ask(submission.question());
            attempt.answers.put(submission, submission.run());
        }
        return true;
    }

    /** Who has the key or the slot that a new run wanted. */
    private @Nullable RunId holder(Tx.NewRun row) {
        if (row.key() != null) {
            var holder = tx.runByKey(row.program(), row.key());
            if (holder.isPresent()) return holder.get();
        }
        return row.slot() == null ? null : tx.runBySlot(row.slot()).orElse(null);
    }

    private Tx.NewRun row(Ledger ledger, Entry.Submission submission) {
        return ledger.asNew(submission.program().name(), submission.key(), submission.input());
    }

    private void finish(int freed) {
        cancelOrphansBornHere();
        if (new Post(tx, now).deliver(ledgers.values())) waiting(now);
        attempt.answers.replaceAll((entry, answer) -> answer instanceof Topics.Fresh fresh ? fresh.count() : answer);
        ledgers.values().stream().filter(Ledger::changed).forEach(attempt.ledgers::add);
        var notices = new Notices(tx, now).of(attempt.ledgers, unwanted);
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
        tasks.addAll(notices);
        if (!notices.isEmpty()) waiting(now);
        write(tasks, byKey);
    }

    /** Their parents end in the very transaction that creates them. */
    private void cancelOrphansBornHere() {
        for (Ledger child : ledgers.values()) {
            var submission = submissions.get(child.id());
            if (submission == null || submission.origin().detached()) continue;
            var parent = ledgers.get(child.family().parent());
            if (parent != null && parent.isOrphaning()) child.cancel("parent " + parent.id(), "");
        }
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
        if (!inserts.isEmpty()) tx.create(inserts);
        if (!updates.isEmpty()) tx.update(updates);
        var provided = attempt.ledgers.stream()
                .flatMap(ledger -> ledger.provided().stream())
                .toList();
        if (!provided.isEmpty()) tx.provide(provided, now);
        if (!tasks.isEmpty()) tx.insertTasks(tasks, now);
        if (!attempt.handedOver.isEmpty()) tx.limitedQueues(attempt.limitedQueues::add);
        if (!events.isEmpty()) tx.append(events);
    }
}
