package dev.pawl.graph;

import org.jspecify.annotations.Nullable;

/**
 * A way from one node to another.
 *
 * @param label what it is called, in shapes and messages: {@code when 1}, {@code otherwise}
 * @param to null for the end of the graph
 * @param condition null if it needs none
 */
record Edge<S>(String label, @Nullable Node<S> to, @Nullable Condition<S> condition) {

    static final String THEN = "then";
    static final String OTHERWISE = "otherwise";

    /** The name of the node that it leads to; null for the end. */
    @Nullable
    String target() {
        return to == null ? null : to.name();
    }
}
