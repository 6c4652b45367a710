package dev.pawl.core;

/**
 * A JSON document as text. Opaque to the kernel: only the models read and write what is inside, so absent (no
 * {@code Json} at all), {@code null}, {@code false}, {@code 0}, {@code ""} and {@code []} stay six different values.
 *
 * @param text a complete JSON document; never empty, without raw line breaks
 */
public record Json(String text) {

    /** The JSON value {@code null}, which is not the same as no value. */
    public static final Json NULL = new Json("null");

    /** Quotes a string as a JSON string (RFC 8259, section 7). */
    public static String quote(String value) {
        var quoted = new StringBuilder(value.length() + 2).append('"');
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            switch (c) {
                case '"' -> quoted.append("\\\"");
                case '\\' -> quoted.append("\\\\");
                case '\n' -> quoted.append("\\n");
                case '\r' -> quoted.append("\\r");
                case '\t' -> quoted.append("\\t");
                default -> {
                    if (c < 0x20) quoted.append(String.format("\\u%04x", (int) c));
                    else quoted.append(c);
                }
            }
        }
        return quoted.append('"').toString();
    }

    /** A regular expression for a JSON string, as one group: for what {@link #unquote} reads. */
    public static final String QUOTED = "(\"(?:[^\"\\\\]++|\\\\.)*+\")";

    /** The string behind a JSON string as {@link #quote} writes it. */
    public static String unquote(String quoted) {
        var value = new StringBuilder(quoted.length());
        for (int i = 1; i < quoted.length() - 1; i++) {
            char c = quoted.charAt(i);
            if (c != '\\') {
                value.append(c);
                continue;
            }
            char escaped = quoted.charAt(++i);
            switch (escaped) {
                case 'n' -> value.append('\n');
                case 'r' -> value.append('\r');
                case 't' -> value.append('\t');
                case 'u' -> {
                    value.append((char) Integer.parseInt(quoted.substring(i + 1, i + 5), 16));
                    i += 4;
                }
                default -> value.append(escaped);
            }
        }
        return value.toString();
    }

    @Override
    public String toString() {
        return text;
    }
}
