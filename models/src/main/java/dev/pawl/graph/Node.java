package dev.pawl.graph;

import dev.pawl.core.Retry;
import dev.pawl.core.TaskOptions;
import dev.pawl.schema.JsonSchema;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A node while its graph is being defined: say where to go on after it, and how it is treated. Of the conditions of a node
 * exactly one must hold each time, or none if there is an {@code otherwise}.
 *
 * @param <S> the state
 */
public final class Node<S> {

    private final Nodes<S> graph;
    private final String name;
    private final NodeFn<S> code;
    private final List<Edge<S>> edges = new ArrayList<>();
    private Retry retry = Retry.DEFAULT;
    private @Nullable Duration timeout;
    private @Nullable JsonSchema input;
    private @Nullable JsonSchema output;

    Node(Nodes<S> graph, String name, NodeFn<S> code) {
        this.graph = graph;
        this.name = name;
        this.code = code;
    }

    /** Its name. */
    public String name() {
        return name;
    }

    // ---- where to go on -------------------------------------------------------------------------------------------

    /** Always goes on there. */
    public Node<S> then(Node<S> next) {
        if (!edges.isEmpty()) throw graph.refused("%s has other edges beside then(%s).".formatted(label(), next.name));
        return edge(Edge.THEN, next, null);
    }

    /** Goes on there if this holds. */
    public Node<S> when(Condition<S> condition, Node<S> next) {
        return when("when " + (edges.size() + 1), condition, next);
    }

    /** The same with a name for drawings and histories. */
    public Node<S> when(String label, Condition<S> condition, Node<S> next) {
        return edge(label, next, condition);
    }

    /** Ends the graph if this holds. */
    public Node<S> endWhen(Condition<S> condition) {
        return endWhen("when " + (edges.size() + 1), condition);
    }

    /** The same with a name for drawings and histories. */
    public Node<S> endWhen(String label, Condition<S> condition) {
        return edge(label, null, condition);
    }

    /** Goes on there if no condition holds. */
    public Node<S> otherwise(Node<S> next) {
        return edge(Edge.OTHERWISE, next, null);
    }

    /** Ends the graph if no condition holds. */
    public Node<S> otherwiseEnd() {
        return edge(Edge.OTHERWISE, null, null);
    }

    /** Always ends the graph; its state is the output of the run. */
    public Node<S> end() {
        if (!edges.isEmpty()) throw graph.refused("%s has other edges beside end().".formatted(label()));
        return edge(Edge.THEN, null, null);
    }

    private Node<S> edge(String label, @Nullable Node<S> next, @Nullable Condition<S> condition) {
        graph.requireOpen();
        if (next != null) graph.requireOwn(next);
        if (!edges.isEmpty() && edges.getLast().condition() == null) {
            throw graph.refused("%s goes on \"%s\" after \"%s\", which leaves nothing to decide."
                    .formatted(label(), label, edges.getLast().label()));
        }
        if (label.equals(Edge.OTHERWISE) && edges.isEmpty()) {
            throw graph.refused("%s has an otherwise without a when; say then or end.".formatted(label()));
        }
        if (edges.stream().anyMatch(edge -> edge.label().equals(label))) {
            throw graph.refused("%s has two edges called \"%s\".".formatted(label(), label));
        }
        edges.add(new Edge<>(label, next, condition));
        return this;
    }

    // ---- how it is treated ----------------------------------------------------------------------------------------

    /** How it, and calls in it that say nothing else, are tried again; {@link Retry#DEFAULT} if nothing is said. */
    public Node<S> retry(Retry how) {
        graph.requireOpen();
        retry = how;
        return this;
    }

    /** The longest that an attempt may take, waiting not included; it is interrupted. No limit if nothing is said. */
    public Node<S> timeout(Duration limit) {
        graph.requireOpen();
        timeout = limit;
        return this;
    }

    /** What the state must look like before it. */
    public Node<S> input(JsonSchema schema) {
        graph.requireOpen();
        input = schema;
        return this;
    }

    /** What the state must look like after it. */
    public Node<S> output(JsonSchema schema) {
        graph.requireOpen();
        output = schema;
        return this;
    }

    // ---- for the graph --------------------------------------------------------------------------------------------

    boolean isOf(Nodes<S> other) {
        return graph == other;
    }

    NodeFn<S> code() {
        return code;
    }

    List<Edge<S>> edges() {
        return edges;
    }

    Retry retry() {
        return retry;
    }

    TaskOptions options() {
        return new TaskOptions(retry, timeout);
    }

    @Nullable
    JsonSchema input() {
        return input;
    }

    @Nullable
    JsonSchema output() {
        return output;
    }

    String label() {
        return "node \"" + name + "\" of graph \"" + graph.graph() + '"';
    }

    @Override
    public String toString() {
        return label();
    }
}
