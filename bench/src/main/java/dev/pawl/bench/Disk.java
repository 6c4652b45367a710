package dev.pawl.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.Set;

/** The disk that the databases lie on, and what durability costs there. */
final class Disk {

    private static final Set<String> IN_MEMORY = Set.of("tmpfs", "ramfs");
    private static final int PAGE = 8_192;
    private static final int SYNCS = 200;

    private Disk() {}

    /**
     * A new folder below another one.
     *
     * @throws IllegalStateException if it is in memory, where a sync costs nothing
     */
    static Path newFolder(Path below, String prefix) throws IOException {
        Path folder = Files.createTempDirectory(Files.createDirectories(below), prefix);
        String type = Files.getFileStore(folder).type();
        if (IN_MEMORY.contains(type)) {
            throw new IllegalStateException("The folder " + below + " is in memory (" + type
                    + "), where a sync costs nothing; choose one on a disk with --data FOLDER.");
        }
        return folder.toAbsolutePath();
    }

    /** The median time to write a page over an old one and have it on the disk: no commit alone can be faster. */
    static double syncMilliseconds(Path folder) throws IOException {
        var page = ByteBuffer.allocate(PAGE);
        var milliseconds = new double[SYNCS];
        try (var channel = FileChannel.open(
                Files.createDirectories(folder).resolve("sync-" + System.nanoTime()),
                StandardOpenOption.CREATE_NEW,
                StandardOpenOption.WRITE,
                StandardOpenOption.DELETE_ON_CLOSE)) {
            for (int i = 0; i < SYNCS; i++) {
                channel.write(page.rewind());
            }
            channel.force(true);
            channel.position(0);
            for (int i = 0; i < SYNCS; i++) {
                channel.write(page.rewind());
                long begun = System.nanoTime();
                channel.force(false);
                milliseconds[i] = Load.secondsSince(begun) * 1_000;
            }
        }
        return Series.percentile(milliseconds, 0.5);
    }

    static void delete(Path folder) throws IOException {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}
