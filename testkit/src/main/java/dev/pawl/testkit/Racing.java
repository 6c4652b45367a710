package dev.pawl.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntFunction;

/** Runs the same thing several times at once. */
final class Racing {

    private static final int TOO_LONG_SECONDS = 120;

    private Racing() {}

    /** Starts all together, waits for all, and returns what each came to; the first failure is thrown. */
    static <T> List<T> all(int count, IntFunction<Callable<T>> racer) {
        var start = new CountDownLatch(1);
        try (var executor = Executors.newVirtualThreadPerTaskExecutor()) {
            var racers = new ArrayList<Future<T>>();
            for (int i = 0; i < count; i++) {
                Callable<T> work = racer.apply(i);
                racers.add(executor.submit(() -> {
                    start.await();
                    return work.call();
                }));
            }
            start.countDown();
            var results = new ArrayList<T>();
            for (Future<T> future : racers) results.add(future.get(TOO_LONG_SECONDS, TimeUnit.SECONDS));
            return results;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new AssertionError("Still not done after " + TOO_LONG_SECONDS + " s.", e);
        }
    }
}
