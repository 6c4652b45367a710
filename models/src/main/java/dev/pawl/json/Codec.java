package dev.pawl.json;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.databind.type.TypeFactory;

/**
 * Values of Java to JSON and back. Strict about kinds: a string is never taken for a number, nor a fraction for a whole
 * number, because a payload that only seems to fit is found out too late. Lenient about properties that it
 * does not know or that are missing (they read as null, zero, or an empty optional): runs outlive deployments, so code
 * must be able to read what newer and older code wrote. Thread-safe.
 */
public final class Codec {

    static final TypeFactory TYPES = TypeFactory.createDefaultInstance();

    /** The one that everything uses. */
    public static final Codec STANDARD = new Codec();

    private final JsonMapper mapper = JsonMapper.builder(
                    JsonFactory.builder().recyclerPool(Recyclers.SHARED).build())
            .typeFactory(TYPES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS, MapperFeature.SORT_PROPERTIES_ALPHABETICALLY)
            .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .enable(
                    SerializationFeature
                            .FAIL_ON_EMPTY_BEANS) // better than {} for an object whose fields cannot be seen
            .withCoercionConfig(
                    LogicalType.Textual,
                    textual -> textual.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                            .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
            .addMixIn(dev.pawl.core.Problem.class, ProblemMixIn.class)
            .build();

    /** Numbers keep all their digits in trees, so that comparing them is exact. */
    private final ObjectReader trees =
            mapper.readerFor(JsonNode.class).with(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private Codec() {}

    /**
     * The value as JSON.
     *
     * @param what what the value is, as the beginning of an error message: {@code The output of step "split"}
     * @throws Failure.Logic if the value cannot be written as its type says
     */
    public Json write(@Nullable Object value, TypeRef<?> type, String what) {
        try {
            return new Json(mapper.writerFor(type.javaType()).writeValueAsString(value));
        } catch (JacksonException e) {
            throw new Failure.Logic(
                    what + " cannot be written as JSON (as " + type + "): " + e.getOriginalMessage(), e);
        }
    }

    /**
     * The JSON as a value.
     *
     * @param what what the JSON is, as the beginning of an error message: {@code The input of flow "census"}
     * @return null only for the JSON value {@code null}
     * @throws Failure.Logic if the JSON does not fit the type; the message says where, what it should be, and what it is
     */
    @SuppressWarnings("NullAway") // T may be a type of values that are sometimes null; only the caller knows
    public <T> T read(Json json, TypeRef<T> type, String what) {
        try {
            return mapper.readValue(json.text(), type.javaType());
        } catch (JacksonException e) {
            throw new Failure.Logic(what + " does not fit " + type + ": " + Misfit.explain(e, tree(json, what)), e);
        }
    }

    /** The same from a tree. */
    @SuppressWarnings("NullAway") // T may be a type of values that are sometimes null; only the caller knows
    public <T> T read(JsonNode tree, TypeRef<T> type, String what) {
        try {
            return mapper.readerFor(type.javaType()).readValue(tree);
        } catch (JacksonException e) {
            throw new Failure.Logic(what + " does not fit " + type + ": " + Misfit.explain(e, tree), e);
        }
    }

    /**
     * The JSON as a tree.
     *
     * @throws Failure.Logic if it is not valid JSON
     */
    public JsonNode tree(Json json) {
        return tree(json, "This");
    }

    private JsonNode tree(Json json, String what) {
        try {
            return trees.readValue(json.text());
        } catch (JacksonException e) {
            throw new Failure.Logic(what + " is not valid JSON: " + e.getOriginalMessage(), e);
        }
    }

    /**
     * JSON as a person typed it, checked and on one line.
     *
     * @throws Failure.Logic if it is not valid JSON
     */
    public Json compact(String text) {
        return new Json(tree(new Json(text)).toString());
    }

    /** What a JSON value is, for error messages: {@code a string ("7")}. */
    public String describe(@Nullable Json json) {
        return Misfit.describe(json == null ? null : tree(json));
    }

    String unquote(String quoted) {
        return mapper.readValue(quoted, String.class);
    }
}
