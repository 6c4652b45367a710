package dev.pawl.sql;

import dev.pawl.core.Failure;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.annotation.JsonDeserialize;

/**
 * What came back, as it is recorded. Values are strings, booleans, null, {@code Long} (beyond its range {@code BigInteger}) for whole
 * numbers, {@code BigDecimal} for all others; times are ISO text, points in time in UTC; UUIDs are text; bytes are base64;
 * JSON columns are maps, lists and these. The same when it is read from the journal as when it was asked for.
 *
 * @param rows in their order, by column labels in lower case, in the order of the columns
 * @param updated how many rows were changed; 0 for a query
 */
public record SqlAnswer(
        @JsonDeserialize(using = RowsReader.class) List<Map<String, @Nullable Object>> rows, int updated) {

    private static final TypeRef<Map<String, Object>> ROW = new TypeRef<>() {};

    public SqlAnswer {
        rows = rows.stream().map(SqlAnswer::fixed).toList();
    }

    private static Map<String, @Nullable Object> fixed(Map<String, @Nullable Object> row) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(row));
    }

    /**
     * The rows as records with components named as the columns.
     *
     * @throws Failure.Logic if one does not fit
     */
    public <T> List<T> rows(Class<T> type) {
        var as = TypeRef.of(type);
        return rows.stream()
                .map(row -> Codec.STANDARD.read(Codec.STANDARD.write(row, ROW, "A row"), as, "A row"))
                .toList();
    }
}
