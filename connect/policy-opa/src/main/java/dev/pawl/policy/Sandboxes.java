package dev.pawl.policy;

import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A bounded stock of instances. The one that was used last is used next: its memory is warm. Who comes just when one
 * is free may overtake those who wait: were it handed to one of them, it would be idle until that thread, maybe a virtual
 * one behind thousands, gets to run. Thread-safe.
 */
final class Sandboxes {

    private final CompiledPolicy policy;
    private final Semaphore free;
    private final ConcurrentLinkedDeque<Sandbox> idle = new ConcurrentLinkedDeque<>();

    Sandboxes(CompiledPolicy policy, int most, Sandbox first) {
        this.policy = policy;
        this.free = new Semaphore(most);
        idle.push(first);
    }

    /** Waits for the right to use one, until a time; says whether it was granted. */
    boolean reserve(long deadline) throws InterruptedException {
        return free.tryAcquire() || free.tryAcquire(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
    }

    /** One to use, after a reservation. */
    Sandbox take() {
        @Nullable Sandbox used = idle.poll();
        return used == null ? new Sandbox(policy) : used;
    }

    /** Gives it back; not if something went wrong with it. */
    void keep(Sandbox sandbox) {
        if (!sandbox.bloated()) idle.push(sandbox);
    }

    /** Ends a reservation. */
    void release() {
        free.release();
    }
}
