package dev.pawl.bench;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What lies between the end of the user code of one step and the beginning of the user code of the next step of the same
 * run: all that an engine does about a step, its commit included. Thread-safe.
 */
final class Gaps {

    private final AtomicLongArray ended;
    private final double[] milliseconds;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param runs how many runs there are; they are numbered from 0 on
     * @param steps how many steps each has
     */
    Gaps(int runs, int steps) {
        ended = new AtomicLongArray(runs);
        milliseconds = new double[runs * (steps - 1)];
    }

    /** The user code of a step begins. */
    void begin(long run) {
        long now = System.nanoTime();
        long before = ended.get((int) run);
        if (before != 0) milliseconds[count.getAndIncrement()] = (now - before) / 1e6;
    }

    /** The user code of a step has ended. */
    void end(long run) {
        ended.set((int) run, System.nanoTime());
    }

    /** All of them, one for each step but the first of each run. */
    double[] milliseconds() {
        if (count.get() != milliseconds.length) {
            throw new IllegalStateException("There should be " + milliseconds.length
                    + " gaps between steps, but there were " + count
                    + "; has a step run twice? This measurement is void.");
        }
        return Arrays.copyOf(milliseconds, milliseconds.length);
    }
}
