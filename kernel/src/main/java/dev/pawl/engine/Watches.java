package dev.pawl.engine;

import dev.pawl.core.RunId;
import dev.pawl.exec.Writer;
import dev.pawl.spi.Store;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Who waits for the end of which run. A run that ends in this process is told at once; for the others the database is
 * asked now and then, all in one query. Held weakly: a handle that nobody keeps costs nothing.
 */
final class Watches {

    private static final int BATCH = 500;

    private final Store store;
    private final ConcurrentHashMap<RunId, Watch> waiting = new ConcurrentHashMap<>();

    private static final class Watch extends WeakReference<CompletableFuture<Writer.Ended>> {
        final long since = System.nanoTime();

        Watch(CompletableFuture<Writer.Ended> end) {
            super(end);
        }
    }

    Watches(Store store) {
        this.store = store;
    }

    /** The future end of a run; keep it as long as you wait. */
    CompletableFuture<Writer.Ended> watch(RunId run) {
        var future = new CompletableFuture<Writer.Ended>();
        while (true) {
            var watch = waiting.compute(run, (id, old) -> old == null || old.get() == null ? new Watch(future) : old);
            var shared = watch.get();
            if (shared != null) return shared;
        }
    }

    void ended(RunId run, Writer.Ended how) {
        var watch = waiting.remove(run);
        var future = watch == null ? null : watch.get();
        if (future != null) future.complete(how);
    }

    /**
     * Asks the database about those that have been waited for so long; the others probably end here, and then nobody
     * needs to ask.
     */
    void look(Duration waitedFor) {
        long before = System.nanoTime() - waitedFor.toNanos();
        var batch = new ArrayList<RunId>();
        waiting.forEach((run, watch) -> {
            if (watch.get() == null) waiting.remove(run, watch);
            else if (watch.since - before <= 0) batch.add(run);
        });
        for (int from = 0; from < batch.size(); from += BATCH) {
            store.ended(batch.subList(from, Math.min(batch.size(), from + BATCH)))
                    .forEach((run, status) -> ended(run, new Writer.Ended(status, null, null)));
        }
    }
}
