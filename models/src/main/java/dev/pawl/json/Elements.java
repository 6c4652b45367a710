package dev.pawl.json;

import dev.pawl.core.Json;
import java.util.Arrays;

/**
 * A JSON list of which each element can be taken out in constant time. Immutable.
 *
 * <p>Only where the elements begin is kept beside the text: four bytes an element, however large it is.
 */
public final class Elements {

    private final String text;
    private final int[] starts;
    private final int size;

    private Elements(String text, int[] starts, int size) {
        this.text = text;
        this.starts = starts;
        this.size = size;
    }

    /** Whether the document is a list. */
    public static boolean isList(String json) {
        return json.charAt(JsonScan.skipSpace(json, 0)) == '[';
    }

    /** The elements of a document that {@linkplain #isList is a list}. */
    public static Elements of(String list) {
        var starts = new int[16];
        int size = 0;
        int i = JsonScan.skipSpace(list, JsonScan.skipSpace(list, 0) + 1);
        while (list.charAt(i) != ']') {
            if (size == starts.length) starts = Arrays.copyOf(starts, size * 2);
            starts[size++] = i;
            i = JsonScan.skipSpace(list, JsonScan.valueEnd(list, i));
            if (list.charAt(i) == ',') i = JsonScan.skipSpace(list, i + 1);
        }
        return new Elements(list, starts, size);
    }

    /** How many there are. */
    public int size() {
        return size;
    }

    /** One of them, as it stands in the list. */
    public Json get(int index) {
        int start = starts[index];
        return new Json(text.substring(start, JsonScan.valueEnd(text, start)));
    }

    /** About how much memory this takes, in bytes. */
    public long bytes() {
        return 2L * text.length() + 4L * starts.length;
    }
}
