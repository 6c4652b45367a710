package dev.pawl.store;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Short waits between attempts. */
final class Pause {

    private Pause() {}

    /** Waits about so long; an interrupt ends it. */
    static void millis(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
    }

    /** A wait that grows with the attempts, with jitter so that those who met once do not meet again. */
    static void before(int attempt) {
        millis(ThreadLocalRandom.current().nextLong(2, 5L << attempt));
    }
}
