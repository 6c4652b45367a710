package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** JSON as it is shown. */
final class JsonText {

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final String INDENT = "  ";
    private static final int LINE = 100;

    private final StringBuilder text = new StringBuilder();

    private JsonText() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static ArrayNode array() {
        return MAPPER.createArrayNode();
    }

    /** Indented, for people; short lists of simple values stay on one line. */
    static String pretty(Json json) {
        return pretty(Codec.STANDARD.tree(json));
    }

    static String pretty(JsonNode tree) {
        var pretty = new JsonText();
        pretty.write(tree, 0);
        return pretty.text.toString();
    }

    private void write(JsonNode node, int depth) {
        if (node.isEmpty()) {
            text.append(node);
        } else if (node.isObject()) {
            text.append('{');
            String separator = "";
            for (var property : node.properties()) {
                line(separator, depth + 1);
                text.append(Json.quote(property.getKey())).append(": ");
                write(property.getValue(), depth + 1);
                separator = ",";
            }
            line("", depth);
            text.append('}');
        } else {
            list(node, depth);
        }
    }

    private void list(JsonNode list, int depth) {
        boolean simple = list.valueStream().noneMatch(JsonNode::isContainer);
        if (simple && list.size() <= LINE / 2 && list.toString().length() + list.size() <= LINE) {
            String separator = "[";
            for (JsonNode element : list) {
                text.append(separator).append(element);
                separator = ", ";
            }
            text.append(']');
            return;
        }
        text.append('[');
        String separator = "";
        for (JsonNode element : list) {
            line(separator, depth + 1);
            write(element, depth + 1);
            separator = ",";
        }
        line("", depth);
        text.append(']');
    }

    private void line(String before, int depth) {
        text.append(before).append('\n').append(INDENT.repeat(depth));
    }
}
