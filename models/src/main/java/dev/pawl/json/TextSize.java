package dev.pawl.json;

import tools.jackson.databind.JsonNode;

/** About how long the text of a tree is, in characters, without writing it. */
final class TextSize {

    private TextSize() {}

    /** The size, or some number that is not below the limit as soon as that is reached. */
    static long of(JsonNode node, long limit) {
        if (!node.isContainer())
            return node.isString()
                    ? node.stringValue().length() + 2L
                    : node.asString().length();
        long size = 2;
        if (node.isObject()) {
            for (var member : node.properties()) {
                if (size >= limit) break;
                size += member.getKey().length() + 4 + of(member.getValue(), limit - size);
            }
        } else {
            for (int i = 0; i < node.size() && size < limit; i++) size += 1 + of(node.get(i), limit - size);
        }
        return size;
    }
}
