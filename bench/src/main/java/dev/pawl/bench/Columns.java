package dev.pawl.bench;

import dev.pawl.core.RunId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** The values of many rows for one statement, column by column. */
final class Columns<T> {

    private final List<T> rows;
    private final Map<String, @Nullable Object[]> columns = new LinkedHashMap<>();
    private final Map<String, Object> constants = new LinkedHashMap<>();

    Columns(List<T> rows) {
        this.rows = rows;
    }

    Columns<T> ids(String name, Function<T, @Nullable RunId> value) {
        return add(name, byte[][]::new, row -> bytes(value.apply(row)));
    }

    private static byte @Nullable [] bytes(@Nullable RunId id) {
        return id == null ? null : id.bytes();
    }

    Columns<T> texts(String name, Function<T, @Nullable String> value) {
        return add(name, String[]::new, value);
    }

    Columns<T> ints(String name, Function<T, @Nullable Integer> value) {
        return add(name, Integer[]::new, value);
    }

    Columns<T> smalls(String name, Function<T, Integer> value) {
        return add(name, Short[]::new, row -> value.apply(row).shortValue());
    }

    Columns<T> longs(String name, Function<T, @Nullable Long> value) {
        return add(name, Long[]::new, value);
    }

    /** A parameter that is the same for all rows. */
    Columns<T> all(String name, Object value) {
        constants.put(name, value);
        return this;
    }

    private Columns<T> add(
            String name, IntFunction<@Nullable Object[]> array, Function<T, ? extends @Nullable Object> value) {
        var values = array.apply(rows.size());
        for (int i = 0; i < values.length; i++) {
            values[i] = value.apply(rows.get(i));
        }
        columns.put(name, values);
        return this;
    }

    int size() {
        return rows.size();
    }

    Map<String, @Nullable Object[]> columns() {
        return columns;
    }

    Map<String, Object> constants() {
        return constants;
    }
}
