package dev.pawl.graph;

import dev.pawl.schema.JsonSchema;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A graph while it is being defined.
 *
 * @param <S> the state
 */
public final class Nodes<S> {

    /** How many steps a run may take if nothing is said. */
    public static final int MAX_STEPS = 1_000;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]{0,127}");

    private final String graph;
    private final Map<String, Node<S>> nodes = new LinkedHashMap<>();
    private @Nullable Node<S> start;
    private int maxSteps = MAX_STEPS;
    private @Nullable Duration deadline;
    private @Nullable JsonSchema input;
    private @Nullable JsonSchema output;
    private boolean closed;

    Nodes(String graph) {
        this.graph = graph;
        if (!NAME.matcher(graph).matches()) throw badName("A graph", graph);
    }

    private static IllegalArgumentException badName(String what, String name) {
        return new IllegalArgumentException(
                "%s cannot be called \"%s\": a name is a letter or underscore, then letters, digits, underscores and dashes, at most 128."
                        .formatted(what, name));
    }

    /**
     * A node.
     *
     * @param name its identity in the database
     * @param code makes the next state from the last one
     */
    public Node<S> node(String name, NodeFn<S> code) {
        requireOpen();
        if (!NAME.matcher(name).matches()) throw badName("A node of graph \"" + graph + '"', name);
        if (name.equals(Rules.BASE))
            throw refused("\"" + Rules.BASE + "\" is what the base of a fork is called; call the node something else.");
        var node = new Node<>(this, name, code);
        if (nodes.putIfAbsent(name, node) != null) throw refused("Two nodes are called \"" + name + "\".");
        return node;
    }

    /** Where every run begins. */
    public void start(Node<S> first) {
        requireOpen();
        requireOwn(first);
        if (start != null) throw refused("It begins at \"%s\" and at \"%s\".".formatted(start.name(), first.name()));
        start = first;
    }

    /** How many steps a run may take before it fails; {@value #MAX_STEPS} if nothing is said. */
    public void maxSteps(int most) {
        requireOpen();
        if (most < 1) throw refused("It may take " + most + " steps, which is none.");
        maxSteps = most;
    }

    /** How long a run may take, unless who submits it says otherwise; for ever if nothing is said. */
    public void deadline(Duration time) {
        requireOpen();
        deadline = time;
    }

    /** What the state must look like when a run begins: others are refused when they are submitted. */
    public void input(JsonSchema schema) {
        requireOpen();
        input = schema;
    }

    /** What the state must look like in the end. */
    public void output(JsonSchema schema) {
        requireOpen();
        output = schema;
    }

    // ---- for the graph --------------------------------------------------------------------------------------------

    /** The finished definition. */
    Blueprint<S> close() {
        if (nodes.isEmpty()) throw refused("It has no nodes.");
        var first = start;
        if (first == null)
            throw refused("Nobody said where it begins; call start(…) with one of " + nodes.keySet() + ".");
        for (Node<S> node : nodes.values()) {
            if (node.edges().isEmpty()) {
                throw refused(
                        "Nobody said where to go on after node \"%s\"; call then, when or end.".formatted(node.name()));
            }
        }
        var unreached = new HashSet<>(nodes.keySet());
        unreached.removeAll(reached(first));
        if (!unreached.isEmpty())
            throw refused("No edge leads to " + unreached.stream().sorted().toList() + ".");
        closed = true;
        return new Blueprint<>(
                graph, Map.copyOf(nodes), nodes.keySet().stream().toList(), first, maxSteps, deadline, input, output);
    }

    private Set<String> reached(Node<S> from) {
        var seen = new HashSet<String>();
        var open = new ArrayDeque<Node<S>>();
        open.add(from);
        while (!open.isEmpty()) {
            var node = open.remove();
            if (!seen.add(node.name())) continue;
            for (Edge<S> edge : node.edges()) {
                if (edge.to() != null) open.add(edge.to());
            }
        }
        return seen;
    }

    String graph() {
        return graph;
    }

    void requireOpen() {
        if (closed) throw refused("It is defined already, and does not change any more.");
    }

    void requireOwn(Node<S> node) {
        if (!node.isOf(this)) throw refused("Node \"" + node.name() + "\" belongs to another graph.");
    }

    IllegalArgumentException refused(String why) {
        return new IllegalArgumentException("Graph \"" + graph + "\" cannot be defined: " + why);
    }
}
