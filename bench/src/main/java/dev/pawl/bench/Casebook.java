package dev.pawl.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The state of a graph that is as large as one likes, and of which each step changes one entry.
 *
 * @param run the number of the run
 * @param at how many steps were taken
 */
record Casebook(long run, int at, List<Entry> entries) {

    private static final int ENTRY_BYTES = 100;

    /** Some text, a number and a flag: about a hundred characters of JSON. */
    record Entry(int id, String text, double score, boolean open) {}

    /** How many entries make about so many bytes. */
    static int entries(int bytes) {
        return bytes / ENTRY_BYTES;
    }

    static Casebook of(long run, int entries) {
        return new Casebook(
                run,
                0,
                IntStream.range(0, entries)
                        .mapToObj(id -> new Entry(
                                id, "entry %5d of run %9d ".formatted(id, run) + "y".repeat(22), id / 8.0, true))
                        .toList());
    }

    /** After one more step: another entry each time, somewhere in the list. */
    Casebook next() {
        var changed = new ArrayList<>(entries);
        int which = (int) ((at * 7_919L + run) % entries.size());
        var old = changed.get(which);
        changed.set(which, new Entry(old.id, old.text, old.score + 1.5, !old.open));
        return new Casebook(run, at + 1, changed);
    }
}
