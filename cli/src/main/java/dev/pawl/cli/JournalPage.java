package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.engine.Pawl;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.Pipelines;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the tasks of a run have recorded.
 *
 * @param effects in order, with the task that recorded each
 * @param progress how far the code said it is, or null
 * @param flow whether it is a flow
 */
record JournalPage(List<Line> effects, @Nullable String progress, boolean flow) {

    private static final int TASKS_LOOKED_AT = 100;
    private static final int SHOWN = 50;
    private static final int VALUE_SHOWN = 120;

    /** One effect. */
    record Line(TaskKey task, Effect effect) {

        /** Where it stands: a job has one journal in each round, a graph one in each step, a flow one in each task. */
        String place(boolean flow) {
            if (flow) return task.label() + "." + effect.ordinal();
            return (task.index() == 0 ? "" : task.index() + ".") + effect.ordinal();
        }
    }

    /** Of the first tasks of the run, of most of which there is nothing. */
    static JournalPage of(Pawl pawl, RunDetails run) {
        var lines = new ArrayList<Line>();
        String progress = null;
        for (var task : tasks(pawl, run)) {
            if (task.task().key().kernels()) continue;
            for (Effect effect : pawl.journal(task.task().key())) {
                if (effect.ordinal() >= 0) lines.add(new Line(task.task().key(), effect));
                if (effect.ordinal() == Effect.PROGRESS && effect.request() != null) progress = progress(effect);
            }
        }
        // The steps of a graph are numbered one after another, whatever its nodes are called.
        if (run.program().startsWith("graph:")) {
            lines.sort(Comparator.comparingInt(line -> line.task().index()));
        }
        return new JournalPage(lines, progress, run.program().startsWith("flow:"));
    }

    /** Of a pipeline, which goes on for ever, the open ones. */
    private static List<TaskDetails> tasks(Pawl pawl, RunDetails run) {
        if (!run.program().startsWith("pipeline:") || run.status().terminal())
            return pawl.tasks(run.id(), TASKS_LOOKED_AT);
        return Pipelines.of(pawl)
                .find(run.program())
                .filter(info -> info.run().equals(run.id()))
                .map(info -> info.handlers().values().stream()
                        .flatMap(handler ->
                                pawl.store().tasks(run.id(), handler.name(), handler.activations(), 1).stream())
                        .toList())
                .orElse(List.of());
    }

    private static String progress(Effect effect) {
        if (effect.request() == null) return "";
        var notes = Codec.STANDARD.tree(effect.request());
        long done = notes.path("done").asLong(0);
        long total = notes.path("total").asLong(0);
        String share = total <= 0 ? "" : " (" + 100 * done / total + " %)";
        return "%,d of %,d%s %s"
                .formatted(done, total, share, notes.path("what").asString(""))
                .strip();
    }

    void print(Pawl pawl, Screen screen) {
        if (effects.isEmpty()) return;
        screen.print("");
        var table = new Table("#", "KIND", "NAME", "STATUS", "AT", "")
                .right(0)
                .paint(3, status -> paint(screen.style(), status));
        int from = Math.max(0, effects.size() - SHOWN);
        for (var line : effects.subList(from, effects.size())) {
            var effect = line.effect();
            table.row(
                    line.place(flow),
                    line.task().name().equals("undo") ? "undo" : effect.kind(),
                    effect.name(),
                    effect.status().name(),
                    Text.clock(effect.at()),
                    remark(pawl, effect));
        }
        if (from > 0) screen.print(screen.style().faint("… " + Text.count(from, "earlier effect")));
        table.print(screen);
    }

    private static String paint(Style style, String status) {
        return switch (status) {
            case "APPLIED" -> style.good(status);
            case "FAILED" -> style.bad(status);
            case "INDETERMINATE", "RECONCILING" -> style.held(status);
            default -> style.faint(status);
        };
    }

    private static String remark(Pawl pawl, Effect effect) {
        if (effect.problem() != null) return Trouble.problem(effect.problem());
        if (effect.value() == null) return "";
        if (effect.value().isArtifact()) return "(large)";
        String value = pawl.load(effect.value()).text();
        return value.equals("null") ? "" : Text.cut(value, VALUE_SHOWN);
    }
}
