package dev.pawl.flow;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Plan.Change;
import dev.pawl.core.Problem;
import dev.pawl.flow.StepState.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * One turn of the rules: takes in what has happened, looks at every step that this concerns, and says what to write.
 *
 * <p>Readiness, conditions, skips and empty maps are one fix-point. Since steps depend only on steps before them, a
 * single sweep over the steps to look at, in their order, reaches it: whatever a step's end concerns lies ahead. So
 * there is no recursion, no limit to the depth, and the cost is linear.
 */
final class Turn {

    private final Dag dag;
    private final FailureMode mode;
    private final FlowState state;
    private final List<Change> changes = new ArrayList<>();
    private final BitSet toLookAt = new BitSet();

    Turn(Dag dag, FailureMode mode, FlowState state) {
        this.dag = dag;
        this.mode = mode;
        this.state = state;
    }

    Turn write(List<Change> first) {
        changes.addAll(first);
        return this;
    }

    Turn lookAtAll() {
        toLookAt.set(0, dag.size());
        return this;
    }

    /** The task that asks a map's conditions, or looks up its list, has ended. */
    Turn checked(Node map, Outcome outcome) {
        switch (outcome) {
            case Outcome.Succeeded known -> expand(map, known.size());
            case Outcome.Continued never -> throw onlyJobsContinue();
            case Outcome.Skipped skipped -> unmet(map);
            case Outcome.Failed failed -> exhausted(map, failed, "");
        }
        return this;
    }

    /** The task of a step that runs once has ended. */
    Turn ended(Node step, Outcome outcome) {
        switch (outcome) {
            case Outcome.Succeeded done -> {
                int size = step.kind == Node.Kind.LIST ? done.size() : -1;
                settle(step, StepState.succeeded(size, step == dag.resultNode() ? done.output() : null));
            }
            case Outcome.Continued never -> throw onlyJobsContinue();
            case Outcome.Skipped skipped -> unmet(step);
            case Outcome.Failed failed -> exhausted(step, failed, "");
        }
        return this;
    }

    private static IllegalStateException onlyJobsContinue() {
        return new IllegalStateException("A step of a flow cannot go on as another task.");
    }

    /** One of a map's tasks has ended. */
    Turn ended(Node map, int index, Outcome outcome) {
        switch (outcome) {
            case Outcome.Succeeded done -> {
                state.set(map, state.of(map).oneDone());
                slide(map);
            }
            case Outcome.Continued never -> throw onlyJobsContinue();
            case Outcome.Skipped skipped -> {
                cancelOpen(map);
                unmet(map);
            }
            case Outcome.Failed failed -> {
                state.set(map, state.of(map).oneFailed());
                if (isTolerated(map, failed)) slide(map);
                else exhausted(map, failed, " at element " + index);
            }
        }
        return this;
    }

    private boolean isTolerated(Node map, Outcome.Failed failed) {
        var now = state.of(map);
        return map.tolerance != null && !isHard(failed) && map.tolerance.allows(now.failed(), now.size());
    }

    /** Keeps as many tasks open as the map allows; none open means that it is through. */
    private void slide(Node map) {
        var now = state.of(map);
        int wanted = Math.min(now.size(), now.done() + now.failed() + map.window);
        if (wanted > now.made()) {
            changes.add(new Plan.Create(map.name, now.made(), wanted, Duration.ZERO, map.queue));
            state.set(map, now.made(wanted));
        } else if (now.open() == 0) {
            note("step.succeeded", map, counts(now));
            settle(map, now.to(Status.SUCCEEDED));
        }
    }

    private static Json counts(StepState map) {
        return new Json("{\"size\":" + map.size() + (map.failed() > 0 ? ",\"failed\":" + map.failed() : "") + "}");
    }

    private void sweep() {
        for (int i = toLookAt.nextSetBit(0); i >= 0 && !hasFailedFast(); i = toLookAt.nextSetBit(i + 1)) {
            lookAt(dag.node(i));
        }
    }

    private boolean hasFailedFast() {
        return mode == FailureMode.FAIL_FAST && state.hasProblem();
    }

    private void lookAt(Node step) {
        if (!state.of(step).is(Status.WAITING)) return;
        if (any(dag.reads(step), state::isCascading)) {
            skip(step, SkipReason.DEPENDENCY_SKIPPED);
        } else if (!any(
                dag.dependencies(step), dependency -> !state.of(dependency).isSettled())) {
            boolean met = !any(step.ifSkipped, other -> !state.of(other).is(Status.SKIPPED))
                    && !any(step.ifCompleted, other -> !state.of(other).is(Status.SUCCEEDED));
            if (!met) unmet(step);
            else if (step.isMap()) beginMap(step);
            else begin(step, step.name, StepState.RUNNING, step.startDelay);
        }
    }

    private static boolean any(List<Node> steps, java.util.function.Predicate<Node> question) {
        for (var step : steps) if (question.test(step)) return true;
        return false;
    }

    private void begin(Node step, String task, StepState begun, Duration delay) {
        state.set(step, begun);
        changes.add(new Plan.Create(task, 0, 1, delay, step.queue));
    }

    /** User code must not run here, so where it is needed a task of its own, the gate, is sent ahead. */
    private void beginMap(Node map) {
        var list = map.wires.getFirst();
        var source = list.step();
        boolean isMissing = source != null && state.of(source).is(Status.SKIPPED);
        if (list.hasGuard() || (list.hasPart() && !isMissing)) {
            begin(map, map.name + Dag.GATE, StepState.CHECKING, Duration.ZERO);
        } else {
            expand(map, isMissing ? 0 : sizeOf(list));
        }
    }

    private int sizeOf(Wire list) {
        return switch (list) {
            case Wire.Input input -> state.inputSize();
            case Wire.Range range -> range.size();
            case Wire.Output output -> state.of(output.step()).size();
            default -> throw new IllegalStateException("Only a gate knows the size of " + list.describe() + ".");
        };
    }

    private void expand(Node map, int size) {
        if (size < 0) throw new IllegalStateException("The size of " + map.label() + " is not known.");
        if (size == 0) {
            note("step.succeeded", map, new Json("{\"size\":0}"));
            settle(map, StepState.succeeded(0, null));
            return;
        }
        int made = Math.min(size, map.window);
        note("step.started", map, new Json("{\"size\":" + size + "}"));
        changes.add(new Plan.Create(map.name, 0, made, map.startDelay, map.queue));
        state.set(map, StepState.expanded(size, made, 0));
    }

    private void unmet(Node step) {
        if (step.unmet == Unmet.FAIL) {
            String message = "Condition not met: " + step.label() + " says that the run fails then.";
            var problem = Problem.of(FailureClass.LOGIC, "ConditionNotMet", message);
            tellFailed(step, problem);
            fail(step, problem);
        } else {
            skip(step, SkipReason.CONDITION_UNMET);
        }
    }

    private void exhausted(Node step, Outcome.Failed failed, String where) {
        cancelOpen(step);
        if (!isHard(failed) && step.exhausted != Exhausted.FAIL) {
            skip(step, SkipReason.HANDLER_FAILED);
            return;
        }
        if (step.isMap()) tellFailed(step, failed.problem()); // of other steps the task's own event tells it
        fail(step, isHard(failed) ? failed.problem() : at(step, where, failed.problem()));
    }

    /** Skipping is a way to live with a step that failed; a step that is wrong, or a bug of ours, must come to light. */
    private static boolean isHard(Outcome.Failed failed) {
        return failed.produced() != null || failed.problem().failureClass() == FailureClass.INTERNAL;
    }

    private Problem at(Node step, String where, Problem cause) {
        var now = state.of(step);
        String tolerated = step.tolerance == null || now.failed() == 0
                ? ""
                : " (%d of %d elements failed, %s are tolerated)".formatted(now.failed(), now.size(), step.tolerance);
        String message = "Step \"" + step.name + "\" failed" + where + tolerated + ": " + cause.message();
        return new Problem(cause.failureClass(), cause.type(), message, cause.detail());
    }

    private void cancelOpen(Node step) {
        if (state.of(step).open() > 0) changes.add(new Plan.CancelStep(step.name));
    }

    private void skip(Node step, SkipReason reason) {
        note("step.skipped", step, new Json("{\"reason\":\"" + reason.word + "\"}"));
        settle(step, state.of(step).skipped(reason));
    }

    private void tellFailed(Node step, Problem problem) {
        var told = new Problem(problem.failureClass(), problem.type(), problem.message(), "");
        note("step.failed", step, told.toJson());
    }

    private void fail(Node step, Problem problem) {
        settle(step, state.of(step).to(Status.FAILED));
        state.failed(problem);
    }

    private void settle(Node step, StepState end) {
        state.set(step, end);
        for (var consumer : dag.consumers(step)) toLookAt.set(consumer.index);
    }

    private void note(String kind, Node step, Json data) {
        changes.add(new Plan.Note(kind, step.name, data));
    }

    /** Everything that is to be written. */
    Plan plan() {
        sweep();
        boolean isOver = !state.hasOpenSteps();
        if (hasFailedFast() || (isOver && state.hasProblem())) {
            changes.add(new Plan.Fail(state.takeProblem()));
        } else if (isOver) {
            changes.add(new Plan.Succeed(takeOutput()));
        }
        return new Plan(state.write(), List.copyOf(changes));
    }

    private Plan.Output takeOutput() {
        var step = dag.resultNode();
        var end = state.of(step);
        if (end.is(Status.SKIPPED)) return new Plan.Output.Value(Payload.inline(Json.NULL));
        if (!end.is(Status.SUCCEEDED))
            throw new IllegalStateException(step.label() + " has not ended, yet all is over.");
        if (step.isMap()) {
            boolean withErrors = step.tolerance != null;
            return end.size() > 0
                    ? new Plan.Output.Collected(step.name, withErrors)
                    : new Plan.Output.Value(new Payload(withErrors ? "{\"values\":[],\"errors\":[]}" : "[]"));
        }
        if (end.output() == null) throw new IllegalStateException("The output of " + step.label() + " was not kept.");
        state.set(step, end.withoutOutput());
        return new Plan.Output.Value(end.output());
    }
}
