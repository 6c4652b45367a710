package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Waits only so long for somebody else's answer. */
final class TimeLimit {

    private TimeLimit() {}

    /**
     * Runs the work on a thread of its own, and interrupts it when the time is up.
     *
     * @throws Failure.Timeout if the time was up
     */
    static <T> T within(Duration limit, Callable<T> work) throws Exception {
        var answer = new FutureTask<>(work);
        var thread = Thread.ofVirtual().name("pawl-reconcile").start(answer);
        try {
            return answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException late) {
            throw new Failure.Timeout("There was no answer within " + limit + ".");
        } catch (ExecutionException failed) {
            if (failed.getCause() instanceof Exception cause) throw cause;
            if (failed.getCause() instanceof Error cause) throw cause;
            throw failed;
        } finally {
            thread.interrupt();
        }
    }
}
