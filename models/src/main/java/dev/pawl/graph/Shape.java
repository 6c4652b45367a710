package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.JsonDiff;
import java.util.Comparator;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** The stored shapes of a graph, compared. In which order nodes and edges were written down means nothing. */
final class Shape {

    private static final Comparator<JsonNode> BY_NAME =
            Comparator.comparing(element -> element.path("name").asString());

    private Shape() {}

    static List<String> differences(Json before, Json after) {
        return JsonDiff.of(ordered(before), ordered(after));
    }

    private static JsonNode ordered(Json shape) {
        var tree = Codec.STANDARD.tree(shape);
        sort(tree, "nodes");
        for (JsonNode node : tree.path("nodes")) sort(node, "edges");
        return tree;
    }

    private static void sort(JsonNode in, String name) {
        if (!(in instanceof ObjectNode object) || !(object.get(name) instanceof ArrayNode list)) return;
        var sorted = list.valueStream().sorted(BY_NAME).toList();
        object.putArray(name).addAll(sorted);
    }
}
