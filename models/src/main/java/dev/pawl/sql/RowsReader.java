package dev.pawl.sql;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.ValueDeserializer;

/**
 * Reads rows so that numbers keep all their digits and always have the same type: without knowing better, Jackson reads
 * 5 as an Integer where a Long was written, and 0.10 as a Double.
 */
final class RowsReader extends ValueDeserializer<List<Map<String, @Nullable Object>>> {

    @Override
    public List<Map<String, @Nullable Object>> deserialize(JsonParser in, DeserializationContext context) {
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        while (in.nextToken() != JsonToken.END_ARRAY) rows.add(object(in));
        return rows;
    }

    private static Map<String, @Nullable Object> object(JsonParser in) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        while (in.nextToken() != JsonToken.END_OBJECT) {
            String name = in.currentName();
            in.nextToken();
            values.put(name, value(in));
        }
        return values;
    }

    private static List<@Nullable Object> array(JsonParser in) {
        var values = new ArrayList<@Nullable Object>();
        while (in.nextToken() != JsonToken.END_ARRAY) values.add(value(in));
        return values;
    }

    private static @Nullable Object value(JsonParser in) {
        return switch (in.currentToken()) {
            case START_OBJECT -> object(in);
            case START_ARRAY -> array(in);
            case VALUE_NULL -> null;
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NUMBER_INT ->
                in.getNumberType() == JsonParser.NumberType.BIG_INTEGER ? in.getBigIntegerValue() : in.getLongValue();
            case VALUE_NUMBER_FLOAT -> in.getDecimalValue();
            default -> in.getString();
        };
    }
}
