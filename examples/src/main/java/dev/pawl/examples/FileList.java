package dev.pawl.examples;

import java.io.IOException;
import java.net.URI;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;

/** The regular files below a folder, always in the same order. */
final class FileList {

    /** What is not looked into: other people's files, and what a build makes. */
    private static final Set<String> LEFT_OUT = Set.of(".git", "target", "node_modules");

    private static final String URI_PREFIX = "file:";

    private FileList() {}

    record Listed(Path path, long size) {}

    /** Symbolic links are neither counted nor followed. */
    static List<Listed> of(Path folder) throws IOException {
        var files = new ArrayList<Listed>();
        Files.walkFileTree(folder, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) {
                boolean leftOut = !dir.equals(folder) && LEFT_OUT.contains(String.valueOf(dir.getFileName()));
                return leftOut ? FileVisitResult.SKIP_SUBTREE : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) files.add(new Listed(file, attributes.size()));
                return FileVisitResult.CONTINUE;
            }
        });
        files.sort(Comparator.comparing(Listed::path));
        return files;
    }

    /** A name that leads back to the same file: some names are not text in this JVM's encoding, and then it is a URI. */
    static String name(Path file) {
        String text = file.toString();
        try {
            if (!text.startsWith(URI_PREFIX) && Path.of(text).equals(file)) return text;
        } catch (InvalidPathException notText) {
            // as a URI, then
        }
        return file.toUri().toString();
    }

    /** The file of a {@link #name}. */
    static Path path(String name) {
        return name.startsWith(URI_PREFIX) ? Path.of(URI.create(name)) : Path.of(name);
    }
}
