package dev.pawl.schema;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * The envelopes in which agents send each other messages, in two families. The first, in draft-07, has the types
 * {@code specialist-invocation}, {@code specialist-result}, {@code retry-directive} and {@code decision}. The later one of
 * A2A, in 2020-12, has a {@code meta} and a {@code payload}, and the types {@code SpecialistInvocationRequest}, {@code SpecialistResult}, {@code RetryDirective}, {@code DecisionNotice}
 * and {@code TaskRequest}, which {@code meta/type} has to name too. Properties that a type does not know are allowed.
 * The schemas are resources beside this class. Thread-safe.
 */
public final class Envelopes {

    private static final Map<String, JsonSchema> SCHEMAS = new TreeMap<>();

    static {
        read(
                "envelopes.json",
                "definitions",
                List.of("specialist-invocation", "specialist-result", "retry-directive", "decision"));
        read(
                "envelopes-a2a.json",
                "$defs",
                List.of(
                        "SpecialistInvocationRequest",
                        "SpecialistResult",
                        "RetryDirective",
                        "DecisionNotice",
                        "TaskRequest"));
    }

    private Envelopes() {}

    /** The types that are known, sorted. */
    public static List<String> types() {
        return List.copyOf(SCHEMAS.keySet());
    }

    /**
     * The schema of a type.
     *
     * @throws Failure.Logic if the type is not known
     */
    public static JsonSchema schema(String type) {
        var schema = SCHEMAS.get(type);
        if (schema == null) {
            throw new Failure.Logic(
                    "Unknown message type \"" + type + "\". Known are " + String.join(", ", types()) + ".");
        }
        return schema;
    }

    /**
     * What is wrong with a message; empty if it is valid.
     *
     * @throws Failure.Logic if the type is not known, or the message is not valid JSON
     */
    public static List<Violation> check(String type, Json message) {
        return schema(type).check(message);
    }

    /**
     * Passes what is valid.
     *
     * @throws Failure.Logic if the message is not; its own message names what is wrong and where
     */
    public static void orThrow(String type, Json message) {
        var wrong = check(type, message);
        if (!wrong.isEmpty()) {
            throw new Failure.Logic("Envelope validation failed for " + type + ": " + JsonSchema.list(wrong));
        }
    }

    /** Each type becomes a schema that holds its whole family, because the types share definitions. */
    private static void read(String resource, String definitions, List<String> types) {
        JsonNode family = Codec.STANDARD.tree(new Json(text(resource)));
        for (String type : types) {
            ObjectNode schema = family.deepCopy().asObject();
            schema.putArray("allOf").addObject().put("$ref", "#/" + definitions + "/" + type);
            SCHEMAS.put(type, JsonSchema.of(schema));
        }
    }

    private static String text(String resource) {
        try (InputStream in = Envelopes.class.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException("The resource " + resource + " is not on the class path.");
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
