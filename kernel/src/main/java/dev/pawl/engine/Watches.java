package dev.pawl.engine;

import dev.pawl.core.RunId;
import dev.pawl.exec.Writer;
import dev.pawl.spi.Store;
import java.lang.ref.WeakReference;
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
    private final ConcurrentHashMap<RunId, WeakReference<CompletableFuture<Writer.Ended>>> waiting =
            new ConcurrentHashMap<>();

    Watches(Store store) {
        this.store = store;
    }

    /** The future end of a run; keep it as long as you wait. */
    CompletableFuture<Writer.Ended> watch(RunId run) {
        var future = new CompletableFuture<Writer.Ended>();
        while (true) {
            var reference = waiting.compute(
                    run, (id, old) -> old == null || old.get() == null ? new WeakReference<>(future) : old);
            var shared = reference.get();
            if (shared != null) return shared;
        }
    }

    void ended(RunId run, Writer.Ended how) {
        var reference = waiting.remove(run);
        var future = reference == null ? null : reference.get();
        if (future != null) future.complete(how);
    }

    /** Asks the database about those that are still waited for. */
    void look() {
        var batch = new ArrayList<RunId>(BATCH);
        waiting.forEach((run, reference) -> {
            if (reference.get() == null) waiting.remove(run, reference);
            else batch.add(run);
        });
        for (int from = 0; from < batch.size(); from += BATCH) {
            store.ended(batch.subList(from, Math.min(batch.size(), from + BATCH)))
                    .forEach((run, status) -> ended(run, new Writer.Ended(status, null, null)));
        }
    }
}
