package dev.pawl.boundary;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a scan has found: one for a line and a kind of thing, however often it is reached. */
final class Findings {

    private record Place(String className, int line, String method, Outside kind) {}

    private final Set<Place> places = new HashSet<>();
    private final List<Finding> all = new ArrayList<>();

    void add(Method method, int line, Outside kind, String by, List<String> calledFrom) {
        var file = method.in();
        var className = file.title();
        if (!places.add(new Place(className, line, method.label(), kind))) return;
        all.add(new Finding(
                className, method.label(), file.source(), line, kind.does + " (" + by + ")", kind.instead, calledFrom));
    }

    List<Finding> all() {
        return List.copyOf(all);
    }
}
