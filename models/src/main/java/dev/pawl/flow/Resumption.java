package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.core.Plan;
import dev.pawl.flow.StepState.Status;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/**
 * What a retried run begins with. What succeeded stays done, also the elements of a map that failed as a whole. What
 * failed, was cancelled or never ran is open again. A skip stays if a condition decided it and nothing that the condition
 * looked at is open again; a skip because of a failure does not.
 */
final class Resumption {

    private final Dag dag;
    private final FlowState old;
    private final BitSet kept = new BitSet();

    Resumption(Dag dag, FlowState old) {
        this.dag = dag;
        this.old = old;
    }

    /** @param changes where to put what is to be written */
    FlowState resume(List<Plan.Change> changes) {
        var state = FlowState.fresh(dag, old.inputSize());
        for (var step : dag.nodes()) {
            var was = old.of(step);
            if (isKept(step, was)) {
                kept.set(step.index);
                state.set(step, was);
                if (was.is(Status.SUCCEEDED) && !isEmptyMap(step, was)) changes.add(new Plan.Copy(step.name));
            } else if (step.isMap() && was.made() > 0 && areKept(dag.dependencies(step))) {
                state.set(step, StepState.expanded(was.size(), was.made(), was.done()));
                changes.add(new Plan.Copy(step.name));
                changes.add(new Plan.Note("step.started", step.name, new Json("{\"size\":" + was.size() + "}")));
                // Nobody remembers which of them did not succeed: all are created, and those just copied are left
                // alone.
                changes.add(new Plan.Create(step.name, 0, was.made(), Duration.ZERO, step.queue));
            }
        }
        return state;
    }

    private boolean isKept(Node step, StepState was) {
        return switch (was.status()) {
            case SKIPPED -> was.reason() == SkipReason.CONDITION_UNMET && areKept(dag.dependencies(step));
            case SUCCEEDED -> {
                if (isEmptyMap(step, was)) yield areKept(dag.dependencies(step));
                if (was.failed() > 0) yield !isToBeRead(step);
                yield step.isMap() || step != dag.resultNode() || was.output() != null;
            }
            default -> false;
        };
    }

    private static boolean isEmptyMap(Node step, StepState was) {
        return step.isMap() && was.size() == 0;
    }

    private boolean areKept(List<Node> steps) {
        return steps.stream().allMatch(step -> kept.get(step.index));
    }

    /**
     * Whether somebody will still read the errors of a tolerant map. They are not copied, so such a map gives the
     * elements that failed another chance; it cannot tolerate less than before.
     */
    private boolean isToBeRead(Node map) {
        return map == dag.resultNode()
                || dag.consumers(map).stream()
                        .map(old::of)
                        .anyMatch(reader ->
                                !reader.is(Status.SUCCEEDED) && reader.reason() != SkipReason.CONDITION_UNMET);
    }
}
