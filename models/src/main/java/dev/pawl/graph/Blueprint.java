package dev.pawl.graph;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.JsonSchema;
import java.io.Serializable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A graph as it was defined.
 *
 * @param order the names of the nodes, as they were defined
 */
record Blueprint<S>(
        String graph,
        Map<String, Node<S>> nodes,
        List<String> order,
        Node<S> start,
        int maxSteps,
        @Nullable Duration deadline,
        @Nullable JsonSchema input,
        @Nullable JsonSchema output) {

    private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {};

    /**
     * The node of a task.
     *
     * @throws Failure.Logic if there is none
     */
    Node<S> node(String name) {
        var node = nodes.get(name);
        if (node == null) {
            throw new Failure.Logic("Graph \"%s\" has no node \"%s\"; has its code changed without a new version?"
                    .formatted(graph, name));
        }
        return node;
    }

    /**
     * What decides whether a stored run fits the code: its nodes, and where to go on after them. How a node is treated is
     * not part of it: that may change under a run that goes on.
     */
    Json shape() {
        var shape = new LinkedHashMap<String, Object>();
        shape.put("start", start.name());
        shape.put("nodes", order.stream().map(name -> shape(node(name))).toList());
        return Codec.STANDARD.write(shape, OBJECT, "The shape of a graph");
    }

    private static <S> Map<String, Object> shape(Node<S> node) {
        var edges = new ArrayList<Map<String, Object>>();
        for (Edge<S> edge : node.edges()) {
            var shape = new LinkedHashMap<String, Object>();
            shape.put("name", edge.label());
            shape.put("to", edge.target());
            edges.add(shape);
        }
        var shape = new LinkedHashMap<String, Object>();
        shape.put("name", node.name());
        shape.put("edges", edges);
        return shape;
    }

    /** All code of users, for looking at it. */
    List<Serializable> code() {
        var code = new ArrayList<Serializable>();
        for (String name : order) {
            code.add(node(name).code());
            for (Edge<S> edge : node(name).edges()) {
                if (edge.condition() != null) code.add(edge.condition());
            }
        }
        return code;
    }
}
