package dev.pawl.spi;

import dev.pawl.core.Json;

/**
 * A program whose input and output have Java types.
 *
 * @param <I> what it is given
 * @param <O> what it gives back
 */
public interface TypedProgram<I, O> extends Program {

    /**
     * The input as JSON.
     *
     * @throws dev.pawl.core.Failure.Logic if it cannot be written as JSON
     */
    Json encode(I input);

    /**
     * The output from JSON.
     *
     * @throws dev.pawl.core.Failure.Logic if the JSON does not fit the type
     */
    O decode(Json output);
}
