package dev.pawl.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import javax.tools.ToolProvider;

/** A jar with a user's programs, compiled from source as a user would. */
final class UserJar {

    private UserJar() {}

    static Path empty(Path jar) throws IOException {
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("README"));
        }
        return jar;
    }

    /** @param flows expressions that make flows, separated by commas */
    static Path of(Path jar, String flows) throws IOException {
        Path folder = Files.createDirectories(jar.resolveSibling(jar.getFileName() + ".build"));
        Path source = Files.writeString(folder.resolve("Mine.java"), """
                import dev.pawl.flow.*;
                import dev.pawl.spi.*;
                import java.util.*;

                public final class Mine implements Programs {
                    public Collection<Program> programs() {
                        return List.of(%s);
                    }
                }
                """.formatted(flows));
        int failed = ToolProvider.getSystemJavaCompiler()
                .run(null, null, null, "-proc:none", "-d", folder.toString(), source.toString());
        if (failed != 0) throw new IllegalStateException("The user's programs do not compile.");
        try (var out = new JarOutputStream(Files.newOutputStream(jar))) {
            write(out, "Mine.class", Files.readAllBytes(folder.resolve("Mine.class")));
            write(out, "META-INF/services/dev.pawl.spi.Programs", "Mine\n".getBytes(StandardCharsets.UTF_8));
        }
        return jar;
    }

    private static void write(JarOutputStream out, String name, byte[] bytes) throws IOException {
        out.putNextEntry(new JarEntry(name));
        ((OutputStream) out).write(bytes);
        out.closeEntry();
    }
}
