package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.JsonDiff;
import dev.pawl.json.TypeRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What of a flow decides whether a stored run fits the code: its steps in their order, what they read and under which
 * conditions, and what happens when they fail. How often a step is tried, how long it waits and how wide it runs are not
 * part of it: those may change under a run that goes on.
 */
public final class Shape {

    private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {};

    private Shape() {}

    /** The differences from one shape to another, a sentence each; empty if runs of the one fit the other. */
    public static List<String> diff(Json before, Json after) {
        return JsonDiff.of(before, after);
    }

    static Json of(Dag dag, FailureMode failure) {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("failure", failure);
        shape.put("output", dag.result().describe());
        shape.put("steps", dag.nodes().stream().map(Shape::step).toList());
        return Codec.STANDARD.write(shape, OBJECT, "The shape of a flow");
    }

    private static Map<String, Object> step(Node node) {
        var step = new LinkedHashMap<String, Object>();
        step.put("name", node.name);
        step.put("kind", node.kind.name().toLowerCase(java.util.Locale.ROOT));
        step.put("sources", node.wires.stream().map(Wire::describe).toList());
        if (!node.ifSkipped.isEmpty()) step.put("ifSkipped", names(node.ifSkipped));
        if (!node.ifCompleted.isEmpty()) step.put("ifCompleted", names(node.ifCompleted));
        step.put("unmet", node.unmet);
        step.put("onExhausted", node.exhausted);
        if (node.tolerance != null) step.put("tolerate", node.tolerance.toString());
        return step;
    }

    private static List<String> names(List<Node> nodes) {
        return nodes.stream().map(node -> node.name).toList();
    }
}
