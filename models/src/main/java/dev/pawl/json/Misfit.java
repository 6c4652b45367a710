package dev.pawl.json;

import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.exc.MismatchedInputException;
import tools.jackson.databind.exc.ValueInstantiationException;

/** Says why a JSON document does not fit a type: where, what should be there, and what is. */
final class Misfit {

    private static final int SHOWN = 40;
    private static final Set<Class<?>> WHOLE =
            Set.of(int.class, Integer.class, long.class, Long.class, short.class, Short.class, byte.class, Byte.class);
    private static final Set<Class<?>> FRACTIONS = Set.of(double.class, Double.class, float.class, Float.class);

    private Misfit() {}

    static String explain(JacksonException e, JsonNode document) {
        var pointer = new StringBuilder();
        @Nullable JsonNode found = document;
        for (var step : e.getPath()) {
            String name = step.getPropertyName();
            pointer.append('/').append(name == null ? String.valueOf(step.getIndex()) : name);
            if (found != null) found = name == null ? found.get(step.getIndex()) : found.get(name);
        }
        String where = pointer.isEmpty() ? "" : "at " + pointer + " ";
        return switch (e) {
            case ValueInstantiationException refused ->
                where + "its constructor refused " + describe(found) + ": "
                        + (refused.getCause() == null
                                ? refused.getOriginalMessage()
                                : refused.getCause().getMessage());
            case MismatchedInputException mismatch ->
                where + expected(mismatch.getTargetType()) + " is expected, but " + describe(found) + " was found.";
            default -> where + e.getOriginalMessage();
        };
    }

    static String describe(@Nullable JsonNode found) {
        if (found == null || found.isMissingNode()) return "nothing";
        return switch (found.getNodeType()) {
            case OBJECT -> "an object (" + cut(found.toString()) + ")";
            case ARRAY -> "a list (" + cut(found.toString()) + ")";
            case STRING -> "a string (" + cut(found.toString()) + ")";
            case NUMBER -> "a number (" + cut(found.toString()) + ")";
            default -> found.toString();
        };
    }

    private static String expected(@Nullable Class<?> type) {
        if (type == null) return "something else";
        if (CharSequence.class.isAssignableFrom(type)) return "a string";
        if (type == boolean.class || type == Boolean.class) return "true or false";
        if (WHOLE.contains(type)) return "a whole number";
        if (FRACTIONS.contains(type) || Number.class.isAssignableFrom(type)) return "a number";
        if (Collection.class.isAssignableFrom(type) || type.isArray()) return "a list";
        if (type.isEnum()) return "one of " + Arrays.toString(type.getEnumConstants());
        if (type.isRecord() || Map.class.isAssignableFrom(type)) return "an object (" + type.getSimpleName() + ")";
        return type.getSimpleName();
    }

    private static String cut(String text) {
        return text.length() <= SHOWN ? text : text.substring(0, SHOWN) + "…";
    }
}
