package dev.pawl.exec;

import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;

/**
 * The database's clock, kept locally: an offset to the monotonic clock of this process, measured now and then. Wall
 * clocks of machines are never compared with each other, and a step of this machine's wall clock changes nothing.
 */
public final class DatabaseClock implements Clock {

    private final Store store;
    private volatile long offsetNanos;

    public DatabaseClock(Store store) {
        this.store = store;
        refresh();
    }

    /** Measures the offset again. */
    public void refresh() {
        long before = System.nanoTime();
        long database = store.databaseTime();
        long middle = before + (System.nanoTime() - before) / 2;
        offsetNanos = database * 1_000_000 - middle;
    }

    @Override
    public long now() {
        return (System.nanoTime() + offsetNanos) / 1_000_000;
    }
}
