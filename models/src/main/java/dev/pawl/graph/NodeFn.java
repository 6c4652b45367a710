package dev.pawl.graph;

import dev.pawl.io.Io;
import java.io.Serializable;

/**
 * The code of a node. Serializable only so that its bytecode can be found; it is never serialized.
 *
 * @param <S> the state
 */
@FunctionalInterface
public interface NodeFn<S> extends Serializable {

    /**
     * Makes the next state. The same state and the same answers of {@code io} must give the same next state.
     *
     * @param state what the step before gave back; do not change it, give back a new one
     */
    S apply(S state, Io io) throws Exception;
}
