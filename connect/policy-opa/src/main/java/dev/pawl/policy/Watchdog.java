package dev.pawl.policy;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Interrupts evaluations whose time is up, some milliseconds after it: compiled WebAssembly looks at the interrupt flag of its thread at every call and
 * in every loop. Looks at the clock a few times within a time limit, so that an evaluation that is in time, as nearly all
 * are, costs one entry in a set and no wake-up. Its thread is not a virtual one, because runaway evaluations may keep all
 * carriers busy, and it ends when nothing has been watched for a while. Thread-safe.
 */
final class Watchdog {

    private static final long SHORTEST_TICK = Duration.ofMillis(1).toNanos();
    private static final long LONGEST_TICK = Duration.ofMillis(10).toNanos();
    private static final long LINGER = Duration.ofSeconds(10).toNanos();

    private final long tick;
    private final Set<Watch> watches = ConcurrentHashMap.newKeySet();
    private final AtomicReference<@Nullable Thread> thread = new AtomicReference<>();

    Watchdog(Duration timeLimit) {
        tick = Math.clamp(timeLimit.toNanos() / 16, SHORTEST_TICK, LONGEST_TICK);
    }

    /**
     * Interrupts the calling thread when the time is up, unless the watch has ended by then.
     *
     * @throws IllegalStateException if there is nobody to watch
     */
    Watch watch(long deadline) {
        var watch = new Watch(Thread.currentThread(), deadline);
        watches.add(watch);
        if (thread.get() == null) start(watch);
        return watch;
    }

    private void start(Watch first) {
        Thread fresh = Thread.ofPlatform().daemon().name("pawl-policy-watchdog").unstarted(this::run);
        if (!thread.compareAndSet(null, fresh)) return;
        try {
            fresh.start();
        } catch (OutOfMemoryError none) { // no more threads
            thread.set(null);
            watches.remove(first);
            throw new IllegalStateException("evaluations could not be stopped: " + none.getMessage(), none);
        }
    }

    private void run() {
        long quietSince = System.nanoTime();
        while (true) {
            LockSupport.parkNanos(this, tick);
            long now = System.nanoTime();
            for (Watch watch : watches) {
                watch.look(now);
                quietSince = now;
            }
            if (now - quietSince > LINGER) {
                thread.set(null);
                // Whoever came before that line relied on this thread, whoever comes after it starts another.
                if (watches.isEmpty() || !thread.compareAndSet(null, Thread.currentThread())) return;
            }
        }
    }

    /** One evaluation that is being watched. */
    final class Watch {

        private final Thread runner;
        private final long deadline;
        private boolean over;
        private boolean ended;

        private Watch(Thread runner, long deadline) {
            this.runner = runner;
            this.deadline = deadline;
        }

        private synchronized void look(long now) {
            // One that somebody else has interrupted stops for that reason.
            if (ended || over || now - deadline < 0 || runner.isInterrupted()) return;
            over = true;
            runner.interrupt();
        }

        /** Ends it: nobody interrupts the thread after this. Says whether its time was up and it was interrupted. */
        boolean end() {
            watches.remove(this);
            synchronized (this) {
                ended = true;
                return over;
            }
        }
    }
}
