package dev.pawl.testkit;

import dev.pawl.spi.Clock;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;

/** A clock that stands still until it is told. Thread-safe. */
public final class SettableClock implements Clock {

    private final AtomicLong now;

    /** @param start epoch milliseconds */
    public SettableClock(long start) {
        now = new AtomicLong(start);
    }

    @Override
    public long now() {
        return now.get();
    }

    /** Moves on, or back with a negative duration. */
    public void advance(Duration by) {
        now.addAndGet(by.toMillis());
    }
}
