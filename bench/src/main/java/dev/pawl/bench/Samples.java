package dev.pawl.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Figures under their names, gathered repetition by repetition. */
final class Samples {

    private final Map<String, List<Double>> figures = new LinkedHashMap<>();

    void add(String name, double figure) {
        figures.computeIfAbsent(name, any -> new ArrayList<>()).add(figure);
    }

    /** All figures of a name, in the order in which they came. */
    Series series(String name) {
        return new Series(figures.getOrDefault(name, List.of()));
    }
}
