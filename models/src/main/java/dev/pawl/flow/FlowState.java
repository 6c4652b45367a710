package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The state of a run, taken apart for one turn of the rules. */
final class FlowState {

    private static final int TYPICAL_STEP = 40;

    private final Dag dag;
    private final StepState[] steps;
    private final List<String> lost = new ArrayList<>();
    private int inputSize = -1;
    private @Nullable Json problem;

    private FlowState(Dag dag) {
        this.dag = dag;
        this.steps = new StepState[dag.size()];
        Arrays.fill(steps, StepState.WAITING);
    }

    /** @param inputSize the number of elements of the input, -1 if it is no list */
    static FlowState fresh(Dag dag, int inputSize) {
        var state = new FlowState(dag);
        state.inputSize = inputSize;
        return state;
    }

    static FlowState read(Dag dag, Json json) {
        var state = new FlowState(dag);
        StateText.read(json, new StateText.Reader() {
            @Override
            public void step(String name, StepState step) {
                var node = dag.find(name);
                if (node != null) state.steps[node.index] = step;
                else if (step.is(StepState.Status.SUCCEEDED)) state.lost.add(name);
            }

            @Override
            public void run(int size, @Nullable Json runProblem) {
                state.inputSize = size;
                state.problem = runProblem;
            }
        });
        return state;
    }

    Json write() {
        var out = new StringBuilder(TYPICAL_STEP * (steps.length + 1)).append('{');
        StateText.writeRun(out, inputSize, problem);
        for (int i = 0; i < steps.length; i++) StateText.write(out, dag.node(i).name, steps[i]);
        if (out.length() > 1) out.deleteCharAt(1); // every part begins with a comma
        return new Json(out.append('}').toString());
    }

    StepState of(Node node) {
        return steps[node.index];
    }

    void set(Node node, StepState step) {
        steps[node.index] = step;
    }

    int inputSize() {
        return inputSize;
    }

    /** Succeeded steps that this code does not have. */
    List<String> lost() {
        return lost;
    }

    boolean hasOpenSteps() {
        for (var step : steps) if (step.isOpen()) return true;
        return false;
    }

    boolean hasProblem() {
        return problem != null;
    }

    /** The first problem is the run's. */
    void failed(Problem first) {
        if (problem == null) problem = first.toJson();
    }

    /** The run's problem, which the state need not keep any longer. */
    Problem takeProblem() {
        if (problem == null) throw new IllegalStateException("There is no problem.");
        var taken = Codec.STANDARD.read(problem, TypeRef.of(Problem.class), "A run's problem");
        problem = null;
        return taken;
    }

    /** Whether the step was skipped in the way that takes its readers along. */
    boolean isCascading(Node node) {
        var reason = of(node).reason();
        if (reason == null) return false;
        return switch (reason) {
            case DEPENDENCY_SKIPPED -> true;
            case HANDLER_FAILED -> node.exhausted == Exhausted.SKIP_CASCADE;
            case CONDITION_UNMET -> node.unmet == Unmet.SKIP_CASCADE;
        };
    }
}
