package dev.pawl.bench;

import dev.pawl.spi.Store;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicLong;

/** Counts the transactions of an engine, to know how much it puts into one. */
final class CommitCounter {

    private final AtomicLong commits = new AtomicLong();

    /** How many transactions there were. */
    long count() {
        return commits.get();
    }

    /** The same store, with its transactions counted. */
    Store around(Store store) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        commits.incrementAndGet();
                    }
                    try {
                        return method.invoke(store, arguments);
                    } catch (InvocationTargetException thrown) {
                        throw thrown.getCause();
                    }
                });
    }

    /**
     * Runs flows on a fresh database until the engine is warm, and says how many changes of runs share a commit on
     * average: submissions and ends of tasks.
     */
    static int meanBatch(String jdbcUrl, Comparison.Plan plan) throws Exception {
        var counter = new CommitCounter();
        try (var engine = PawlRuns.flows("", jdbcUrl).over(counter::around)) {
            engine.prepare();
            engine.throughput(plan.concurrency(), plan.concurrency());
            double rate = engine.throughput(2 * plan.concurrency(), plan.concurrency());
            int runs = (int) Math.max(plan.concurrency(), rate * plan.seconds() / 2);
            counter.commits.set(0);
            engine.throughput(runs, plan.concurrency());
            return (int) Math.max(1, Math.round((double) runs * Floor.COMMITS / counter.commits.get()));
        }
    }
}
