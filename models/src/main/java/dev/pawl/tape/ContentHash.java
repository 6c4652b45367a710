package dev.pawl.tape;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.node.StringNode;

/**
 * The hash of a state or of effects: that of {@link Hash}, in which a reference to an artifact, {@code RUN/sha256}, counts
 * as its SHA-256 alone. So what a run has kept is known by its content, and the same steps have the same hashes in every
 * run; the id of the run would make each another one. Thread-safe.
 */
public final class ContentHash {

    private static final int RUN = 26;
    private static final int SHA = 64;

    private ContentHash() {}

    /** The hash of a document. */
    public static String of(Json document) {
        return of(Codec.STANDARD.tree(document));
    }

    /** The hash of a tree. */
    public static String of(JsonNode tree) {
        var changed = replaced(tree);
        return Hash.of(changed == null ? tree : changed);
    }

    /** The tree with hashes for references; null if it has none, as nearly all do. */
    private static @Nullable JsonNode replaced(JsonNode tree) {
        return switch (tree) {
            case StringNode text
            when isReference(text.stringValue()) ->
                StringNode.valueOf(text.stringValue().substring(RUN + 1));
            case ObjectNode object -> replaced(object);
            case ArrayNode array -> replaced(array);
            default -> null;
        };
    }

    private static @Nullable JsonNode replaced(ObjectNode object) {
        ObjectNode copy = null;
        for (var member : object.properties()) {
            var changed = replaced(member.getValue());
            if (changed == null) continue;
            if (copy == null) copy = object.objectNode().setAll(object);
            copy.set(member.getKey(), changed);
        }
        return copy;
    }

    private static @Nullable JsonNode replaced(ArrayNode array) {
        ArrayNode copy = null;
        for (int i = 0; i < array.size(); i++) {
            var changed = replaced(array.get(i));
            if (changed == null) continue;
            if (copy == null) copy = array.arrayNode().addAll(array);
            copy.set(i, changed);
        }
        return copy;
    }

    private static boolean isReference(String text) {
        if (text.length() != RUN + 1 + SHA || text.charAt(RUN) != '/') return false;
        for (int i = 0; i < RUN; i++) {
            if (!Character.isLetterOrDigit(text.charAt(i))) return false;
        }
        for (int i = RUN + 1; i < text.length(); i++) {
            if (Character.digit(text.charAt(i), 16) < 0) return false;
        }
        return true;
    }
}
