package dev.pawl.boundary;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The user's own code: the classes that come from the same jar or classes folder. Where Pawl comes from there too, somebody
 * has packed everything into one jar, and own are those that share the first two parts of the package.
 */
final class OwnCode {

    private static final String PAWL = Boundary.class.getName().replace('.', '/');
    private static final String OF_THE_JDK = "jrt:";
    private static final String OBJECT = "java/lang/Object";

    private final ClassFiles files;
    private final String location;
    private final String packages;

    private OwnCode(ClassFiles files, String location, String packages) {
        this.files = files;
        this.location = location;
        this.packages = packages;
    }

    static OwnCode around(ClassFile start, ClassFiles files) {
        var location = start.location();
        var pawl = files.find(PAWL);
        boolean mixed = pawl != null && pawl.location().equals(location);
        return new OwnCode(files, location, mixed ? packages(start.name()) : "");
    }

    /** {@code com/acme/} for {@code com/acme/support/Nodes}; as many parts as there are, if there are fewer. */
    private static String packages(String name) {
        int first = name.indexOf('/') + 1;
        int second = name.indexOf('/', first) + 1;
        return name.substring(0, Math.max(first, second));
    }

    boolean has(String name) {
        if (name.startsWith("java/") || !name.startsWith(packages)) return false;
        var file = files.find(name);
        return file != null
                && file.location().equals(location)
                && !file.location().startsWith(OF_THE_JDK);
    }

    /** What a call may run, as far as its static type says. Not what connectors do: they are the outside. */
    List<Method> targets(Use.Call call) {
        var callee = call.callee();
        if (!has(callee.owner()) || files.isConnector(callee.owner())) return List.of();
        var targets = new LinkedHashSet<Method>();
        find(callee.owner(), callee.key()).ifPresent(targets::add);
        if (call.virtual()) addPermitted(callee.owner(), callee.key(), targets);
        return List.copyOf(targets);
    }

    /** Of a sealed type everybody knows who implements it. */
    private void addPermitted(String type, String key, Set<Method> targets) {
        var file = files.find(type);
        if (file == null) return;
        for (var permitted : file.permitted()) {
            if (!has(permitted) || files.isConnector(permitted)) continue;
            find(permitted, key).ifPresent(targets::add);
            addPermitted(permitted, key, targets);
        }
    }

    /** What a class, or the nearest one that it extends, or an interface of it, has as this method. */
    private Optional<Method> find(String type, String key) {
        for (String next = type; next != null && has(next); ) {
            var file = files.find(next);
            if (file == null) break;
            var method = file.methods().get(key);
            if (method != null) return Optional.of(method);
            next = file.superclass();
        }
        if (key.startsWith(Use.Member.CONSTRUCTOR)) return Optional.empty();
        return files.ancestors(type).stream()
                .filter(this::has)
                .flatMap(ancestor -> Stream.ofNullable(files.find(ancestor)))
                .flatMap(file -> Stream.ofNullable(file.methods().get(key)))
                .findFirst();
    }

    /**
     * The methods of a class by which others may call it without knowing it.
     *
     * @param interfacesOnly whether those of its superclasses do not count
     */
    List<Method> implementing(String type, boolean interfacesOnly) {
        var methods = new LinkedHashSet<Method>();
        for (var ancestor : files.ancestors(type)) {
            if (ancestor.equals(type) || ancestor.equals(OBJECT)) continue;
            var file = files.find(ancestor);
            if (file == null || (interfacesOnly && !file.isInterface())) continue;
            for (var key : file.ofObjects()) find(type, key).ifPresent(methods::add);
        }
        return new ArrayList<>(methods);
    }
}
