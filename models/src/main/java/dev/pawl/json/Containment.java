package dev.pawl.json;

import tools.jackson.databind.JsonNode;

/**
 * Whether one JSON document contains another, exactly as PostgreSQL's {@code jsonb @>} decides between documents:
 * an object contains the listed keys, each recursively; a list contains every listed element somewhere, in any order and
 * as often as wanted; a scalar contains what equals it, and 1 equals 1.0. Absent is not {@code null}.
 */
public final class Containment {

    private Containment() {}

    /** Whether the document contains the pattern. */
    public static boolean contains(JsonNode document, JsonNode pattern) {
        if (pattern.isObject()) {
            return document.isObject()
                    && pattern.properties().stream()
                            .allMatch(wanted -> document.has(wanted.getKey())
                                    && contains(document.get(wanted.getKey()), wanted.getValue()));
        }
        if (pattern.isArray()) {
            return document.isArray()
                    && pattern.valueStream()
                            .allMatch(wanted -> document.valueStream().anyMatch(element -> contains(element, wanted)));
        }
        if (pattern.isNumber()) {
            return document.isNumber() && document.decimalValue().compareTo(pattern.decimalValue()) == 0;
        }
        return document.equals(pattern);
    }
}
