package dev.pawl.flow;

import dev.pawl.json.TypeRef;
import java.util.List;

/**
 * A step that runs once and hands on a list, so that a map can fan out over it.
 *
 * @param <E> the type of the list's elements
 */
public final class ListStep<E> extends AnyStep<List<E>, ListStep<E>> implements ListSource<E> {

    private final TypeRef<E> item;

    ListStep(Node node, TypeRef<E> item) {
        super(node, TypeRef.listOf(item), false);
        this.item = item;
    }

    TypeRef<E> item() {
        return item;
    }

    @Override
    ListStep<E> self() {
        return this;
    }
}
