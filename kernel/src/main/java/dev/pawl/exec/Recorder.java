package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * The journal of one attempt: reads what is there page by page, gathers what is new, and writes it through the run's
 * lane, behind the fence of the attempt.
 */
final class Recorder implements Journal {

    private static final int PAGE = 500;

    /** The most that a place of a gate has: a question, and its answer. */
    private static final int REVISIONS = 2;

    private final Surroundings around;
    private final Task task;
    private final Leased leased;

    private final TreeMap<Integer, Effect> page = new TreeMap<>();
    private int readFrom;
    private int readTo;
    private boolean readAll;

    private List<Tx.NewEffect> effects = new ArrayList<>();
    private List<Message> consumed = new ArrayList<>();
    private List<Entry.Submission> born = new ArrayList<>();
    private List<RunId> unwanted = new ArrayList<>();
    private List<Integer> reserved = new ArrayList<>();
    private List<Recorded.Note> notes = new ArrayList<>();
    private @Nullable String undo;
    private @Nullable Gate gate;

    /** What may wait for the next write, whatever that is for: nothing depends on it. */
    private List<Tx.NewEffect> asides = new ArrayList<>();

    Recorder(Surroundings around, Task task, Leased leased) {
        this.around = around;
        this.task = task;
        this.leased = leased;
        readAll = task.attempt() <= 1; // nobody can have recorded anything before the first attempt
    }

    /** Keeps the newest content of a place, and does not mind if that is lost in a crash. */
    synchronized void keepAside(Recording what) {
        var effect = effect(what);
        asides.add(new Tx.NewEffect(task.key(), effect));
        page.put(what.ordinal(), effect);
    }

    /** From now on effects have to pass this. */
    void gated(Gate by) {
        gate = by;
    }

    @Override
    public void gate(int ordinal, String kind, String name, @Nullable Json request) {
        if (gate != null) gate.effect(ordinal, kind, name, request);
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    @Override
    public synchronized @Nullable Effect at(int ordinal) {
        read(ordinal);
        return page.get(ordinal);
    }

    @Override
    public synchronized @Nullable Effect from(int ordinal) {
        read(ordinal);
        // Not every position has an effect: the next one may be behind the page.
        if (page.ceilingEntry(ordinal) == null && !readAll) read(readTo);
        var entry = page.ceilingEntry(ordinal);
        return entry == null ? null : entry.getValue();
    }

    private void read(int ordinal) {
        if (ordinal < Effect.FIRST) {
            if (task.attempt() > 1 && !page.containsKey(ordinal)) readPlace(ordinal);
            return;
        }
        if (ordinal < 0) {
            if (task.attempt() > 1 && !page.containsKey(ordinal)) readPlaces();
            return;
        }
        if (ordinal >= readFrom && (ordinal < readTo || readAll)) return;
        page.keySet().removeIf(known -> known >= 0);
        int size = PAGE;
        var found = effects(ordinal, size);
        while (found.size() == size && found.getLast().ordinal() == ordinal) {
            size *= 2; // a step that was tried very often
            found = effects(ordinal, size);
        }
        found.forEach(effect -> page.put(effect.ordinal(), effect)); // the newest revision comes last
        readFrom = ordinal;
        readAll = found.size() < size;
        // The revisions of the last one may go on behind the page.
        readTo = readAll ? ordinal : found.getLast().ordinal();
        if (!readAll) page.remove(readTo);
    }

    private List<Effect> effects(int from, int limit) {
        return Reads.of(() -> around.store().effects(task.key(), from, limit));
    }

    private void readPlace(int ordinal) {
        for (Effect effect : effects(ordinal, REVISIONS)) {
            if (effect.ordinal() == ordinal) page.put(ordinal, effect);
        }
    }

    private void readPlaces() {
        for (Effect effect : effects(Effect.FIRST, -Effect.FIRST)) {
            if (effect.ordinal() < 0) page.put(effect.ordinal(), effect);
        }
    }

    @Override
    public List<Message> messages(@Nullable String name, int limit) {
        return Reads.of(() -> around.store().messages(task.key().run(), name, limit));
    }

    @Override
    public List<Message> messages(String topic, Collection<String> ids) {
        return ids.isEmpty()
                ? List.of()
                : Reads.of(() -> around.store().messages(task.key().run(), topic, ids));
    }

    @Override
    public Map<RunId, Ended> ended(Collection<RunId> runs) {
        return runs.isEmpty() ? Map.of() : Reads.of(() -> around.ended(runs));
    }

    @Override
    public Set<RunId> open(Collection<RunId> runs) {
        return runs.isEmpty() ? Set.of() : Reads.of(() -> around.store().open(runs));
    }

    // ---- recording ------------------------------------------------------------------------------------------------

    @Override
    public synchronized void record(Recording what) {
        effects.add(new Tx.NewEffect(task.key(), effect(what)));
    }

    private Effect effect(Recording what) {
        return what.effect(task.attempt(), around.clock().now());
    }

    @Override
    public synchronized void record(Recording what, Message taken) {
        record(what);
        consumed.add(taken);
    }

    @Override
    public synchronized void record(Recording what, String undoWith) {
        record(what);
        undo = undoWith;
    }

    @Override
    public synchronized void reserve(Recording what, Collection<Integer> messages) {
        record(what);
        reserved.addAll(messages);
    }

    @Override
    public synchronized void note(String kind, Json data) {
        notes.add(new Recorded.Note(kind, data));
    }

    @Override
    public synchronized RunId start(Recording what, Start child) {
        var submission = Reads.of(() -> around.births().of(task, child));
        record(what.valued(Payload.inline(new Json("\"" + submission.run() + "\""))));
        born.add(submission);
        return submission.run();
    }

    @Override
    public synchronized List<RunId> start(List<Start> children) {
        var submissions = children.stream()
                .map(child -> Reads.of(() -> around.births().of(task, child)))
                .toList();
        born.addAll(submissions);
        return submissions.stream().map(Entry.Submission::run).toList();
    }

    @Override
    public synchronized void consume(Message message) {
        consumed.add(message);
    }

    @Override
    public synchronized void keep(Recording what) {
        var effect = effect(what);
        effects.removeIf(one -> one.effect().ordinal() == what.ordinal());
        effects.add(new Tx.NewEffect(task.key(), effect));
        page.put(what.ordinal(), effect);
    }

    private synchronized boolean isUrgent() {
        return !pending().isEmpty();
    }

    private Recorded pending() {
        return new Recorded(effects, consumed, born, unwanted, reserved, notes, undo);
    }

    /** What is not written yet, to be written with the end of the attempt. */
    synchronized Recorded take() {
        effects.addAll(asides);
        asides = new ArrayList<>();
        var taken = pending();
        if (taken.isEmpty()) return Recorded.NONE;
        effects = new ArrayList<>();
        consumed = new ArrayList<>();
        born = new ArrayList<>();
        unwanted = new ArrayList<>();
        reserved = new ArrayList<>();
        notes = new ArrayList<>();
        undo = null;
        return taken;
    }

    @Override
    public void settle() throws InterruptedException {
        leased.mayBegin();
        save();
        leased.mayBegin();
    }

    @Override
    public void save() throws InterruptedException {
        if (!isUrgent()) return;
        var recorded = take();
        var done = new CompletableFuture<Boolean>();
        try {
            around.committer().commit(new Entry.Addition(task, recorded, done));
        } catch (IllegalStateException notAdded) {
            putBack(recorded); // it goes with the end of the attempt, if that can still be written
            throw new Superseded("It was interrupted, or this worker stops: " + notAdded.getMessage());
        }
        try {
            if (!done.get()) {
                throw new Superseded("Another worker has task " + task.key() + " now, or the messages it wanted.");
            }
        } catch (ExecutionException closed) {
            throw new Superseded("The end of this worker: " + closed.getCause());
        }
    }

    private synchronized void putBack(Recorded recorded) {
        effects.addAll(0, recorded.effects());
        consumed.addAll(0, recorded.consumed());
        born.addAll(0, recorded.born());
        unwanted.addAll(0, recorded.unwanted());
        reserved.addAll(0, recorded.reserved());
        notes.addAll(0, recorded.notes());
        if (undo == null) undo = recorded.undo();
    }

    @Override
    public <E extends Exception> void transact(Work<E> work) throws E, InterruptedException {
        settle();
        var lease = new Tx.Lease(task.key(), task.attempt());
        around.store().transact(lease, connection -> effect(work.run(connection)));
    }

    @Override
    public synchronized void cancel(RunId child) {
        unwanted.add(child);
    }

    @Override
    public List<Effect> journalOf(String name, int index) {
        return Reads.of(
                () -> RunHistory.journal(around.store(), new TaskKey(task.key().run(), name, index)));
    }

    @Override
    public void alive() {
        leased.alive();
    }

    @Override
    public void safePoint() {
        leased.mayBegin();
    }

    @Override
    public FailureClass classOf(Throwable thrown) {
        return around.classifier().classOf(thrown);
    }

    @Override
    public Payload payload(String what, Json value) {
        return around.payloads().keep(task.key().run(), what, value);
    }

    @Override
    public String artifact(byte[] content) {
        return around.payloads().keep(task.key().run(), content);
    }

    @Override
    public byte[] artifact(String reference) {
        return around.payloads().bytes(reference);
    }

    @Override
    public Json load(Payload payload) {
        return around.payloads().load(payload);
    }

    @Override
    public long now() {
        return around.clock().now();
    }
}
