package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Outputs;
import dev.pawl.spi.Store;
import java.util.ArrayList;
import java.util.List;

/** What one run was given and what its tasks produced: from the cache where possible, else from the database. */
public final class RunOutputs implements Outputs {

    /** Neighbours are read along: the tasks of a map ask for their elements one after the other. */
    private static final int PAGE = 64;

    private final RunId run;
    private final Store store;
    private final Payloads payloads;
    private final OutputCache cache;

    public RunOutputs(RunId run, Store store, Payloads payloads, OutputCache cache) {
        this.run = run;
        this.store = store;
        this.payloads = payloads;
        this.cache = cache;
    }

    @Override
    public Json input() {
        var cached = cache.get(run, "", 0);
        if (cached != null) return cached;
        var details =
                Reads.of(() -> store.run(run)).orElseThrow(() -> new IllegalStateException("Run " + run + " is gone."));
        var input = payloads.load(details.input());
        cache.put(run, "", 0, input);
        return input;
    }

    @Override
    public Json of(String name, int index) {
        var cached = cache.get(run, name, index);
        if (cached != null) return cached;
        Json found = null;
        for (TaskDetails task : Reads.of(() -> store.tasks(run, name, index, index == 0 ? 1 : PAGE))) {
            if (task.task().status() != TaskStatus.SUCCEEDED || task.output() == null) continue;
            var output = payloads.load(task.output());
            int at = task.task().key().index();
            cache.put(run, name, at, output);
            if (at == index) found = output;
        }
        if (found == null) {
            throw new IllegalStateException("Task " + new TaskKey(run, name, index) + " has produced nothing.");
        }
        return found;
    }

    @Override
    public List<Entry> entries(String name, int from, int limit) {
        var entries = new ArrayList<Entry>(Math.min(limit, 1_000));
        for (TaskDetails task : Reads.of(() -> store.tasks(run, name, from, limit))) {
            if (!task.task().status().terminal()) continue;
            entries.add(new Entry(
                    task.task().key().index(),
                    task.task().status(),
                    task.output() == null ? null : payloads.load(task.output()),
                    task.problem()));
        }
        return entries;
    }
}
