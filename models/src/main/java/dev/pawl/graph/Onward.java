package dev.pawl.graph;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.spi.History;
import dev.pawl.tape.ContentHash;
import dev.pawl.tape.Failed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a new run goes on from the middle of an earlier one: with the state that it had there, and not with its steps. They
 * stay where they are, and the new run's chain begins with the link of the last of them. Pure, but for what {@link History}
 * reads.
 */
final class Onward {

    /** The event that says from where a run goes on. */
    static final String KIND = "graph.base";

    /** What can be edited of a run that is forked. */
    private static final String STATE = "state";

    private final Graph<?> program;
    private final Blueprint<?> graph;
    private final History earlier;

    private Onward(Graph<?> program, Blueprint<?> graph, History earlier) {
        this.program = program;
        this.graph = graph;
        this.earlier = earlier;
    }

    /** Goes on with the step that failed, with what it has recorded, but for what made it fail. */
    static Plan retry(Graph<?> program, Blueprint<?> graph, History earlier) {
        var onward = new Onward(program, graph, earlier);
        var at = Position.read(earlier.run().state());
        if (at.node().isEmpty())
            throw new Failure.Logic("Every step of run " + earlier.run().id() + " has succeeded.");
        var journal = earlier.journal(at.node(), at.step());
        return onward.plan(at, null, Failed.without(journal, at.node(), at.step()));
    }

    /** Goes on with a step of somebody's choice, with another state if they want, and with an empty journal. */
    static Plan fork(Graph<?> program, Blueprint<?> graph, History earlier, String from, Map<String, Payload> edits) {
        var onward = new Onward(program, graph, earlier);
        for (String edit : edits.keySet()) {
            if (edit.equals(STATE)) continue;
            throw new Failure.Logic(
                    "Of a graph only its \"state\" can be edited, not \"%s\": a step is what it makes of the state."
                            .formatted(edit));
        }
        return onward.plan(onward.steps().before(from), edits.get(STATE), List.of());
    }

    private Past steps() {
        return Past.of(earlier);
    }

    private Plan plan(Position at, @Nullable Payload edited, List<Plan.Change> journal) {
        graph.node(at.node());
        Payload kept;
        Json state;
        if (edited == null) {
            state = new Json(States.before(at, this::output).toString());
            kept = earlier.keep("The state after step " + (at.step() - 1), state);
        } else {
            state = earlier.load(edited);
            kept = edited;
        }
        program.accept(state);
        String hash = at.chain().isEmpty() ? "" : ContentHash.of(state);
        String chain = at.chain().isEmpty() ? "" : Chain.goOn(at.chain(), program.name(), program.version(), hash);
        var next = Position.base(at.step(), at.node(), chain);
        var changes = new ArrayList<Plan.Change>();
        changes.add(new Plan.Note(KIND, null, base(at, hash, chain, edited != null)));
        changes.add(new Plan.Provide(Rules.BASE, at.step() - 1, kept));
        changes.addAll(journal);
        changes.add(Rules.step(next));
        return new Plan(next.json(), changes);
    }

    private Json base(Position at, String state, String chain, boolean edited) {
        return new StartingPoint(earlier.run().id().toString(), at.step() - 1, at.chain(), state, chain, edited).json();
    }

    private Json output(String task, int index) {
        return task.equals(Position.INPUT) ? earlier.input() : earlier.output(task, index);
    }
}
