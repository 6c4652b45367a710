package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import org.jspecify.annotations.Nullable;

/** Reads the output of a run: the value in its row, or put together from the outputs of a step's tasks. */
public final class RunResults {

    private static final int PAGE = 10_000;

    private final Store store;
    private final Payloads payloads;

    public RunResults(Store store, Payloads payloads) {
        this.store = store;
        this.payloads = payloads;
    }

    /** The output of a run; null unless it succeeded and was not pruned. */
    public @Nullable Json of(RunDetails run) {
        if (run.status() != RunStatus.SUCCEEDED) return null;
        if (run.output() != null) return payloads.load(run.output());
        var collected = run.collected();
        return collected == null ? null : collect(run, collected.step(), collected.withErrors());
    }

    private Json collect(RunDetails run, String step, boolean withErrors) {
        var values = new StringBuilder("[");
        var errors = new StringBuilder("[");
        int next = 0;
        while (true) {
            var page = store.tasks(run.id(), step, next, PAGE);
            for (TaskDetails task : page) {
                if (task.task().status() == TaskStatus.SUCCEEDED && task.output() != null) {
                    values.append(values.length() > 1 ? "," : "").append(payloads.load(task.output()));
                } else if (task.problem() != null) {
                    errors.append(errors.length() > 1 ? "," : "")
                            .append("{\"index\":")
                            .append(task.task().key().index())
                            .append(",\"error\":")
                            .append(task.problem())
                            .append('}');
                }
                next = task.task().key().index() + 1;
            }
            if (page.size() < PAGE) break;
        }
        values.append(']');
        if (!withErrors) return new Json(values.toString());
        return new Json("{\"values\":" + values + ",\"errors\":" + errors.append("]}"));
    }
}
