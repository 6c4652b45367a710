package dev.pawl.schema;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaException;
import com.networknt.schema.ValidationLimitExceededException;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Canonical;
import dev.pawl.json.Codec;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What a JSON document has to look like, as a JSON Schema of draft-07 or 2020-12: the one that {@code $schema} names, and
 * 2020-12 if there is none. Formats are checked, not only noted. Everything a schema refers to has to be inside of it:
 * nothing is ever fetched from a network or a file.
 *
 * <p>A {@code pattern} or {@code format} that has a {@code title} beside it beginning with "a" or "an" is told to people in
 * these words: {@code "title": "a UUID in lower case"}.
 *
 * <p>Two of the same content are equal. Immutable and thread-safe.
 */
public final class JsonSchema {

    /** How many violations a message tells. */
    private static final int TOLD = 10;

    private final Json json;
    private final JsonNode tree;
    private final Schema compiled;

    private JsonSchema(Json json, JsonNode tree, Schema compiled) {
        this.json = json;
        this.tree = tree;
        this.compiled = compiled;
    }

    /** {@link #of(Json)} for a text. */
    public static JsonSchema of(String schema) {
        return of(new Json(schema));
    }

    /**
     * The schema that this document is.
     *
     * @throws Failure.Logic if it is none: malformed, of another draft, or referring to what is not inside of it
     */
    public static JsonSchema of(Json schema) {
        return of(Codec.STANDARD.tree(schema));
    }

    /** {@link #of(Json)} for a tree, which must not change afterwards. */
    public static JsonSchema of(JsonNode schema) {
        try {
            var draft = Draft.of(schema);
            var wrong = Finding.of(draft.meta().validate(schema), draft.meta().getSchemaNode());
            if (!wrong.isEmpty()) throw new Failure.Logic(list(wrong));
            refuseReferences(schema);
            return new JsonSchema(new Json(Canonical.of(schema)), schema, draft.compile(schema));
        } catch (Failure.Logic refused) {
            throw new Failure.Logic("This is no JSON Schema that can be used: " + refused.getMessage(), refused);
        } catch (SchemaException refused) {
            throw new Failure.Logic(
                    "This is no JSON Schema that can be used: " + refused.getMessage()
                            + " What a schema refers to has to be inside of it; nothing is fetched.",
                    refused);
        }
    }

    /** The library looks for these only when it meets them in a document. */
    private static void refuseReferences(JsonNode schema) {
        for (JsonNode reference : schema.findValues("$dynamicRef")) {
            if (reference.isString() && !reference.stringValue().startsWith("#")) {
                throw new Failure.Logic(
                        "its $dynamicRef " + reference + " leads outside of it, and nothing is fetched.");
            }
        }
    }

    /**
     * What is wrong with a document; empty if it fits.
     *
     * @throws Failure.Logic if it is not valid JSON, or if it is nested too deep to be checked
     */
    public List<Violation> check(Json document) {
        return check(Codec.STANDARD.tree(document));
    }

    /** {@link #check(Json)} for a tree. */
    public List<Violation> check(JsonNode document) {
        try {
            return Finding.of(compiled.validate(document), tree);
        } catch (ValidationLimitExceededException tooDeep) {
            throw new Failure.Logic(
                    "The document cannot be checked: it is nested too deep, or the schema refers to itself without end.",
                    tooDeep);
        } catch (SchemaException refused) {
            throw new Failure.Logic("The document cannot be checked: " + refused.getMessage(), refused);
        }
    }

    /**
     * Passes what fits.
     *
     * @param what what the value is, as the beginning of an error message: {@code The input of node "draft"}
     * @throws Failure.Logic if the value does not fit; the message lists the first ten violations
     */
    public void require(String what, Json value) {
        require(what, check(value));
    }

    /** The same for a tree. */
    public void require(String what, JsonNode value) {
        require(what, check(value));
    }

    private static void require(String what, List<Violation> wrong) {
        if (!wrong.isEmpty()) throw new Failure.Logic(what + " does not fit its schema: " + list(wrong));
    }

    /** Violations for a message, a bounded number of them. */
    static String list(List<Violation> violations) {
        return violations.stream().limit(TOLD).map(Violation::toString).collect(Collectors.joining("; "))
                + (violations.size() > TOLD ? "; and " + (violations.size() - TOLD) + " more" : "")
                + ".";
    }

    /** The schema in canonical form, for the shapes of programs. */
    public Json json() {
        return json;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof JsonSchema schema && json.equals(schema.json);
    }

    @Override
    public int hashCode() {
        return json.hashCode();
    }

    @Override
    public String toString() {
        return json.text();
    }
}
