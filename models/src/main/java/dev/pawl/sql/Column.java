package dev.pawl.sql;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import java.lang.reflect.Array;
import java.sql.Blob;
import java.sql.Clob;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** One column of a result, whose values come out as JSON has them. */
record Column(int at, String label, int type, String typeName, Dialect dialect) {

    static List<Column> of(ResultSetMetaData data, Dialect dialect) throws SQLException {
        var columns = new ArrayList<Column>();
        for (int at = 1; at <= data.getColumnCount(); at++) {
            columns.add(new Column(
                    at,
                    data.getColumnLabel(at).toLowerCase(Locale.ROOT),
                    data.getColumnType(at),
                    data.getColumnTypeName(at).toLowerCase(Locale.ROOT),
                    dialect));
        }
        return columns;
    }

    @Nullable
    Object value(ResultSet row) throws SQLException {
        if (dialect == Dialect.STANDARD) {
            switch (type) {
                case Types.DATE -> {
                    return text(row.getObject(at, LocalDate.class));
                }
                case Types.TIME -> {
                    // PostgreSQL's timetz says that it is TIME too.
                    return typeName.equals("timetz") ? row.getString(at) : text(row.getObject(at, LocalTime.class));
                }
                case Types.TIMESTAMP -> {
                    // PostgreSQL's timestamptz says that it is TIMESTAMP too.
                    return typeName.equals("timestamptz") ? instant(row) : text(row.getObject(at, LocalDateTime.class));
                }
                case Types.TIMESTAMP_WITH_TIMEZONE -> {
                    return instant(row);
                }
                default -> {}
            }
            if (typeName.equals("json") || typeName.equals("jsonb")) {
                String text = row.getString(at);
                return text == null ? null : Codec.STANDARD.tree(new Json(text));
            }
        }
        return plain(row.getObject(at));
    }

    private @Nullable Object instant(ResultSet row) throws SQLException {
        OffsetDateTime time = row.getObject(at, OffsetDateTime.class);
        return time == null ? null : time.toInstant().toString();
    }

    private static @Nullable Object text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable Object plain(@Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Double number when !Double.isFinite(number) -> number.toString();
            case Float number when !Float.isFinite(number) -> number.toString();
            case Number number -> number;
            case Boolean bool -> bool;
            case byte[] bytes -> Base64.getEncoder().encodeToString(bytes);
            case Clob clob -> clob.getSubString(1, (int) Math.min(Integer.MAX_VALUE, clob.length()));
            case Blob blob ->
                Base64.getEncoder().encodeToString(blob.getBytes(1, (int) Math.min(Integer.MAX_VALUE, blob.length())));
            case java.sql.Array array -> elements(array);
            default -> value.toString();
        };
    }

    private static @Nullable Object elements(java.sql.Array array) throws SQLException {
        Object values = array.getArray();
        var list = new ArrayList<@Nullable Object>();
        for (int i = 0; i < Array.getLength(values); i++) list.add(plain(Array.get(values, i)));
        return list;
    }
}
