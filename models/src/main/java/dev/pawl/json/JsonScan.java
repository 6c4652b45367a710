package dev.pawl.json;

import org.jspecify.annotations.Nullable;

/**
 * Finds its way in the text of a valid JSON document without building anything of it, so that one element of a large
 * list costs only what it is itself, and keeps its exact spelling.
 */
public final class JsonScan {

    private JsonScan() {}

    /** The position after the value that begins at this position. */
    public static int valueEnd(String text, int from) {
        return switch (text.charAt(from)) {
            case '"' -> stringEnd(text, from);
            case '{', '[' -> containerEnd(text, from);
            default -> scalarEnd(text, from);
        };
    }

    /** The position after the string whose opening quote is at this position. */
    static int stringEnd(String text, int from) {
        for (int i = from + 1; ; i++) {
            char c = text.charAt(i);
            if (c == '"') return i + 1;
            if (c == '\\') i++;
        }
    }

    private static int containerEnd(String text, int from) {
        int depth = 0;
        for (int i = from; ; i++) {
            switch (text.charAt(i)) {
                case '"' -> i = stringEnd(text, i) - 1;
                case '{', '[' -> depth++;
                case '}', ']' -> {
                    if (--depth == 0) return i + 1;
                }
                default -> {}
            }
        }
    }

    private static int scalarEnd(String text, int from) {
        int i = from;
        while (i < text.length() && ",]} \t\r\n".indexOf(text.charAt(i)) < 0) i++;
        return i;
    }

    /** The first position from here on that is no white space. */
    static int skipSpace(String text, int from) {
        int i = from;
        while (i < text.length() && text.charAt(i) <= ' ') i++;
        return i;
    }

    /**
     * The text of the value that a JSON pointer names, or null if there is none.
     *
     * @param pointer as in RFC 6901: {@code /sections/0/items}; empty for the whole document
     */
    public static @Nullable String at(String text, String pointer) {
        int position = skipSpace(text, 0);
        if (!pointer.isEmpty()) {
            for (String segment : pointer.substring(1).split("/", -1)) {
                position = child(text, position, segment.replace("~1", "/").replace("~0", "~"));
                if (position < 0) return null;
            }
        }
        return text.substring(position, valueEnd(text, position));
    }

    private static int child(String text, int container, String segment) {
        return switch (text.charAt(container)) {
            case '{' -> property(text, container, segment);
            case '[' -> element(text, container, segment);
            default -> -1;
        };
    }

    private static int property(String text, int object, String name) {
        int i = skipSpace(text, object + 1);
        while (text.charAt(i) != '}') {
            int keyEnd = stringEnd(text, i);
            int value = skipSpace(text, skipSpace(text, keyEnd) + 1);
            if (isName(text, i, keyEnd, name)) return value;
            i = next(text, value);
        }
        return -1;
    }

    private static boolean isName(String text, int from, int to, String name) {
        if (text.indexOf('\\', from, to) < 0) {
            return to - from - 2 == name.length() && text.startsWith(name, from + 1);
        }
        return name.equals(Codec.STANDARD.unquote(text.substring(from, to)));
    }

    private static int element(String text, int array, String segment) {
        if (!segment.matches("0|[1-9]\\d{0,8}")) return -1;
        int i = skipSpace(text, array + 1);
        for (int left = Integer.parseInt(segment); text.charAt(i) != ']'; left--) {
            if (left == 0) return i;
            i = next(text, i);
        }
        return -1;
    }

    /** From a member's value to the next member, or to the closing bracket. */
    private static int next(String text, int value) {
        int end = skipSpace(text, valueEnd(text, value));
        return text.charAt(end) == ',' ? skipSpace(text, end + 1) : end;
    }
}
