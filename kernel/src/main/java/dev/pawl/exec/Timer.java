package dev.pawl.exec;

import dev.pawl.spi.StoreException;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Does things later and now and then. What throws is logged and does not stop the others. Thread-safe. */
final class Timer implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Timer.class);

    private final ScheduledThreadPoolExecutor executor = new ScheduledThreadPoolExecutor(
            2, Thread.ofPlatform().daemon().name("pawl-timer-", 0).factory());

    Timer() {
        executor.setRemoveOnCancelPolicy(true);
        executor.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /** Once, after so many milliseconds; nothing if this timer is closed. */
    void after(long millis, Runnable what) {
        if (executor.isShutdown()) return;
        var pending = cancellable(millis, what);
        if (pending.isCancelled()) log.debug("Closed already");
    }

    /** Once, unless it is cancelled before. */
    Future<?> cancellable(long millis, Runnable what) {
        return executor.schedule(safe(what), millis, TimeUnit.MILLISECONDS);
    }

    /** Again and again, with so many milliseconds between. */
    void every(long millis, Runnable what) {
        var forever = executor.scheduleWithFixedDelay(safe(what), millis, millis, TimeUnit.MILLISECONDS);
        if (forever.isCancelled()) log.debug("Closed already");
    }

    private static Runnable safe(Runnable what) {
        return () -> {
            try {
                what.run();
            } catch (StoreException unavailable) {
                log.debug("Skipped this time: {}", unavailable.getMessage());
            } catch (RuntimeException bug) {
                log.error("Pawl bug", bug);
            }
        };
    }

    @Override
    public void close() {
        executor.shutdownNow();
    }
}
