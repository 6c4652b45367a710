package dev.pawl.boundary;

import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The class files that a class loader sees, each read at most once. For one scan and one thread. */
final class ClassFiles {

    private static final Logger LOG = LoggerFactory.getLogger(Boundary.class);

    // By name, so that looking needs nothing of what it looks for.
    private static final String CONNECTOR = "dev/pawl/io/Connector";
    private static final List<String> OUTSIDE = List.of("dev/pawl/io/", "dev/pawl/job/");

    private final ClassLoader loader;
    private final Map<String, Optional<ClassFile>> files = new HashMap<>();
    private final Map<String, Set<String>> ancestors = new HashMap<>();

    private final Bans bans = new Bans(this);

    ClassFiles(ClassLoader loader) {
        this.loader = loader;
    }

    /** What is forbidden, which depends on what extends what. */
    Bans bans() {
        return bans;
    }

    /** Says that something was not looked at. */
    static void unseen(String what, String why) {
        LOG.debug("Not looked at: {}: {}", what, why);
    }

    /**
     * A class by its internal name.
     *
     * @return null if there is no file, as for classes that a program made while it ran
     */
    @Nullable
    ClassFile find(String name) {
        return files.computeIfAbsent(
                        name,
                        key -> Optional.ofNullable(loader.getResource(key + ".class"))
                                .map(url -> new ClassFile(key, url, loader)))
                .orElse(null);
    }

    /** A class and all that it extends and implements, by their internal names, the nearest first. */
    Set<String> ancestors(String name) {
        var known = ancestors.get(name);
        if (known != null) return known;
        var all = new LinkedHashSet<>(List.of(name));
        var open = new ArrayDeque<>(all);
        for (var next = open.poll(); next != null; next = open.poll()) {
            var file = find(next);
            if (file == null) continue;
            for (var parent : file.parents()) if (all.add(parent)) open.add(parent);
        }
        ancestors.put(name, all);
        return all;
    }

    /** Whether it is a kind of call to the outside. */
    boolean isConnector(String name) {
        return ancestors(name).contains(CONNECTOR);
    }

    /** Whether it is made for what {@code io} runs: its lambdas may do what they want. */
    boolean isForOutside(String type) {
        return ancestors(type).stream().anyMatch(name -> OUTSIDE.stream().anyMatch(name::startsWith));
    }
}
