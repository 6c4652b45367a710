package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A journal that only answers: whatever was not recorded ends the code that asks, before anything happens. What code
 * merely keeps, such as a checkpoint or its progress, is dropped.
 */
public final class RecordedOnly implements Journal {

    private final TreeMap<Integer, Effect> effects = new TreeMap<>();
    private final Behind behind;

    /** Code came to a place where something new would begin. It stays so: several may have asked at once. */
    private boolean atItsEnd;

    private int asked = -1;

    /** What needs no journal. */
    private interface Behind {

        Json load(Payload payload);

        byte[] artifact(String reference);

        FailureClass classOf(Throwable thrown);

        List<Effect> journalOf(String task, int index);

        Set<RunId> open(Collection<RunId> runs);

        /** @param passed whether more was recorded than was asked for so far, so that waiting was over */
        long now(boolean passed);
    }

    /** @param behind for what needs no journal, such as large payloads */
    public RecordedOnly(List<Effect> effects, Journal behind) {
        this(effects, new BehindJournal(behind));
    }

    /**
     * For a run that is looked back on. Its waits are over where anything was recorded after them.
     *
     * @param now the time of the record, in epoch milliseconds
     */
    public RecordedOnly(List<Effect> effects, History behind, long now) {
        this(effects, new BehindHistory(behind, now));
    }

    private RecordedOnly(List<Effect> effects, Behind behind) {
        effects.forEach(effect -> this.effects.put(effect.ordinal(), effect));
        this.behind = behind;
    }

    private record BehindJournal(Journal journal) implements Behind {
        @Override
        public Json load(Payload payload) {
            return journal.load(payload);
        }

        @Override
        public byte[] artifact(String reference) {
            return journal.artifact(reference);
        }

        @Override
        public FailureClass classOf(Throwable thrown) {
            return journal.classOf(thrown);
        }

        @Override
        public List<Effect> journalOf(String task, int index) {
            return journal.journalOf(task, index);
        }

        @Override
        public Set<RunId> open(Collection<RunId> runs) {
            return journal.open(runs);
        }

        @Override
        public long now(boolean passed) {
            return journal.now();
        }
    }

    private record BehindHistory(History history, long now) implements Behind {
        @Override
        public Json load(Payload payload) {
            return history.load(payload);
        }

        @Override
        public byte[] artifact(String reference) {
            return history.artifact(reference);
        }

        @Override
        public FailureClass classOf(Throwable thrown) {
            return thrown instanceof Failure failure ? failure.failureClass() : FailureClass.UNCLASSIFIED;
        }

        @Override
        public List<Effect> journalOf(String task, int index) {
            return history.journal(task, index);
        }

        @Override
        public Set<RunId> open(Collection<RunId> runs) {
            var open = new HashSet<>(runs);
            open.removeAll(history.ended(runs).keySet());
            return open;
        }

        @Override
        public long now(boolean passed) {
            return passed ? Result.NEVER : now;
        }
    }

    private synchronized void ended() {
        atItsEnd = true;
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void gate(int ordinal, String kind, String name, @Nullable Json request) {
        ended();
    }

    @Override
    public synchronized @Nullable Effect at(int ordinal) {
        var effect = effects.get(ordinal);
        if (ordinal < 0) return effect;
        asked = Math.max(asked, ordinal);
        atItsEnd |= effect == null || !effect.status().terminal();
        return effect;
    }

    @Override
    public synchronized @Nullable Effect from(int ordinal) {
        var entry = effects.ceilingEntry(ordinal);
        return entry == null ? null : entry.getValue();
    }

    @Override
    public void record(Recording what) {
        ended();
    }

    @Override
    public void record(Recording what, Message consumed) {
        ended();
    }

    @Override
    public void record(Recording what, String undo) {
        ended();
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
        ended();
    }

    @Override
    public Set<RunId> open(Collection<RunId> runs) {
        return behind.open(runs);
    }

    @Override
    public void keep(Recording what) {}

    /** Asked for before something new begins, and after something was kept. */
    @Override
    public synchronized void settle() {
        if (atItsEnd) ended();
    }

    @Override
    public <E extends Exception> void transact(Work<E> work) {
        ended();
    }

    @Override
    public void save() {
        settle();
    }

    @Override
    public void reserve(Recording what, Collection<Integer> messages) {
        throw new Unwinding.EndOfJournal();
    }

    @Override
    public void note(String kind, Json data) {
        // what was noted when it happened stands in the history
    }

    @Override
    public List<Message> messages(String topic, Collection<String> ids) {
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
        ended();
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

    /** A new value is about to be recorded, or content to be kept that the record will refuse or drop. */
    @Override
    public Payload payload(String what, Json value) {
        return Payload.inline(value);
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
    public synchronized long now() {
        return behind.now(from(asked + 1) != null);
    }
}
