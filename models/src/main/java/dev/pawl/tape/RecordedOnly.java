package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.spi.Journal;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A journal that only answers: whatever was not recorded ends the code that asks. */
public final class RecordedOnly implements Journal {

    private final TreeMap<Integer, Effect> effects = new TreeMap<>();
    private final Journal behind;

    /** @param behind for what needs no journal, such as large payloads */
    public RecordedOnly(List<Effect> effects, Journal behind) {
        effects.forEach(effect -> this.effects.put(effect.ordinal(), effect));
        this.behind = behind;
    }

    @Override
    public void gate(int ordinal, String kind, String name, @Nullable Json request) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public @Nullable Effect at(int ordinal) {
        return effects.get(ordinal);
    }

    @Override
    public @Nullable Effect from(int ordinal) {
        var entry = effects.ceilingEntry(ordinal);
        return entry == null ? null : entry.getValue();
    }

    @Override
    public void record(Recording what) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void record(Recording what, Message consumed) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void record(Recording what, String undo) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public RunId start(Recording what, Start child) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public List<RunId> start(List<Start> children) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void consume(Message message) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public Set<RunId> open(Collection<RunId> runs) {
        return behind.open(runs);
    }

    @Override
    public void keep(Recording what) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void settle() {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public <E extends Exception> void transact(Work<E> work) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public List<Message> messages(@Nullable String name, int limit) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public Map<RunId, Ended> ended(Collection<RunId> runs) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void cancel(RunId child) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public List<Effect> journalOf(String task, int index) {
        return behind.journalOf(task, index);
    }

    @Override
    public void alive() {}

    @Override
    public void safePoint() {}

    @Override
    public FailureClass classOf(Throwable thrown) {
        return behind.classOf(thrown);
    }

    @Override
    public Payload payload(String what, Json value) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public String artifact(byte[] content) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public byte[] artifact(String reference) {
        return behind.artifact(reference);
    }

    @Override
    public Json load(Payload payload) {
        return behind.load(payload);
    }

    @Override
    public long now() {
        return behind.now();
    }
}
