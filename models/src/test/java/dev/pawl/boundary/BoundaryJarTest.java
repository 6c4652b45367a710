package dev.pawl.boundary;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Serializable;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is own code and what is not, with real jars: one node that calls its own company's code and a library. */
class BoundaryJarTest {

    private static final String NODES = "com/acme/app/Nodes";
    private static final String TIMES = "com/acme/shared/Times";
    private static final String CLOCKS = "org/library/Clocks";
    private static final String PAWL = "dev/pawl/boundary/Boundary";

    private static final Map<String, String> SOURCES = Map.of(
            NODES, """
            package com.acme.app;
            public class Nodes implements java.util.function.Supplier<Object> {
                interface Node extends java.util.function.Supplier<Object>, java.io.Serializable {}
                @Override public Object get() {
                    Node both = () -> "" + com.acme.shared.Times.now() + org.library.Clocks.now() + Math.random();
                    Node library = org.library.Clocks::now;
                    return java.util.List.of(both, library);
                }
            }
            """,
            TIMES, """
            package com.acme.shared;
            public class Times {
                public static Object now() { return java.time.Instant.now(); }
            }
            """,
            CLOCKS, """
            package org.library;
            public class Clocks {
                public static Object now() { return java.time.LocalDate.now(); }
            }
            """);

    @TempDir
    private Path folder;

    /** Compiles the sources, and gives all classes by their paths. */
    private Map<String, byte[]> compiled(String release) throws IOException {
        var command = new ArrayList<>(
                List.of("--release", release, "-d", folder.resolve("classes").toString()));
        for (var source : SOURCES.entrySet()) {
            var file = folder.resolve("sources").resolve(source.getKey() + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source.getValue());
            command.add(file.toString());
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, command.toArray(String[]::new)))
                .isZero();
        var classes = new TreeMap<String, byte[]>();
        try (var files = Files.walk(folder.resolve("classes"))) {
            for (var file : files.filter(Files::isRegularFile).toList()) {
                classes.put(folder.resolve("classes").relativize(file).toString(), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private URL jar(String name, Map<String, byte[]> classes, String... beginnings) throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().put(Attributes.Name.MULTI_RELEASE, "true");
        var file = folder.resolve(name);
        try (var jar = new JarOutputStream(Files.newOutputStream(file), manifest)) {
            for (var one : classes.entrySet()) {
                if (List.of(beginnings).stream().noneMatch(one.getKey()::startsWith)) continue;
                jar.putNextEntry(new ZipEntry(one.getKey()));
                jar.write(one.getValue());
            }
        }
        return file.toUri().toURL();
    }

    /** What the nodes do that the jars together have: the one that calls both, and the library's. */
    private static List<List<String>> does(URL... jars) throws Exception {
        try (var loader = new URLClassLoader(jars, ClassLoader.getPlatformClassLoader())) {
            var nodes = (Supplier<?>)
                    loader.loadClass(NODES.replace('/', '.')).getConstructor().newInstance();
            return ((Collection<?>) nodes.get())
                    .stream()
                            .map(node -> Boundary.scan(List.of((Serializable) node)).stream()
                                    .map(Finding::what)
                                    .sorted()
                                    .toList())
                            .toList();
        }
    }

    private static final String OF_OURS = "reads the clock (Instant.now)";
    private static final String OF_LIBRARY = "reads the clock (LocalDate.now)";
    private static final String OF_NODE = "draws random numbers (Math.random)";

    static List<String> releases() {
        return List.of("21", String.valueOf(Runtime.version().feature()));
    }

    @ParameterizedTest
    @MethodSource("releases")
    void code_of_the_same_jar_is_followed_and_code_of_another_is_not(String release) throws Exception {
        var classes = compiled(release);
        var app = jar("app.jar", classes, "com/acme/");
        var library = jar("library.jar", classes, "org/library/");
        assertThat(does(app, library)).containsExactly(List.of(OF_NODE, OF_OURS), List.of(OF_LIBRARY));
    }

    @Test
    void code_of_the_same_jar_is_own_whatever_it_is_called() throws Exception {
        assertThat(does(jar("app.jar", compiled("21"), "")))
                .containsExactly(List.of(OF_NODE, OF_OURS, OF_LIBRARY), List.of(OF_LIBRARY));
    }

    @Test
    void where_pawl_is_packed_into_the_same_jar_own_code_shares_the_beginning_of_the_package() throws Exception {
        var classes = compiled("21");
        classes.put(PAWL + ".class", new byte[0]);
        assertThat(does(jar("all.jar", classes, ""))).containsExactly(List.of(OF_NODE, OF_OURS), List.of(OF_LIBRARY));
    }

    @Test
    void a_version_of_a_class_for_a_newer_java_is_of_the_same_jar() throws Exception {
        var classes = compiled("21");
        classes.put("META-INF/versions/21/" + TIMES + ".class", classes.remove(TIMES + ".class"));
        var app = jar("app.jar", classes, "com/acme/", "META-INF/");
        assertThat(does(app, jar("library.jar", classes, "org/library/")).getFirst())
                .containsExactly(OF_NODE, OF_OURS);
    }

    @ParameterizedTest
    @MethodSource("broken")
    void a_class_file_that_cannot_be_read_is_passed_over(byte[] broken) throws Exception {
        var classes = compiled("21");
        classes.put(TIMES + ".class", broken);
        assertThat(does(jar("app.jar", classes, "")))
                .containsExactly(List.of(OF_NODE, OF_LIBRARY), List.of(OF_LIBRARY));
    }

    /** Empty, nonsense, of a Java that is far away, and cut off. */
    static List<byte[]> broken() throws IOException {
        try (var some = BoundaryJarTest.class.getResourceAsStream("Stamps.class")) {
            var whole = some.readAllBytes();
            var newer = whole.clone();
            newer[6] = 1;
            return List.of(new byte[0], new byte[100], newer, Arrays.copyOf(whole, whole.length / 2));
        }
    }
}
