package dev.pawl.graph;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import java.time.Duration;
import java.util.List;

/**
 * What follows from the end of a graph's task. Step n of a run at a node is the task {@code node[n]}; there is one at a
 * time. Where to go on was decided by the edges when the step was executed. Pure.
 */
final class Rules {

    /** The task that a run has instead of the steps before it, when it goes on from another one. */
    static final String BASE = "from";

    private Rules() {}

    static Plan start(Position first) {
        return new Plan(first.json(), List.of(step(first)));
    }

    /** The next step. */
    static Plan.Create step(Position at) {
        return new Plan.Create(at.node(), at.step(), at.step() + 1, Duration.ZERO, null);
    }

    static Plan advance(Blueprint<?> graph, Run run, TaskKey task, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded done
            when done.facts() != null -> {
                var facts = Facts.read(done.facts());
                var at = Position.read(run.state()).after(facts);
                var note = new Plan.Note(Facts.KIND, task.label(), done.facts());
                yield new Plan(at.json(), List.of(note, next(graph, at, done)));
            }
            case Outcome.Failed failed -> new Plan(run.state(), List.of(new Plan.Fail(failed.problem())));
            case Outcome.Succeeded ignored -> throw new IllegalStateException("A step without facts.");
            case Outcome.Continued ignored -> throw new IllegalStateException("A step does not go on as another.");
            case Outcome.Skipped ignored -> throw new IllegalStateException("A step is never skipped.");
        };
    }

    private static Plan.Change next(Blueprint<?> graph, Position at, Outcome.Succeeded done) {
        if (at.node().isEmpty()) return new Plan.Succeed(new Plan.Output.Value(done.output()));
        if (at.step() <= graph.maxSteps()) return step(at);
        return new Plan.Fail(Problem.of(
                FailureClass.LOGIC,
                "TooManySteps",
                "Graph \"%s\" did not come to its end in %d steps; the next would have been node \"%s\". If its loops are right, give it more with maxSteps."
                        .formatted(graph.graph(), graph.maxSteps(), at.node())));
    }
}
