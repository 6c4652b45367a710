package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.json.Hash;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.tape.LiveIo;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.travel.RecordedOutputs;
import dev.pawl.travel.Retake;
import dev.pawl.travel.Story;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recorded run executed again: each node gets the state that was recorded before it and the answers that were recorded
 * for it, and must come to the state and the edge that were recorded after it.
 */
final class Again<S> {

    private final Blueprint<S> graph;
    private final TypeRef<S> type;
    private final String label;
    private final History history;
    private final Consumer<Moment> seen;
    private final Past past;
    private final long now;
    private final RecordedOutputs outputs;
    private int moments;

    Again(Blueprint<S> graph, TypeRef<S> type, String label, History history, Consumer<Moment> seen) {
        this.graph = graph;
        this.type = type;
        this.label = label;
        this.history = history;
        this.seen = seen;
        this.past = Past.of(history);
        this.now = Story.now(history);
        this.outputs = new RecordedOutputs(history);
    }

    Replay run() {
        var timeline = new StepTimeline(history);
        var at = past.start();
        var wrongStart = wrongStart(at);
        if (wrongStart != null) return new Replay(0, "", wrongStart);
        tell(timeline.at(timeline.first()));
        var before = past.beginning();
        for (var step : past.steps()) {
            var after = past.after(step, before);
            var divergence = new Step(at, step).compare(new Json(after.toString()));
            if (divergence != null) return new Replay(moments, "", divergence);
            tell(timeline.at(step.number()));
            at = at.after(step.facts());
            before = after;
        }
        return at.node().isEmpty() ? new Replay(moments, "It ended as recorded.", null) : rest(at);
    }

    private void tell(Moment moment) {
        moments++;
        seen.accept(moment);
    }

    private @Nullable Divergence wrongStart(Position at) {
        String start = graph.start().name();
        if (past.base() != null || at.node().equals(start)) return null;
        return new Divergence(
                history.run().id(),
                0,
                at.node() + "[1]",
                null,
                "next",
                null,
                null,
                List.of("The first node was \"" + at.node() + "\" and is now \"" + start + "\"."),
                "%s diverged at the beginning of run %s: the first node was \"%s\", and is now \"%s\"."
                        .formatted(label, history.run().id(), at.node(), start));
    }

    /** One step, ready to be executed again. */
    private final class Step {
        private final Position at;
        private final Past.@Nullable Step recorded;
        private final TaskKey key;

        Step(Position at, Past.@Nullable Step recorded) {
            this.at = at;
            this.recorded = recorded;
            this.key = new TaskKey(history.run().id(), at.node(), at.step());
        }

        private @Nullable Divergence missingNode() {
            if (graph.nodes().containsKey(at.node())) return null;
            return new Divergence(
                    key.run(),
                    at.step(),
                    key.label(),
                    null,
                    "node",
                    null,
                    null,
                    List.of("Node \"" + at.node() + "\" is gone."),
                    "%s diverged at step %d of run %s: it has no node \"%s\" any more."
                            .formatted(label, at.step(), key.run(), at.node()));
        }

        private LiveIo io() {
            var claimed = outputs.claimed(at.node(), at.step(), at.json());
            var journal = new RecordedOnly(history.journal(at.node(), at.step()), history, now);
            return new LiveIo(claimed, label, graph.node(at.node()).retry(), journal);
        }

        private Turn.Passed<S> pass(LiveIo io) throws Exception {
            var claimed = outputs.claimed(at.node(), at.step(), at.json());
            return new Turn<>(graph, type, Hashing.OFF, label, claimed).again(io);
        }

        /** Executes a step that has ended; answers where it goes another way than was recorded. */
        @Nullable
        Divergence compare(Json recordedAfter) {
            var missing = missingNode();
            if (missing != null || recorded == null) return missing;
            var io = io();
            var retake = new Retake(label, key, at.step(), 0, io.tape());
            Turn.Passed<S> passed;
            try {
                passed = pass(io);
            } catch (Throwable thrown) {
                if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError))
                    throw broken;
                return retake.threw(thrown);
            }
            var facts = recorded.facts();
            String hash = facts.state().isEmpty() ? Hash.of(recordedAfter) : facts.state();
            if (!Hash.of(passed.after()).equals(hash)) {
                return retake.differs("state", "it comes to another state", recordedAfter, passed.after());
            }
            String now = passed.edge().label() + " -> " + target(passed.edge().target());
            String then = facts.edge() + " -> " + target(facts.next());
            if (Objects.equals(passed.edge().target(), facts.next())
                    && passed.edge().label().equals(facts.edge())) return null;
            return retake.differs(
                    "next",
                    null,
                    null,
                    List.of("The edge was " + then + " and is now " + now + "."),
                    "it went on " + then + ", and now goes on " + now);
        }

        /** Executes a step that has no recorded end, as far as its journal goes. */
        Retake.Ending conclude() {
            var missing = missingNode();
            if (missing != null) return new Retake.Ending("", missing);
            var task = history.tasks(at.node(), at.step(), 1);
            if (task.isEmpty() || task.getFirst().task().key().index() != at.step()) {
                return new Retake.Ending(String.valueOf(Story.rest(history.details())), null);
            }
            var io = io();
            var retake = new Retake(label, key, at.step(), 0, io.tape());
            var status = task.getFirst().task().status();
            Json problem = problem(task.getFirst().problem());
            try {
                var passed = pass(io);
                return retake.with(
                        status,
                        problem,
                        "goes on " + passed.edge().label() + " -> "
                                + target(passed.edge().target()));
            } catch (Throwable thrown) {
                if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError))
                    throw broken;
                var doom = io.tape().doom();
                return retake.without(
                        status, problem, doom == null ? io.thrown().leaving(thrown) : doom);
            }
        }

        private @Nullable Json problem(@Nullable Json ofTask) {
            return ofTask == null && history.details().status() == RunStatus.FAILED
                    ? history.details().problem()
                    : ofTask;
        }
    }

    private static String target(@Nullable String node) {
        return node == null ? "the end" : node;
    }

    private Replay rest(Position at) {
        var ending = new Step(at, null).conclude();
        if (ending.divergence() != null) return new Replay(moments, "", ending.divergence());
        return new Replay(
                moments,
                "Step %d, %s, has no end in the record. %s".formatted(at.step(), at.node(), ending.said()),
                null);
    }
}
