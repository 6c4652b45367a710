package dev.pawl.json;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/**
 * The one text that all spellings of the same JSON document have, so that documents can be compared and hashed: the JSON
 * Canonicalization Scheme of RFC 8785. No white space, members in the order of the UTF-16 code units of their names,
 * numbers as ECMAScript writes them (so {@code 1.0}, {@code 1e0} and {@code 1} are all {@code 1}, and {@code -0} is
 * {@code 0}), and as few escapes in strings as JSON allows.
 *
 * <p>In one place we go further than the RFC, which takes every number for a double: a number that is no double's
 * spelling, such as {@code 9007199254740993} or one with twenty decimals, is written with all its digits and not
 * rounded. Two different states therefore never have the same text, and so not the same {@link Hash}. And what
 * the RFC forbids, half of a surrogate pair in a string, is written as an escape: {@code "\ud800"}.
 *
 * <p>Takes a tree or a text; a text is read as {@link Codec#tree} reads it. Thread-safe.
 */
public final class Canonical {

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder out;

    private Canonical(int capacity) {
        out = new StringBuilder(capacity);
    }

    /**
     * The canonical text of a document.
     *
     * @throws Failure.Logic if it is not valid JSON
     */
    public static String of(Json document) {
        return of(Codec.STANDARD.tree(document), document.text().length());
    }

    /**
     * The canonical text of a tree.
     *
     * @throws Failure.Logic if it holds what JSON cannot: NaN, an infinity, a Java object, or a missing node
     */
    public static String of(JsonNode tree) {
        return of(tree, 128);
    }

    /** {@link #of(Json)} in UTF-8. */
    public static byte[] bytes(Json document) {
        return of(document).getBytes(StandardCharsets.UTF_8);
    }

    /** {@link #of(JsonNode)} in UTF-8. */
    public static byte[] bytes(JsonNode tree) {
        return of(tree).getBytes(StandardCharsets.UTF_8);
    }

    private static String of(JsonNode tree, int capacity) {
        var canonical = new Canonical(capacity);
        canonical.value(tree);
        return canonical.out.toString();
    }

    private void value(JsonNode node) {
        switch (node.getNodeType()) {
            case OBJECT -> object(node);
            case ARRAY -> array(node);
            case STRING -> string(node.stringValue());
            case NUMBER -> NumberText.append(node, out);
            case BOOLEAN -> out.append(node.booleanValue());
            case NULL -> out.append("null");
            case BINARY -> string(node.asString()); // Base64, as it would be written
            case POJO, MISSING ->
                throw new Failure.Logic("A tree of JSON holds " + node.getNodeType() + " (" + node
                        + "), which is no JSON value and has no canonical form.");
        }
    }

    private void array(JsonNode array) {
        out.append('[');
        for (int i = 0; i < array.size(); i++) {
            if (i > 0) out.append(',');
            value(array.get(i));
        }
        out.append(']');
    }

    private void object(JsonNode object) {
        char before = '{';
        if (object.isEmpty()) out.append(before);
        for (var member : sorted(object)) {
            out.append(before);
            before = ',';
            string(member.getKey());
            out.append(':');
            value(member.getValue());
        }
        out.append('}');
    }

    /** {@code String.compareTo} is the RFC's order: it compares UTF-16 code units. */
    private static Map.Entry<String, JsonNode>[] sorted(JsonNode object) {
        @SuppressWarnings({"unchecked", "rawtypes"}) // there are no generic arrays
        Map.Entry<String, JsonNode>[] members = object.properties().toArray(new Map.Entry[0]);
        for (int i = 1; i < members.length; i++) {
            if (members[i - 1].getKey().compareTo(members[i].getKey()) > 0) {
                Arrays.sort(members, Map.Entry.comparingByKey());
                break;
            }
        }
        return members;
    }

    private void string(String value) {
        out.append('"');
        int plain = 0; // what is not yet copied, and needs no escape up to i
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= ' ' && c != '"' && c != '\\' && !Character.isSurrogate(c)) continue;
            if (Character.isHighSurrogate(c)
                    && i + 1 < value.length()
                    && Character.isLowSurrogate(value.charAt(i + 1))) {
                i++;
                continue;
            }
            out.append(value, plain, i);
            escape(c);
            plain = i + 1;
        }
        out.append(value, plain, value.length()).append('"');
    }

    private void escape(char c) {
        switch (c) {
            case '"' -> out.append("\\\"");
            case '\\' -> out.append("\\\\");
            case '\b' -> out.append("\\b");
            case '\t' -> out.append("\\t");
            case '\n' -> out.append("\\n");
            case '\f' -> out.append("\\f");
            case '\r' -> out.append("\\r");
            default -> {
                out.append("\\u");
                for (int shift = 12; shift >= 0; shift -= 4) out.append(HEX.charAt(c >> shift & 0xf));
            }
        }
    }
}
