package dev.pawl.flow;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.flow.StepState.Status;
import java.util.ArrayList;
import java.util.List;

/** What to write when a run of a flow starts, when one of its tasks ends, and when it is retried. Pure. */
record Rules(Dag dag, FailureMode mode) {

    /** @param inputSize the number of elements of the input, -1 if it is no list */
    Plan start(int inputSize) {
        return new Turn(dag, mode, FlowState.fresh(dag, inputSize)).lookAtAll().plan();
    }

    Plan advance(Json before, String task, int index, Outcome outcome) {
        var state = FlowState.read(dag, before);
        var step = dag.ofTask(task);
        var expected = task.endsWith(Dag.GATE) ? Status.CHECKING : Status.RUNNING;
        if (step == null || !state.of(step).is(expected)) {
            return new Plan(before, List.of()); // it came too late: its step has ended without it
        }
        var turn = new Turn(dag, mode, state);
        if (expected == Status.CHECKING) turn.checked(step, outcome);
        else if (step.isMap()) turn.ended(step, index, outcome);
        else turn.ended(step, outcome);
        return turn.plan();
    }

    /** @throws Failure.Logic if a step that succeeded is not in this code any more */
    Plan retry(Json before) {
        var old = FlowState.read(dag, before);
        if (!old.lost().isEmpty()) {
            throw new Failure.Logic(dag.label() + " cannot go on from this run: it has no steps " + old.lost()
                    + " any more, and they succeeded.");
        }
        var changes = new ArrayList<Plan.Change>();
        var state = new Resumption(dag, old).resume(changes);
        return new Turn(dag, mode, state).write(changes).lookAtAll().plan();
    }
}
