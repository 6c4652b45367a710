package dev.pawl.core;

import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * Makes run ids from a given clock and a given source of randomness. Ids of one source grow strictly, also within a
 * millisecond and when the clock steps back. Thread-safe.
 */
public final class RunIds {

    private final LongSupplier clock;
    private final RandomGenerator random;
    private long lastMillis;
    private int lastHigh;
    private long lastLow;

    /** @param clock epoch milliseconds */
    public RunIds(LongSupplier clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    /** The next id, greater than every id before it. */
    public synchronized RunId next() {
        long now = clock.getAsLong();
        if (now > lastMillis) {
            lastMillis = now;
            lastHigh = random.nextInt(1 << 15); // the top bit stays free, so that counting up cannot run over
            lastLow = random.nextLong();
        } else if (++lastLow == 0) {
            lastHigh++;
        }
        return new RunId((lastMillis << 16) | lastHigh, lastLow);
    }
}
