package dev.pawl.exec;

import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.IntConsumer;

/** Writes effects into journals, in as few statements as there are kinds of them. */
final class Journals {

    private final Tx tx;

    Journals(Tx tx) {
        this.tx = tx;
    }

    /** Somebody else, whose lease had run out, was in the middle of recording at the very same place. */
    static final class Disputed extends RuntimeException {
        private final List<Entry> entries;

        Disputed(List<Entry> entries) {
            super("A journal was written by two", null, false, false);
            this.entries = entries;
        }

        List<Entry> entries() {
            return entries;
        }
    }

    /**
     * Records effects of attempts that go on, each behind its own fence.
     *
     * @param told is told how many were recorded, at the latest when the transaction is committed
     * @return how many should be
     */
    int record(List<Tx.NewEffect> effects, IntConsumer told) {
        var rest = new ArrayList<>(effects);
        int kept = keep(rest, told);
        if (!rest.isEmpty()) tx.record(rest, told);
        return kept + rest.size();
    }

    /** Places of which only the newest content counts are written by a statement of their own, and leave the list. */
    private int keep(List<Tx.NewEffect> effects, IntConsumer told) {
        var places = new LinkedHashMap<List<Object>, Tx.NewEffect>();
        effects.removeIf(one -> {
            if (one.effect().ordinal() >= 0) return false;
            places.put(List.of(one.task(), one.effect().ordinal()), one);
            return true;
        });
        if (!places.isEmpty()) tx.keep(List.copyOf(places.values()), told);
        return places.size();
    }

    /**
     * Records effects of attempts that are known to count.
     *
     * @param takenOver those of the writers that took their task over from a dead worker, which may not be so dead
     * @throws Disputed if that one was writing at the same place
     */
    void append(List<Tx.NewEffect> all, List<? extends Entry> takenOver) {
        var effects = new ArrayList<>(all);
        keep(effects, ignored -> {});
        if (effects.isEmpty()) return;
        int[] told = new int[1];
        tx.append(effects, count -> told[0] += count);
        if (takenOver.isEmpty()) return;
        tx.flush();
        if (told[0] < effects.size()) throw new Disputed(List.copyOf(takenOver));
    }
}
