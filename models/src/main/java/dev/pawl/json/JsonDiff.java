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
 * What differs between two JSON documents, for people. Lists of objects that carry a {@code name} of their own are
 * compared by name, as the shapes of programs want it: a step added in front is one difference, not one for each step
 * behind it. Other lists are compared by element, between what is the same at the beginning and at the end of both; only
 * lists of plain values that have nothing in common are shown side by side. Long values are cut. For a difference that a
 * machine can apply, see {@link Delta}.
 */
public final class JsonDiff {

    /** How many characters of a value are shown. */
    private static final int SHOWN = 200;

    /** How many differences are told. */
    private static final int TOLD = 100;

    private final List<String> differences = new ArrayList<>();

    private JsonDiff() {}

    /**
     * The differences from the first to the second, a sentence each; empty if they are equal. Of more than 100, the
     * others are only counted, in a last sentence.
     */
    public static List<String> of(Json before, Json after) {
        return of(Codec.STANDARD.tree(before), Codec.STANDARD.tree(after));
    }

    /** {@link #of(Json, Json)} for trees. */
    public static List<String> of(JsonNode before, JsonNode after) {
        var diff = new JsonDiff();
        diff.compare("", before, after);
        var all = diff.differences;
        if (all.size() <= TOLD) return List.copyOf(all);
        var told = new ArrayList<>(all.subList(0, TOLD));
        told.add("And " + (all.size() - TOLD) + " more differences.");
        return List.copyOf(told);
    }

    private void compare(String where, @Nullable JsonNode before, @Nullable JsonNode after) {
        if (before == null || after == null) {
            differences.add(
                    before == null
                            ? where + " is new: " + shown(after) + "."
                            : where + " is gone; it was " + shown(before) + ".");
        } else if (before.isObject() && after.isObject()) {
            members(where, properties(before), properties(after));
        } else if (named(before) && named(after)) {
            var older = byName(before);
            var newer = byName(after);
            members(where, older, newer);
            order(where, older, newer);
        } else if (before.isArray() && after.isArray()) {
            elements(where, before, after);
        } else if (!before.equals(after)) {
            changed(where, before, after);
        }
    }

    private void elements(String where, JsonNode before, JsonNode after) {
        var same = CommonEnds.of(before, after);
        boolean nothingInCommon = same.prefix() + same.suffix() == 0;
        if (nothingInCommon && plain(before) && plain(after) && before.size() + after.size() > 0) {
            changed(where, before, after);
            return;
        }
        int olderEnd = before.size() - same.suffix();
        int newerEnd = after.size() - same.suffix();
        for (int i = same.prefix(); i < Math.max(olderEnd, newerEnd); i++) {
            compare(
                    inside(where, String.valueOf(i)),
                    i < olderEnd ? before.get(i) : null,
                    i < newerEnd ? after.get(i) : null);
        }
    }

    private void changed(String where, JsonNode before, JsonNode after) {
        differences.add(
                (where.isEmpty() ? "It" : where) + " was " + shown(before) + " and is now " + shown(after) + ".");
    }

    private void members(String where, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var names = new LinkedHashSet<>(before.keySet());
        names.addAll(after.keySet());
        for (String name : names) {
            compare(inside(where, name), before.get(name), after.get(name));
        }
    }

    private void order(String where, Map<String, JsonNode> before, Map<String, JsonNode> after) {
        var older = new ArrayList<>(before.keySet());
        var newer = new ArrayList<>(after.keySet());
        older.retainAll(newer);
        newer.retainAll(older);
        if (!older.equals(newer)) differences.add(where + " was in the order " + older + " and is now " + newer + ".");
    }

    private static String inside(String where, String name) {
        return where.isEmpty() ? name : where + "/" + name;
    }

    private static String shown(@Nullable JsonNode value) {
        String text = String.valueOf(value);
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }

    private static boolean plain(JsonNode list) {
        return list.valueStream().noneMatch(JsonNode::isContainer);
    }

    /** Whether each has a name and no other has the same: then all are found by it. */
    private static boolean named(JsonNode node) {
        return node.isArray()
                && node.valueStream().allMatch(element -> element.path("name").isString())
                && byName(node).size() == node.size();
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
