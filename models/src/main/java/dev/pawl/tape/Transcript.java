package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.spi.Journal;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A journal that remembers what its task asked for in this attempt, whether it was recorded before or just now. */
public final class Transcript implements Journal {

    private final Journal journal;
    private final TreeMap<Integer, Effect> effects = new TreeMap<>();

    public Transcript(Journal journal) {
        this.journal = journal;
    }

    /** The newest revisions of what was asked for, in order. */
    public List<Effect> effects() {
        return new ArrayList<>(effects.values());
    }

    private Recording note(Recording what) {
        if (what.ordinal() >= 0) effects.put(what.ordinal(), what.effect(0, 0));
        return what;
    }

    @Override
    public void gate(int ordinal, String kind, String name, @Nullable Json request) {
        journal.gate(ordinal, kind, name, request);
    }

    @Override
    public @Nullable Effect at(int ordinal) {
        var effect = journal.at(ordinal);
        if (effect != null && ordinal >= 0) effects.putIfAbsent(ordinal, effect);
        return effect;
    }

    @Override
    public @Nullable Effect from(int ordinal) {
        return journal.from(ordinal);
    }

    @Override
    public void record(Recording what) {
        journal.record(note(what));
    }

    @Override
    public void record(Recording what, Message consumed) {
        journal.record(note(what), consumed);
    }

    @Override
    public void record(Recording what, String undo) {
        journal.record(note(what), undo);
    }

    @Override
    public RunId start(Recording what, Start child) {
        var run = journal.start(what, child);
        note(what.valued(Payload.inline(new Json("\"" + run + "\""))));
        return run;
    }

    @Override
    public List<RunId> start(List<Start> children) {
        return journal.start(children);
    }

    @Override
    public void consume(Message message) {
        journal.consume(message);
    }

    @Override
    public void keep(Recording what) {
        journal.keep(what);
    }

    @Override
    public void settle() throws InterruptedException {
        journal.settle();
    }

    @Override
    public void save() throws InterruptedException {
        journal.save();
    }

    @Override
    public void reserve(Recording what, Collection<Integer> messages) {
        journal.reserve(note(what), messages);
    }

    @Override
    public void note(String kind, Json data) {
        journal.note(kind, data);
    }

    @Override
    public List<Message> messages(String topic, Collection<String> ids) {
        return journal.messages(topic, ids);
    }

    @Override
    public <E extends Exception> void transact(Work<E> work) throws E, InterruptedException {
        var done = new Recording[1];
        journal.transact((Work<E>) connection -> done[0] = work.run(connection));
        note(done[0]);
    }

    @Override
    public List<Message> messages(@Nullable String name, int limit) {
        return journal.messages(name, limit);
    }

    @Override
    public Map<RunId, Ended> ended(Collection<RunId> runs) {
        return journal.ended(runs);
    }

    @Override
    public Set<RunId> open(Collection<RunId> runs) {
        return journal.open(runs);
    }

    @Override
    public void cancel(RunId child) {
        journal.cancel(child);
    }

    @Override
    public List<Effect> journalOf(String task, int index) {
        return journal.journalOf(task, index);
    }

    @Override
    public void alive() {
        journal.alive();
    }

    @Override
    public void safePoint() {
        journal.safePoint();
    }

    @Override
    public FailureClass classOf(Throwable thrown) {
        return journal.classOf(thrown);
    }

    @Override
    public Payload payload(String what, Json value) {
        return journal.payload(what, value);
    }

    @Override
    public String artifact(byte[] content) {
        return journal.artifact(content);
    }

    @Override
    public byte[] artifact(String reference) {
        return journal.artifact(reference);
    }

    @Override
    public Json load(Payload payload) {
        return journal.load(payload);
    }

    @Override
    public long now() {
        return journal.now();
    }
}
