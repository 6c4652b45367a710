package dev.pawl.http;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.JsonSchema;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;

/**
 * What came back, as it is recorded.
 *
 * @param status the status of the last answer, after redirects
 * @param headers by lower-case names; several of one name joined by commas; cookies and other secrets are {@code ***}
 * @param body as text; empty if there was none
 */
public record HttpAnswer(int status, Map<String, String> headers, String body) {

    public HttpAnswer {
        headers = Collections.unmodifiableMap(new TreeMap<>(headers));
    }

    /**
     * The body as a value.
     *
     * @return null only for the JSON value {@code null}
     * @throws Failure.Logic if the body is not JSON or does not fit
     */
    public <T> T json(Class<T> type) {
        return json(TypeRef.of(type));
    }

    /**
     * The body as a value.
     *
     * @param schema what it must look like
     * @throws Failure.Logic if the body is not JSON or does not fit; the message says where
     */
    public <T> T json(Class<T> type, JsonSchema schema) {
        schema.require("The body of the answer with status " + status, new Json(body));
        return json(type);
    }

    /** The body as a value, for types with type arguments; as {@link #json(Class)}. */
    public <T> T json(TypeRef<T> type) {
        return Codec.STANDARD.read(new Json(body), type, "The body of the answer with status " + status);
    }
}
