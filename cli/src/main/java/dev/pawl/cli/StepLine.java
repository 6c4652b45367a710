package dev.pawl.cli;

import dev.pawl.core.Definition;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.flow.FlowProgress;
import dev.pawl.json.Codec;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ObjectNode;

/**
 * A step of a run in one line, a map with its progress.
 *
 * @param attemptCount of a step of one task; the sum of those looked at for a map
 * @param problem the newest problem among the tasks looked at, or empty
 */
record StepLine(
        String name,
        String status,
        int done,
        int failed,
        int running,
        int total,
        int attemptCount,
        @Nullable Long startedAt,
        @Nullable Long endedAt,
        String problem) {

    private static final int LOOKED_AT = 1_000;

    /** All steps, in the order of the definition; those that have not begun too. */
    static List<StepLine> of(Pawl pawl, RunDetails run) {
        var progress = new LinkedHashMap<String, FlowProgress.OfStep>();
        for (String name : defined(pawl, run)) progress.put(name, new FlowProgress.OfStep(name, "waiting", 0, 0, 0, 0));
        var counts = pawl.store().taskCounts(run.id());
        if (run.program().startsWith("flow:")) {
            for (var step : FlowProgress.of(run.run().state()).steps()) progress.put(step.name(), step);
        } else if (run.program().startsWith("graph:")) {
            nodes(pawl, run)
                    .filter(counts::containsKey)
                    .forEach(name -> progress.put(name, counted(name, counts.getOrDefault(name, Map.of()))));
        } else {
            counts.forEach((name, count) -> progress.put(name, counted(name, count)));
        }
        return progress.values().stream()
                .map(step -> of(pawl, run, step, counts.getOrDefault(step.name(), Map.of())))
                .toList();
    }

    private static List<String> defined(Pawl pawl, RunDetails run) {
        return names(pawl, run, "steps").toList();
    }

    /** Of a graph, in the order of the definition; a run may pass by some. */
    private static Stream<String> nodes(Pawl pawl, RunDetails run) {
        return names(pawl, run, "nodes");
    }

    private static Stream<String> names(Pawl pawl, RunDetails run, String of) {
        return pawl.store().definitions().stream()
                .filter(definition -> definition.id() == run.run().definition())
                .map(Definition::shape)
                .flatMap(shape -> Codec.STANDARD.tree(shape).path(of).valueStream())
                .map(step -> step.path("name").asString(""))
                .filter(name -> !name.isEmpty());
    }

    private static FlowProgress.OfStep counted(String name, Map<TaskStatus, Integer> counts) {
        int done = counts.getOrDefault(TaskStatus.SUCCEEDED, 0);
        int failed = counts.getOrDefault(TaskStatus.FAILED, 0);
        int open = counts.getOrDefault(TaskStatus.READY, 0) + counts.getOrDefault(TaskStatus.RUNNING, 0);
        int total = counts.values().stream().mapToInt(Integer::intValue).sum();
        return new FlowProgress.OfStep(
                name, open > 0 ? "running" : failed > 0 ? "failed" : "succeeded", done, failed, open, total);
    }

    private static StepLine of(Pawl pawl, RunDetails run, FlowProgress.OfStep step, Map<TaskStatus, Integer> counts) {
        int attempts = 0;
        Long startedAt = null;
        Long endedAt = null;
        String problem = "";
        List<TaskDetails> tasks =
                counts.isEmpty() ? List.of() : pawl.store().tasks(run.id(), step.name(), 0, LOOKED_AT);
        for (TaskDetails task : tasks) {
            attempts += task.task().spent();
            Long start = task.startedAt();
            Long end = task.endedAt();
            if (start != null && (startedAt == null || start < startedAt)) startedAt = start;
            if (end != null && (endedAt == null || end > endedAt)) endedAt = end;
            if (problem.isEmpty() && task.problem() != null) {
                problem = (step.total() > 1 ? "[" + task.task().key().index() + "] " : "")
                        + Trouble.problem(task.problem());
            }
        }
        boolean open = step.status().equals("running") || step.status().equals("checking");
        boolean ended = run.status().terminal();
        return new StepLine(
                step.name(),
                open && ended
                        ? "cancelled"
                        : open && counts.getOrDefault(TaskStatus.RUNNING, 0) == 0 ? "ready" : step.status(),
                step.done(),
                step.failed(),
                ended ? 0 : counts.getOrDefault(TaskStatus.RUNNING, 0),
                step.total(),
                attempts,
                startedAt,
                open ? null : endedAt,
                problem);
    }

    String tasks() {
        if (total <= 1) return "";
        if (done == total) return "%,d".formatted(total);
        return "%,d/%,d".formatted(done, total)
                + (failed == 0 ? "" : ", %,d failed".formatted(failed))
                + (running == 0 ? "" : ", %,d running".formatted(running));
    }

    String attempts() {
        return attemptCount == 0 ? "" : total > LOOKED_AT ? "" : String.valueOf(attemptCount);
    }

    String took() {
        return startedAt == null || endedAt == null || total > LOOKED_AT ? "" : Text.duration(endedAt - startedAt);
    }

    String remark() {
        return problem;
    }

    ObjectNode document() {
        var document = JsonText.object()
                .put("step", name)
                .put("status", status)
                .put("done", done)
                .put("failed", failed)
                .put("running", running)
                .put("total", total)
                .put("startedAt", Text.iso(startedAt))
                .put("endedAt", Text.iso(endedAt))
                .put("problem", problem.isEmpty() ? null : problem);
        if (total <= LOOKED_AT) document.put("attempts", attemptCount);
        return document;
    }
}
