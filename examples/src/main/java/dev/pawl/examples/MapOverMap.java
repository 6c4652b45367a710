package dev.pawl.examples;

import dev.pawl.flow.Flow;
import java.util.List;

/** Map over map: each map runs over what the one before it made, in the same order. An empty list is no special case. */
public final class MapOverMap {

    /** The flow. */
    public static final Flow<List<Integer>, String> FLOW =
            Flow.defineList("map-over-map", Integer.class, (f, numbers) -> {
                var squares = f.map("square", Integer.class, numbers, n -> n * n);
                var labels =
                        f.mapIndexed("label", String.class, squares, (square, item) -> item.index() + ": " + square);
                return f.step("join", String.class, labels, all -> String.join(", ", all));
            });

    private MapOverMap() {}
}
