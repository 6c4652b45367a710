package dev.pawl.exec;

import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;

/**
 * The database's clock, kept locally: an offset to the monotonic clock of this process, measured now and then. Wall
 * clocks of machines are never compared with each other, and a step of this machine's wall clock changes nothing.
 */
public final class DatabaseClock implements Clock {

    private static final int MEASUREMENTS = 3;

    /** A round trip that is short enough to be measured once. */
    private static final long GOOD_NANOS = 20_000_000;

    private final Store store;
    private volatile long offsetNanos;

    public DatabaseClock(Store store) {
        this.store = store;
        refresh();
    }

    /**
     * Measures the offset again. Where in a long round trip the database looked at its clock nobody knows, and a process
     * that stood still in the middle would be wrong by half of that time: the shortest of a few counts.
     */
    public void refresh() {
        long shortest = Long.MAX_VALUE;
        for (int i = 0; i < MEASUREMENTS && shortest > GOOD_NANOS; i++) {
            long before = System.nanoTime();
            long database = store.databaseTime();
            long roundTrip = System.nanoTime() - before;
            if (roundTrip >= shortest) continue;
            shortest = roundTrip;
            offsetNanos = database * 1_000_000 - (before + roundTrip / 2);
        }
    }

    @Override
    public long now() {
        return (System.nanoTime() + offsetNanos) / 1_000_000;
    }
}
