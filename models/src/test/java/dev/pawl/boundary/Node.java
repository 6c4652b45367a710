package dev.pawl.boundary;

import java.io.Serializable;
import java.util.List;

/** Stands for what a graph takes as a node. */
@FunctionalInterface
interface Node extends Serializable {
    Object run(String state) throws Exception;

    /** What it does, as found, without the places. */
    static List<String> does(Node node) {
        return Boundary.scan(List.of(node)).stream().map(Finding::what).toList();
    }

    static Finding only(Node node) {
        var found = Boundary.scan(List.of(node));
        if (found.size() != 1) throw new AssertionError("Not one: " + found);
        return found.getFirst();
    }
}
