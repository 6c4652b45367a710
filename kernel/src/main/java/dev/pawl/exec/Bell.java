package dev.pawl.exec;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Wakes one waiting thread; a ring while nobody waits is kept. Thread-safe. */
final class Bell {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private boolean rung;

    void ring() {
        lock.lock();
        try {
            rung = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /** Waits until the bell rings, at most so long. */
    void await(long millis) throws InterruptedException {
        lock.lock();
        try {
            long nanos = TimeUnit.MILLISECONDS.toNanos(millis);
            while (!rung && nanos > 0) nanos = changed.awaitNanos(nanos);
            rung = false;
        } finally {
            lock.unlock();
        }
    }
}
