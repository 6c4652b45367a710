package dev.pawl.graph;

import java.io.Serializable;

/**
 * Whether an edge is the one to take. Serializable only so that its bytecode can be found; it is never serialized.
 *
 * @param <S> the state
 */
@FunctionalInterface
public interface Condition<S> extends Serializable {

    /** Looks at the state that the node gave back; at nothing else. */
    boolean holds(S state) throws Exception;
}
