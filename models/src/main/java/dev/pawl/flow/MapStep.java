package dev.pawl.flow;

import dev.pawl.json.TypeRef;
import java.util.List;

/**
 * A step that runs once for each element of a list, side by side, and hands on the list of what came out, in the same
 * order. A list without elements makes it succeed at once.
 *
 * @param <R> what it makes of one element
 */
public final class MapStep<R> extends AnyStep<List<R>, MapStep<R>> implements ListSource<R> {

    private final TypeRef<R> item;

    MapStep(Node node, TypeRef<R> item) {
        super(node, TypeRef.listOf(item), false);
        this.item = item;
    }

    TypeRef<R> item() {
        return item;
    }

    /**
     * At most so many tasks of this map are open at a time, over all workers. There is a limit of 1,000 in any case.
     *
     * @throws DefinitionException if it is less than 1
     */
    public MapStep<R> maxParallel(int tasks) {
        if (tasks < 1) throw refused("maxParallel(" + tasks + "); it must be at least 1");
        node().open().limit(tasks);
        return this;
    }

    /**
     * Lets some elements fail without failing the map, and hands on what succeeded beside what did not. From here on
     * the map is known by the step that this returns.
     */
    public Step<Partial<R>> tolerate(Tolerance tolerance) {
        node().open().tolerance = tolerance;
        return new Step<>(node(), TypeRef.of(Partial.class, item));
    }

    @Override
    MapStep<R> self() {
        return this;
    }
}
