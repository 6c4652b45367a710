package dev.pawl.travel;

import dev.pawl.core.Json;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Outputs;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a recorded run was given, and what its tasks produced; the last few are remembered. Not thread-safe. */
public final class RecordedOutputs implements Outputs {

    /** A state is made of so many outputs at most, and the next one of nearly the same. */
    private static final int KEPT = 32;

    private final History history;
    private final Map<String, Json> kept = new LinkedHashMap<>(64, 0.75f, true);

    public RecordedOutputs(History history) {
        this.history = history;
    }

    /** A task of the run, as a worker had it in its hands; with the state that its run had then. */
    public Claimed claimed(String task, int index, Json state) {
        var run = history.run();
        // Whatever is to be undone was registered long ago, so it need not be registered again.
        String undo = run.undo() == null ? "" : run.undo();
        var then = new Run(
                run.id(),
                run.definition(),
                run.status(),
                run.reason(),
                run.placement(),
                state,
                run.seq(),
                run.startedAt(),
                run.deadlineAt(),
                run.family(),
                undo);
        return new Claimed(then, new TaskKey(run.id(), task, index), 1, this);
    }

    @Override
    public Json input() {
        return history.input();
    }

    @Override
    public Json of(String name, int index) {
        String label = name + '[' + index + ']';
        var known = kept.get(label);
        if (known != null) return known;
        var output = history.output(name, index);
        kept.put(label, output);
        if (kept.size() > KEPT) kept.remove(kept.keySet().iterator().next());
        return output;
    }

    @Override
    public List<Entry> entries(String name, int from, int limit) {
        return history.tasks(name, from, limit).stream()
                .filter(task -> task.task().status().terminal())
                .map(task -> new Entry(
                        task.task().key().index(),
                        task.task().status(),
                        task.output() == null ? null : history.load(task.output()),
                        task.problem()))
                .toList();
    }
}
