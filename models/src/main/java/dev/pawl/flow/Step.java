package dev.pawl.flow;

import dev.pawl.json.TypeRef;

/**
 * A step that runs once.
 *
 * @param <T> what it hands on
 */
public final class Step<T> extends AnyStep<T, Step<T>> {

    Step(Node node, TypeRef<T> type) {
        super(node, type, node.tolerance != null);
    }

    @Override
    Step<T> self() {
        return this;
    }
}
