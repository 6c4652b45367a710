package dev.pawl.json;

import dev.pawl.core.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What differs between two JSON documents, for people. Lists of objects that carry a {@code name} are compared by name,
 * as the shapes of programs want it: a step added in front is one difference, not one for each step behind it.
 */
public final class JsonDiff {

    private final List<String> differences = new ArrayList<>();

    private JsonDiff() {}

    /** The differences from the first to the second, a sentence each; empty if they are equal. */
    public static List<String> of(Json before, Json after) {
        var diff = new JsonDiff();
        diff.compare("", Codec.STANDARD.tree(before), Codec.STANDARD.tree(after));
        return List.copyOf(diff.differences);
    }

    private void compare(String where, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || after == null) {
            differences.add(
                    before == null ? where + " is new: " + after + "." : where + " is gone; it was " + before + ".");
        } else if (before.isObject() && after.isObject()) {
            members(where, properties(before), properties(after));
        } else if (named(before) && named(after)) {
            var older = byName(before);
            var newer = byName(after);
            members(where, older, newer);
            order(where, older, newer);
        } else if (!before.equals(after)) {
            differences.add(where + " was " + before + " and is now " + after + ".");
        }
    }

    private void members(String where, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            compare(where.isEmpty() ? name : where + "/" + name, before.get(name), after.get(name));
        }
    }

    private void order(String where, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var older = new ArrayList<>(before.keySet());
        var newer = new ArrayList<>(after.keySet());
        older.retainAll(newer);
        newer.retainAll(older);
        if (!older.equals(newer)) differences.add(where + " was in the order " + older + " and is now " + newer + ".");
    }

    private static boolean named(JsonNode node) {
        return node.isArray()
                && node.valueStream().allMatch(element -> element.path("name").isString());
    }

    private static Map<String, JsonNode> properties(JsonNode object) {
        var properties = new LinkedHashMap<String, JsonNode>();
        object.properties().forEach(entry -> properties.put(entry.getKey(), entry.getValue()));
        return properties;
    }

    private static Map<String, JsonNode> byName(JsonNode list) {
        var elements = new LinkedHashMap<String, JsonNode>();
        list.forEach(element -> elements.put(element.path("name").asString(), element));
        return elements;
    }
}
