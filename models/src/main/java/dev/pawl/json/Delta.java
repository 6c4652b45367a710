package dev.pawl.json;

import dev.pawl.core.Failure;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The difference between two JSON trees as a JSON Patch (RFC 6902) of {@code add}, {@code replace} and {@code remove},
 * for keeping a long row of states that differ little. Empty exactly if the trees are equal: members may stand in another
 * order, but {@code 1} and {@code 1.0} are two values. Objects are compared by member, and lists by element between what
 * is the same at the beginning and at the end of both; so of a list that grew at its end only the new elements are written.
 * An object or list with several differences, which would take more room than it takes itself, is replaced as a whole.
 * Thread-safe.
 */
public final class Delta {

    private static final int OVERHEAD = "{'op':'replace','path':'','value':},".length();

    private final List<Operation> patch = new ArrayList<>();

    private Delta() {}

    /** The patch that makes the one tree into the other. It shares nodes with the other; neither tree is changed. */
    public static JsonNode between(JsonNode before, JsonNode after) {
        var delta = new Delta();
        delta.compare("", before, after);
        var patch = JsonNodeFactory.instance.arrayNode(delta.patch.size());
        for (var operation : delta.patch) patch.add(operation.tree());
        return patch;
    }

    /**
     * The tree that a patch makes of another one. The other stays as it is, and so does the patch.
     *
     * @throws Failure.Logic if the patch does not fit the tree, or uses other operations than {@link #between} does
     */
    public static JsonNode apply(JsonNode before, JsonNode patch) {
        return Patched.of(before.deepCopy(), patch);
    }

    /**
     * The same, but changes the other tree where it stands: for a long row of patches, and a tree that nobody else has. If
     * the patch does not fit, the tree may be left half changed.
     */
    public static JsonNode applyTo(JsonNode own, JsonNode patch) {
        return Patched.of(own, patch);
    }

    private void compare(String path, JsonNode before, JsonNode after) {
        int mark = patch.size();
        if (before.isObject() && after.isObject()) {
            members(path, before, after);
        } else if (before.isArray() && after.isArray()) {
            elements(path, before, after);
        } else {
            if (!before.equals(after)) write("replace", path, after);
            return;
        }
        if (patch.size() > mark + 1) replaceIfShorter(path, after, mark);
    }

    private void members(String path, JsonNode before, JsonNode after) {
        for (var member : before.properties()) {
            if (!after.has(member.getKey())) write("remove", child(path, member.getKey()), null);
        }
        for (var member : after.properties()) {
            String child = child(path, member.getKey());
            JsonNode old = before.get(member.getKey());
            if (old == null) write("add", child, member.getValue());
            else compare(child, old, member.getValue());
        }
    }

    private void elements(String path, JsonNode before, JsonNode after) {
        var same = CommonEnds.of(before, after);
        int both = Math.min(before.size(), after.size()) - same.suffix();
        for (int i = same.prefix(); i < both; i++) compare(path + "/" + i, before.get(i), after.get(i));
        for (int i = both; i < after.size() - same.suffix(); i++) write("add", path + "/" + i, after.get(i));
        // The last one first, so that the others still stand where the patch says.
        for (int i = before.size() - same.suffix() - 1; i >= both; i--) write("remove", path + "/" + i, null);
    }

    private void replaceIfShorter(String path, JsonNode after, int mark) {
        var inside = patch.subList(mark, patch.size());
        long size = 0;
        for (var operation : inside) size += operation.size();
        long allowed = size - OVERHEAD - path.length();
        long whole = TextSize.of(after, allowed);
        if (whole >= allowed) return;
        inside.clear();
        write("replace", path, after);
    }

    private void write(String op, String path, @Nullable JsonNode value) {
        long size = OVERHEAD + path.length() + (value == null ? 0 : TextSize.of(value, Integer.MAX_VALUE));
        patch.add(new Operation(op, path, value, size));
    }

    private static String child(String path, String name) {
        return path + "/" + name.replace("~", "~0").replace("/", "~1");
    }

    /** One of the patch, with the length of its text. */
    private record Operation(
            String op, String path, @Nullable JsonNode value, long size) {

        ObjectNode tree() {
            var tree = JsonNodeFactory.instance.objectNode().put("op", op).put("path", path);
            if (value != null) tree.set("value", value);
            return tree;
        }
    }
}
