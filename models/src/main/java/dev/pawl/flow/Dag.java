package dev.pawl.flow;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The steps of a flow and how they hang together, checked. A step depends only on steps before it, so the order of
 * definition is a topological one and nothing here needs to search. Immutable.
 */
final class Dag {

    /** The task that asks a map's conditions is called like the map, with this behind. */
    static final String GATE = "?";

    private final String flow;
    private final List<Node> nodes;
    private final Map<String, Node> byName = new HashMap<>();
    private final List<List<Node>> reads = new ArrayList<>();
    private final List<List<Node>> dependencies = new ArrayList<>();
    private final List<List<Node>> consumers = new ArrayList<>();
    private final Wire result;
    private final Node resultNode;

    private Dag(String flow, List<Node> nodes, Wire result, Node resultNode) {
        this.flow = flow;
        this.nodes = nodes;
        this.result = result;
        this.resultNode = resultNode;
        for (var node : nodes) {
            byName.put(node.name, node);
            var read = node.wires.stream()
                    .map(Wire::step)
                    .filter(step -> step != null)
                    .distinct()
                    .toList();
            var controls = Stream.concat(node.ifSkipped.stream(), node.ifCompleted.stream());
            reads.add(read);
            dependencies.add(Stream.concat(read.stream(), controls).distinct().toList());
            consumers.add(new ArrayList<>());
            if (node.isMap()) read.forEach(producer -> producer.readers.add(node));
            for (var dependency : dependencies.get(node.index))
                consumers.get(dependency.index).add(node);
        }
    }

    /** @throws DefinitionException if the flow cannot work */
    static Dag of(String flow, Steps scope, List<Node> nodes, Wire result) {
        if (!(result instanceof Wire.Output) && !(result instanceof Wire.Maybe)) {
            throw new DefinitionException(flow + " returns " + result.describe()
                    + "; it must return one of its steps, or optional() of one, whose output is then the run's.");
        }
        var resultNode = result.step();
        if (resultNode == null) throw new IllegalStateException("An output belongs to a step.");
        requireOwn(flow, "its result", scope, resultNode);
        for (var node : nodes) {
            Stream.of(node.wires.stream().map(Wire::step), node.ifSkipped.stream(), node.ifCompleted.stream())
                    .flatMap(steps -> steps)
                    .forEach(step -> requireOwn(flow, node.label(), scope, step));
            for (var control : concat(node.ifSkipped, node.ifCompleted)) requireEarlier(flow, node, control);
        }
        var dag = new Dag(flow, nodes, result, resultNode);
        for (var node : nodes) node.wires.forEach(wire -> dag.checkWire(node, wire));
        dag.checkResult();
        return dag;
    }

    private static List<Node> concat(List<Node> first, List<Node> second) {
        return Stream.concat(first.stream(), second.stream()).toList();
    }

    private static void requireOwn(String flow, String reader, Steps scope, @Nullable Node step) {
        if (step != null && !step.belongsTo(scope)) {
            throw new DefinitionException(
                    "In %s, %s uses %s of another flow.".formatted(lower(flow), reader, step.label()));
        }
    }

    private static void requireEarlier(String flow, Node node, Node control) {
        if (control.index >= node.index) {
            throw new DefinitionException("In %s, %s waits for %s, which is defined after it; define it before."
                    .formatted(lower(flow), node.label(), control.label()));
        }
    }

    private static String lower(String flow) {
        return "flow" + flow.substring("flow".length());
    }

    private void checkWire(Node node, Wire wire) {
        var step = wire.step();
        if (step == null) return;
        checkTolerance(node.label(), wire);
        if (!node.isMap() && !wire.isOptional() && step.maySkipPlainly()) {
            throw new DefinitionException(("In %s, %s may be skipped, so %s must read it with optional(); "
                            + "or let it take its readers along with SKIP_CASCADE.")
                    .formatted(lower(flow), step.label(), node.label()));
        }
    }

    private void checkTolerance(String reader, Wire wire) {
        if (wire.origin() instanceof Wire.Output output && output.partial() != (output.step().tolerance != null)) {
            throw new DefinitionException("In %s, %s reads %s as it was before tolerate(); use what tolerate() returns."
                    .formatted(lower(flow), reader, output.step().label()));
        }
    }

    private void checkResult() {
        checkTolerance("its result", result);
        if (result.isOptional()) return;
        var skipped = whySkipped();
        if (skipped != null) {
            throw new DefinitionException(
                    "%s may be skipped%s, so %s must return it as optional(): its output is then empty."
                            .formatted(
                                    capital(resultNode.label()),
                                    skipped == resultNode ? "" : " together with " + skipped.label(),
                                    lower(flow)));
        }
    }

    /** The step because of which the run may end without the result; null if it cannot. */
    private @Nullable Node whySkipped() {
        if (resultNode.maySkipPlainly()) return resultNode;
        var cause = new Node[nodes.size()];
        for (var node : nodes) {
            if (node.maySkipCascading()) cause[node.index] = node;
            for (var read : reads.get(node.index)) {
                if (cause[node.index] == null) cause[node.index] = cause[read.index];
            }
        }
        return cause[resultNode.index];
    }

    private static String capital(String label) {
        return Character.toUpperCase(label.charAt(0)) + label.substring(1);
    }

    int size() {
        return nodes.size();
    }

    List<Node> nodes() {
        return nodes;
    }

    Node node(int index) {
        return nodes.get(index);
    }

    /** The step of this name, or null. */
    @Nullable
    Node find(String name) {
        return byName.get(name);
    }

    /** The step that a task belongs to, also if the task asks the conditions of a map. */
    @Nullable
    Node ofTask(String task) {
        return byName.get(task.endsWith(GATE) ? task.substring(0, task.length() - 1) : task);
    }

    /** The steps whose outputs a step reads. */
    List<Node> reads(Node node) {
        return reads.get(node.index);
    }

    /** The steps that must have ended before a step is looked at. */
    List<Node> dependencies(Node node) {
        return dependencies.get(node.index);
    }

    /** The steps that wait for a step. */
    List<Node> consumers(Node node) {
        return consumers.get(node.index);
    }

    /** The step that gives the run's output. */
    Node resultNode() {
        return resultNode;
    }

    /** How the run's output is read. */
    Wire result() {
        return result;
    }

    /** Whether there is a map over the input itself. */
    boolean fansOutInput() {
        return nodes.stream().anyMatch(node -> node.isMap() && node.list() instanceof Wire.Input);
    }

    /** {@code Flow "census"}, for messages. */
    String label() {
        return flow;
    }
}
