package dev.pawl.bench;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;

/** Callers on virtual threads, and the clock that watches them. */
final class Load {

    /** Something done many times, each time with another number. */
    @FunctionalInterface
    interface Call {
        void run(long number) throws Exception;
    }

    private Load() {}

    /**
     * Makes calls from as many virtual threads as may be in flight; each thread makes its next call when its last one
     * has returned. The first failure ends the measurement.
     *
     * @return calls per second, from the first call to the return of the last
     */
    static double perSecond(int calls, int inFlight, Call call) throws Exception {
        long begun = System.nanoTime();
        inParallel(calls, inFlight, call);
        return calls / secondsSince(begun);
    }

    /** Makes the calls as {@link #perSecond} does, and returns when all are done. */
    static void inParallel(int calls, int inFlight, Call call) throws Exception {
        var next = new AtomicLong();
        int callers = Math.min(calls, inFlight);
        var executor = Executors.newVirtualThreadPerTaskExecutor();
        try {
            var done = new ExecutorCompletionService<Boolean>(executor);
            for (int i = 0; i < callers; i++) {
                done.submit(() -> {
                    for (long n = next.getAndIncrement(); n < calls; n = next.getAndIncrement()) {
                        call.run(n);
                    }
                    return true;
                });
            }
            for (int i = 0; i < callers; i++) {
                done.take().get();
            }
        } catch (ExecutionException e) {
            throw new IllegalStateException("a call failed, so this measurement is void", e.getCause());
        } finally {
            executor.shutdownNow();
        }
    }

    /** Makes n calls, one after the other, and returns how many milliseconds each took. */
    static double[] oneByOne(int n, Call call) throws Exception {
        var milliseconds = new double[n];
        for (int i = 0; i < n; i++) {
            long begun = System.nanoTime();
            call.run(i);
            milliseconds[i] = secondsSince(begun) * 1_000;
        }
        return milliseconds;
    }

    static double secondsSince(long nanoTime) {
        return (System.nanoTime() - nanoTime) / 1e9;
    }
}
