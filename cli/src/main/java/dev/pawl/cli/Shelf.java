package dev.pawl.cli;

import dev.pawl.core.RunDetails;
import dev.pawl.spi.Program;
import dev.pawl.spi.Programs;
import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The programs at hand: the examples, and what every jar brings. */
final class Shelf {

    private static final ClassLoader OURS = Shelf.class.getClassLoader();
    private static final String SERVICE = "META-INF/services/" + Programs.class.getName();

    /**
     * One program.
     *
     * @param jar the jar that it came in; null for an example
     */
    record Item(Program program, @Nullable Path jar) {
        String name() {
            return program.name();
        }

        /** Without the model in front. */
        String shortName() {
            return name().substring(name().indexOf(':') + 1);
        }

        String source() {
            return jar == null ? "examples" : jar.toString();
        }
    }

    private final List<Item> items;

    private Shelf(List<Item> items) {
        this.items = items;
    }

    static Shelf load(List<Path> jars) {
        var items = new ArrayList<Item>();
        for (Program program : provided(OURS, "The examples")) items.add(new Item(program, null));
        for (Path jar : jars) {
            require(jar);
            var loader = new URLClassLoader(new URL[] {url(jar)}, OURS);
            for (Program program : provided(loader, "The jar " + jar)) items.add(new Item(program, jar));
        }
        var seen = new HashMap<String, Item>();
        for (Item item : items) {
            var twin = seen.putIfAbsent(
                    item.program().name() + " version " + item.program().version(), item);
            if (twin == null) continue;
            throw Complaint.refused(
                    "Two programs are called %s in version %s, one from %s and one from %s. Rename one, or give it another version."
                            .formatted(item.program().name(), item.program().version(), twin.source(), item.source()));
        }
        return new Shelf(List.copyOf(items));
    }

    private static void require(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw Complaint.usage("There is no file " + jar + " (given with --jar).");
        }
        try (var file = new JarFile(jar.toFile())) {
            if (file.getEntry(SERVICE) != null) return;
        } catch (IOException notAJar) {
            throw Complaint.usage(
                    jar + " (given with --jar) cannot be read as a jar: " + notAJar.getMessage() + ".", notAJar);
        }
        throw Complaint.usage(jar + " brings no programs: it has no " + SERVICE
                + ". List in it the class that implements " + Programs.class.getName() + ".");
    }

    private static URL url(Path jar) {
        try {
            return jar.toUri().toURL();
        } catch (MalformedURLException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }

    /** What one loader itself provides, without what its parent does. */
    private static List<Program> provided(ClassLoader loader, String what) {
        try {
            return ServiceLoader.load(Programs.class, loader).stream()
                    .filter(provider ->
                            loader.equals(OURS) || loader.equals(provider.type().getClassLoader()))
                    .flatMap(provider -> provider.get().programs().stream())
                    .toList();
        } catch (ServiceConfigurationError | LinkageError | RuntimeException broken) {
            Throwable cause = broken;
            while (cause.getCause() != null) cause = cause.getCause();
            throw Complaint.refused(
                    what + " cannot give its programs: "
                            + (cause.getMessage() == null ? cause.toString() : cause.getMessage()),
                    broken);
        }
    }

    List<Item> items() {
        return items;
    }

    List<Program> programs() {
        return items.stream().map(Item::program).toList();
    }

    /** The code of a run, in its version; none if it is not at hand. */
    List<Program> of(RunDetails run) {
        return programs().stream()
                .filter(program -> program.name().equals(run.program())
                        && program.version().equals(run.version()))
                .toList();
    }

    /**
     * All versions of one program, the newest last.
     *
     * @param name with or without the model in front
     * @throws Complaint if there is none, or programs of two models have this name
     */
    List<Program> named(String name) {
        var found = items.stream()
                .filter(item -> item.name().equals(name) || item.shortName().equals(name))
                .toList();
        var names = found.stream().map(Item::name).distinct().toList();
        if (names.size() == 1) return found.stream().map(Item::program).toList();
        if (names.size() > 1)
            throw Complaint.usage("'" + name + "' could be " + String.join(" or ", names) + ". Say which.");
        throw Complaint.notFound("There is no program '" + name + "'. Known here: " + names(items.stream())
                + ". A jar of yours is loaded with --jar FILE.");
    }

    private static String names(Stream<Item> items) {
        return items.map(Item::shortName).distinct().collect(Collectors.joining(", "));
    }
}
