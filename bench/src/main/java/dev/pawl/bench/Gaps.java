package dev.pawl.bench;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What lies between the end of the user code of one step and the beginning of the user code of the next step of the same
 * run: all that an engine does about a step, its commit included. Thread-safe.
 */
final class Gaps {

    private final AtomicIntegerArray begun;
    private final AtomicIntegerArray done;
    private final AtomicLongArray ended;
    private final double[] milliseconds;
    private final AtomicInteger count = new AtomicInteger();

    /**
     * @param runs how many runs there are; they are numbered from 0 on; others are not watched
     * @param steps how many steps each has
     */
    Gaps(int runs, int steps) {
        begun = new AtomicIntegerArray(runs);
        done = new AtomicIntegerArray(runs);
        ended = new AtomicLongArray(runs);
        milliseconds = new double[runs * (steps - 1)];
    }

    /**
     * The user code of a step begins. If it runs again, only the first time counts: all after that is the engine's.
     *
     * @param step from 1 on
     */
    void begin(long run, int step) {
        if (run >= begun.length()) return;
        long now = System.nanoTime();
        if (begun.getAndSet((int) run, step) == step || step == 1) return;
        milliseconds[count.getAndIncrement()] = (now - ended.get((int) run)) / 1e6;
    }

    /** The user code of a step has ended. */
    void end(long run, int step) {
        if (run >= done.length()) return;
        if (done.getAndSet((int) run, step) != step) ended.set((int) run, System.nanoTime());
    }

    /** All of them, one for each step but the first of each run. */
    double[] milliseconds() {
        if (count.get() != milliseconds.length) {
            throw new IllegalStateException("There should be %,d gaps between steps, but there were %,d."
                    .formatted(milliseconds.length, count.get()));
        }
        return milliseconds.clone();
    }
}
