package dev.pawl.schema;

import dev.pawl.core.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a program may be given and may give back. Immutable and thread-safe.
 *
 * @param input null for anything
 * @param output null for anything
 */
public record Contract(@Nullable JsonSchema input, @Nullable JsonSchema output) {

    /** Anything. */
    public static final Contract NONE = new Contract(null, null);

    /** With another schema for the input. */
    public Contract input(JsonSchema schema) {
        return new Contract(schema, output);
    }

    /** With another schema for the output. */
    public Contract output(JsonSchema schema) {
        return new Contract(input, schema);
    }

    /**
     * Passes an input that fits.
     *
     * @throws dev.pawl.core.Failure.Logic if it does not
     */
    public void requireInput(String what, Json given) {
        if (input != null) input.require(what, given);
    }

    /**
     * Passes an output that fits.
     *
     * @throws dev.pawl.core.Failure.Logic if it does not
     */
    public void requireOutput(String what, Json given) {
        if (output != null) output.require(what, given);
    }
}
