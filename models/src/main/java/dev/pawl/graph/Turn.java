package dev.pawl.graph;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.JsonDiff;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.tape.ContentHash;
import dev.pawl.tape.Effects;
import dev.pawl.tape.LiveIo;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.tape.Transcript;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** One step: reads the state, runs the node, asks its edges, and says what to keep. */
final class Turn<S> {

    private static final Codec CODEC = Codec.STANDARD;
    private static final int SHOWN = 500;

    private final Blueprint<S> graph;
    private final TypeRef<S> type;
    private final Hashing hashing;
    private final String label;
    private final Claimed task;
    private final Node<S> node;
    private final Position at;

    /** @param label the graph and its version, for messages */
    Turn(Blueprint<S> graph, TypeRef<S> type, Hashing hashing, String label, Claimed task) {
        this.graph = graph;
        this.type = type;
        this.hashing = hashing;
        this.label = label;
        this.task = task;
        this.node = graph.node(task.key().name());
        this.at = Position.read(task.run().state());
    }

    /**
     * What a step came to.
     *
     * @param edge the edge to take
     */
    record Passed<S>(JsonNode before, Json after, Edge<S> edge) {}

    /** The step once more: its node on what is recorded, and its edges. */
    Passed<S> again(LiveIo io) throws Exception {
        var before = before(States.kept(at, this::output));
        var whole = stateAfter(before, io);
        return new Passed<>(before, whole, onward(whole, CODEC.tree(whole)));
    }

    private JsonNode before(List<Json> found) {
        var before = States.of(found);
        if (node.input() != null) node.input().require("The state before " + node.label(), before);
        return before;
    }

    Result run(Journal journal) throws Exception {
        var found = States.kept(at, this::output);
        var before = before(found);
        var transcript = new Transcript(journal);
        var io = new LiveIo(task, label, node.retry(), transcript);
        Json whole;
        try {
            whole = stateAfter(before, io);
        } catch (Throwable thrown) {
            return io.ended(thrown);
        }
        var after = CODEC.tree(whole);
        if (hashing == Hashing.TWICE) again(before, whole, after, transcript);
        var edge = onward(whole, after);
        var kept = States.keep(at, before, after, whole, edge.to() == null);
        return new Result.Done(
                kept.json(),
                -1,
                facts(edge, found, kept, before, after, transcript).json());
    }

    /** The edge to take from a state that is as it should be. */
    private Edge<S> onward(Json whole, JsonNode after) throws Exception {
        if (node.output() != null) node.output().require("The state after " + node.label(), after);
        var edge = edge(whole);
        if (edge.to() == null && graph.output() != null) {
            graph.output().require("The state at the end of graph \"" + graph.graph() + '"', after);
        }
        return edge;
    }

    private Json output(String name, int index) {
        return name.equals(Position.INPUT)
                ? task.outputs().input()
                : task.outputs().of(name, index);
    }

    private Json stateAfter(JsonNode before, LiveIo io) throws Exception {
        S state = CODEC.read(before, type, "The state before " + node.label());
        S after = node.code().apply(state, io);
        io.tape().end();
        if (after == null)
            throw new Failure.Logic("The " + node.label() + " gave back null instead of the next state.");
        return CODEC.write(after, type, "The state after " + node.label());
    }

    /** Runs the node once more on what was just recorded: another state shows that something came in unrecorded. */
    private void again(JsonNode before, Json whole, JsonNode after, Transcript transcript) throws Exception {
        var io = new LiveIo(task, label, node.retry(), new RecordedOnly(transcript.effects(), transcript));
        Json second;
        try {
            second = stateAfter(before, io);
        } catch (Exception | Error thrown) {
            throw new Failure.Diverged("The %s ended otherwise when it ran again on what was recorded: %s"
                    .formatted(node.label(), thrown));
        }
        boolean same = second.equals(whole)
                || ContentHash.of(second).equals(ContentHash.of(after)); // mostly even to the letter
        if (same) return;
        throw new Failure.Diverged(
                "The %s came to another state when it ran again on what was recorded, so something comes in that is not: %s"
                        .formatted(node.label(), String.join(" ", JsonDiff.of(new Json(after.toString()), second))));
    }

    /** The one edge to take. Asked with the state as it is kept, so that a replay is asked the same. */
    private Edge<S> edge(Json whole) throws Exception {
        if (node.edges().getFirst().condition() == null) return node.edges().getFirst();
        S state = CODEC.read(whole, type, "The state after " + node.label());
        var taken = new ArrayList<Edge<S>>();
        Edge<S> otherwise = null;
        for (Edge<S> edge : node.edges()) {
            if (edge.condition() == null) otherwise = edge;
            else if (edge.condition().holds(state)) taken.add(edge);
        }
        if (taken.size() == 1) return taken.getFirst();
        if (taken.isEmpty() && otherwise != null) return otherwise;
        String text = whole.text();
        throw new Failure.Logic("%s edge after the %s: %s holds for the state %s. %s"
                .formatted(
                        taken.isEmpty() ? "There is no" : "There is more than one",
                        node.label(),
                        taken.isEmpty()
                                ? "no condition"
                                : "each of "
                                        + taken.stream()
                                                .map(edge -> '"' + edge.label() + '"')
                                                .toList(),
                        text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…",
                        taken.isEmpty() ? "Add an otherwise." : "Make the conditions exclude each other."));
    }

    private Facts facts(
            Edge<S> edge, List<Json> found, States.Kept kept, JsonNode before, JsonNode after, Transcript transcript) {
        if (hashing == Hashing.OFF) return new Facts(edge.label(), edge.target(), kept.full(), "", "", "", "");
        var run = task.run().id();
        String known = KnownHashes.SHARED.take(run, found);
        String input = known == null ? ContentHash.of(before) : known;
        String effects = Effects.hash(transcript.effects());
        String state = ContentHash.of(after);
        if (edge.to() != null) KnownHashes.SHARED.put(run, kept.after(found), state);
        String chain =
                Chain.step(at.chain(), at.step(), node.name(), input, effects, state, edge.label(), edge.target());
        return new Facts(edge.label(), edge.target(), kept.full(), input, effects, state, chain);
    }
}
