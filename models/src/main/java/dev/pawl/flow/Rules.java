package dev.pawl.flow;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.flow.StepState.Status;
import dev.pawl.json.Elements;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

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

    /**
     * What to write to do a step and everything after it over.
     *
     * @param from the name of the step
     * @param edits outputs to use instead of those that were recorded
     * @throws Failure.Logic if there is no such step, or it has no output that could be edited
     */
    Plan fork(Json before, String from, Map<String, Payload> edits) {
        var old = FlowState.read(dag, before);
        var first = required(from);
        if (!edits.containsKey(from)) reopen(first, old);
        dag.consumers(first).forEach(step -> reopen(step, old));
        for (String edited : edits.keySet()) {
            dag.consumers(required(edited)).forEach(reader -> reopen(reader, old));
        }
        var changes = new ArrayList<Plan.Change>();
        for (var edit : edits.entrySet()) {
            var step = required(edit.getKey());
            if (step.isMap()) {
                throw new Failure.Logic(dag.label() + " cannot take another output for " + step.label()
                        + ", which has one for each element; edit the list that it is over.");
            }
            int size = step.kind == Node.Kind.LIST
                    ? Elements.of(edit.getValue().stored()).size()
                    : -1;
            old.set(step, StepState.succeeded(size, step == dag.resultNode() ? edit.getValue() : null));
            changes.add(new Plan.Provide(step.name, 0, edit.getValue()));
        }
        var state = new Resumption(dag, old).resume(changes);
        changes.removeIf(change -> change instanceof Plan.Copy copy && edits.containsKey(copy.name()));
        return new Turn(dag, mode, state).write(changes).lookAtAll().plan();
    }

    private Node required(String name) {
        var step = dag.find(name);
        if (step != null) return step;
        throw new Failure.Logic(dag.label() + " has no step \"" + name + "\". Its steps are "
                + dag.nodes().stream().map(known -> known.name).toList() + ".");
    }

    private void reopen(Node step, FlowState state) {
        if (state.of(step).is(Status.WAITING)) return;
        state.set(step, StepState.WAITING);
        dag.consumers(step).forEach(reader -> reopen(reader, state));
    }
}
