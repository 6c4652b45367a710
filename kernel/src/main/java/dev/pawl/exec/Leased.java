package dev.pawl.exec;

import dev.pawl.core.Run;
import dev.pawl.core.Task;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Tx;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** A task that is running here: its lease, its thread, and why it should stop. Thread-safe. */
final class Leased {

    /** Why user code is interrupted, or that it need not be any more. */
    enum Stop {
        /** It came to its end by itself. */
        ENDED,
        /** It took longer than its step allows. */
        TIMEOUT,
        /** It took longer, and did not react to its interruption. */
        ABANDONED,
        /** The lease ran out or the run ended: what it does no longer counts. */
        LOST,
        /** No sign of life for too long. */
        STALLED,
        /** The worker stops. */
        SHUTDOWN
    }

    private final Run run;
    private final Task task;
    private final AtomicReference<@Nullable Stop> stop = new AtomicReference<>();
    private volatile @Nullable Thread thread;
    private volatile long untilNanos;
    private volatile long aliveNanos = System.nanoTime();
    private volatile boolean held;

    Leased(Run run, Task task, long untilNanos) {
        this.run = run;
        this.task = task;
        this.untilNanos = untilNanos;
    }

    Run run() {
        return run;
    }

    Task task() {
        return task;
    }

    Tx.Lease lease() {
        return new Tx.Lease(task.key(), task.attempt());
    }

    /** The end of the lease on this process's monotonic clock. */
    long untilNanos() {
        return untilNanos;
    }

    void extendedUntil(long nanos) {
        untilNanos = nanos;
    }

    /** A sign of life of the body. */
    void alive() {
        aliveNanos = System.nanoTime();
    }

    /** For how long it has given no sign of life, in nanoseconds. */
    long silentNanos() {
        return System.nanoTime() - aliveNanos;
    }

    /** Its run is held: nothing new should begin. */
    void hold() {
        held = true;
    }

    /**
     * Whether something new may begin: not when the lease is gone, on this process's own clock, nor when somebody wants
     * the body to stop.
     *
     * @throws Journal.Superseded if not
     */
    void mayBegin() {
        alive();
        var why = stop.get();
        if (why != null && why != Stop.ENDED) throw new Journal.Superseded("It was stopped: " + why);
        if (held) throw new Journal.Superseded("Its run is held.");
        if (isOver()) throw new Journal.Superseded("Its lease has run out.");
    }

    /** Called by the thread that runs the body, before it does. */
    void startedBy(Thread body) {
        thread = body;
        if (stop.get() != null) body.interrupt();
    }

    /** Asks the body to stop, for the first reason that is given. */
    boolean interrupt(Stop why) {
        if (!stop.compareAndSet(null, why)) return false;
        var body = thread;
        if (body != null) body.interrupt();
        return true;
    }

    /** Stops waiting for a body that ignores its interruption. */
    boolean abandon() {
        return stop.compareAndSet(Stop.TIMEOUT, Stop.ABANDONED) || stop.compareAndSet(Stop.STALLED, Stop.ABANDONED);
    }

    /** The body has come to its end: after this it is no longer interrupted. Answers why it was stopped, or ENDED. */
    Stop ended() {
        var why = stop.compareAndExchange(null, Stop.ENDED);
        return why == null ? Stop.ENDED : why;
    }

    /** Whether the body has come to its end by itself, and the end is on its way to the database. */
    boolean ends() {
        return stop.get() == Stop.ENDED;
    }

    /** Whether its end will still be written, so that its lease must hold until then. */
    boolean counts() {
        var why = stop.get();
        return why == null || why == Stop.ENDED || why == Stop.TIMEOUT || why == Stop.STALLED || why == Stop.SHUTDOWN;
    }

    /** Whether the lease has run out on this process's monotonic clock. */
    boolean isOver() {
        return untilNanos - System.nanoTime() <= 0;
    }
}
