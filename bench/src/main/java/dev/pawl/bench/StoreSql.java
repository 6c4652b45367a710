package dev.pawl.bench;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A statement of the store, read from the store's own resources, so that what is measured without an engine is the very
 * SQL that the engine uses. Reads only statements without parts or tokens.
 *
 * @param sql as JDBC wants it
 * @param positions where each named parameter goes, 1-based
 * @param arrays whether the parameters are arrays, with an element for each row of a batch
 */
record StoreSql(String name, String sql, Map<String, List<Integer>> positions, boolean arrays) {

    private static final Pattern PARAMETER = Pattern.compile("(?<![:\\w]):([a-z_]+)");
    private static final String HEAD = "-- name: ";
    private static final String ARRAYS = " (postgresql)";

    /** The form for a single row. */
    static StoreSql ofRow(String name) {
        return parse(name, text(name, HEAD + name), false);
    }

    /** The form for a whole batch, which only PostgreSQL understands. */
    static StoreSql ofArrays(String name) {
        return parse(name, text(name, HEAD + name + ARRAYS), true);
    }

    /** The same insert, but failing where a row is there already instead of passing over it. */
    StoreSql orFail() {
        return new StoreSql(name, sql.replace("\non conflict do nothing", ""), positions, arrays);
    }

    private static String text(String name, String head) {
        String file = "/dev/pawl/store/" + name.substring(0, name.indexOf('.')) + ".sql";
        try (var stream = StoreSql.class.getResourceAsStream(file)) {
            if (stream == null) {
                throw new IllegalStateException("The store has no resource " + file + ".");
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .dropWhile(line -> !line.equals(head))
                    .skip(1)
                    .takeWhile(line -> !line.startsWith("-- name: ") && !line.startsWith("-- part: "))
                    .filter(line -> !line.startsWith("--") && !line.isBlank())
                    .collect(Collectors.joining("\n"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static StoreSql parse(String name, String text, boolean arrays) {
        if (text.isEmpty()) {
            throw new IllegalStateException("The store has no such form of the statement " + name + ".");
        }
        var positions = new LinkedHashMap<String, List<Integer>>();
        int[] count = {0};
        String sql = PARAMETER.matcher(text).replaceAll(parameter -> {
            positions
                    .computeIfAbsent(parameter.group(1), any -> new ArrayList<>())
                    .add(++count[0]);
            return "?";
        });
        return new StoreSql(name, sql, positions, arrays);
    }
}
