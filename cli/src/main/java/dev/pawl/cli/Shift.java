package dev.pawl.cli;

import dev.pawl.engine.Pawl;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jline.utils.Signals;

/**
 * The time that a worker works in this process: until it is told to stop. Then what runs may finish for the grace time,
 * and what has not goes back unspent. A second signal stops at once.
 */
final class Shift implements AutoCloseable {

    private static final int INTERRUPTED = 130;

    private final Pawl pawl;
    private final CountDownLatch told = new CountDownLatch(1);
    private final AtomicBoolean closed = new AtomicBoolean();

    Shift(Pawl pawl) {
        this.pawl = pawl;
    }

    Pawl pawl() {
        return pawl;
    }

    /** From now on signals end this shift and not the process. */
    void heedSignals() {
        for (String signal : new String[] {"TERM", "INT", "HUP"}) Signals.register(signal, this::stop);
    }

    /** Ends the shift; the second time at once. */
    void stop() {
        if (told.getCount() == 0) Runtime.getRuntime().halt(INTERRUPTED);
        told.countDown();
    }

    /** Waits until somebody says so. */
    void awaitStop() throws InterruptedException {
        told.await();
    }

    boolean stopped() {
        return told.getCount() == 0;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) pawl.close();
    }
}
