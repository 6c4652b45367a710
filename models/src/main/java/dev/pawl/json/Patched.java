package dev.pawl.json;

import dev.pawl.core.Failure;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/** A tree to which the operations of a JSON Patch (RFC 6902) are applied one after the other. */
final class Patched {

    private JsonNode tree;

    private Patched(JsonNode tree) {
        this.tree = tree;
    }

    /** @param own changed where it stands */
    static JsonNode of(JsonNode own, JsonNode patch) {
        if (!patch.isArray()) {
            throw new Failure.Logic(
                    "A JSON Patch is a list of operations, but this is " + Misfit.describe(patch) + ".");
        }
        var patched = new Patched(own);
        patch.forEach(patched::apply);
        return patched.tree;
    }

    private void apply(JsonNode operation) {
        String op = operation.path("op").asString("");
        JsonNode path = operation.path("path");
        JsonNode value = operation.get("value");
        boolean known = op.equals("remove") || ((op.equals("add") || op.equals("replace")) && value != null);
        if (!known || !path.isString()) {
            throw new Failure.Logic("This is no operation of a patch: " + Misfit.describe(operation)
                    + ". It has to be add or replace with a path and a value, or remove with a path.");
        }
        apply(op, path.stringValue(), value == null ? null : value.deepCopy(), operation);
    }

    private void apply(String op, String path, @Nullable JsonNode value, JsonNode operation) {
        int last = path.lastIndexOf('/');
        if (path.isEmpty() && value != null) {
            tree = value;
            return;
        }
        boolean fits = last >= 0
                && switch (at(path.substring(0, last))) {
                    case ObjectNode object -> member(op, object, unescape(path.substring(last + 1)), value);
                    case ArrayNode list -> element(op, list, path.substring(last + 1), value);
                    default -> false;
                };
        if (!fits) {
            throw new Failure.Logic("The patch does not fit: " + Misfit.describe(operation)
                    + " finds no place in the document. Was the patch made for another one?");
        }
    }

    /** What a JSON Pointer leads to; a missing node if nothing. */
    private JsonNode at(String pointer) {
        JsonNode at = tree;
        if (pointer.isEmpty()) return at;
        for (String segment : pointer.substring(1).split("/", -1)) {
            at = at.isArray() ? at.path(index(segment)) : at.path(unescape(segment));
        }
        return at;
    }

    private static boolean member(String op, ObjectNode object, String name, @Nullable JsonNode value) {
        if (!op.equals("add") && !object.has(name)) return false;
        if (op.equals("remove") || value == null) object.remove(name);
        else object.set(name, value);
        return true;
    }

    private static boolean element(String op, ArrayNode list, String segment, @Nullable JsonNode value) {
        int index = segment.equals("-") ? list.size() : index(segment);
        if (index < 0 || index > list.size() - (op.equals("add") ? 0 : 1)) return false;
        if (op.equals("remove") || value == null) list.remove(index);
        else if (op.equals("add")) list.insert(index, value);
        else list.set(index, value);
        return true;
    }

    private static int index(String segment) {
        return segment.matches("0|[1-9]\\d{0,8}") ? Integer.parseInt(segment) : -1;
    }

    private static String unescape(String segment) {
        return segment.replace("~1", "/").replace("~0", "~");
    }
}
