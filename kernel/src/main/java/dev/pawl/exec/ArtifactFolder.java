package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.spi.Artifacts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.UUID;

/**
 * Artifacts as files: {@code RUN/sha256}. Written to a temporary file, synced and renamed, so that a reference never
 * names half a file. The hash is checked on reading.
 */
public final class ArtifactFolder implements Artifacts {

    private final Path folder;

    /** The folder is made, readable by its owner only, when the first artifact is put. */
    public ArtifactFolder(Path folder) {
        this.folder = folder;
    }

    @Override
    public String put(RunId run, byte[] bytes) {
        String reference = run + "/" + sha256(bytes);
        Path file = folder.resolve(reference);
        try {
            if (Files.exists(file)) return reference;
            Path parent = folder.resolve(run.toString());
            if (!Files.isDirectory(parent)) makePrivate(parent);
            Path temporary = parent.resolve(UUID.randomUUID() + ".tmp");
            try (var channel = FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
                var buffer = ByteBuffer.wrap(bytes);
                while (buffer.hasRemaining()) channel.write(buffer);
                channel.force(true);
            }
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            syncFolder(parent);
            return reference;
        } catch (IOException failed) {
            throw new UncheckedIOException(
                    "Cannot keep a payload of %,d bytes in %s: %s. Is the disk full, or the folder read-only?"
                            .formatted(bytes.length, folder, failed),
                    failed);
        }
    }

    private static void makePrivate(Path directory) throws IOException {
        try {
            if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createDirectories(
                        directory, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            } else {
                Files.createDirectories(directory);
            }
        } catch (FileAlreadyExistsException raced) {
            if (!Files.isDirectory(directory)) throw raced;
        }
        var parent = directory.getParent();
        if (parent != null) syncFolder(parent);
    }

    /** A rename is durable once its folder is. Not every system can sync a folder; those keep renames by themselves. */
    private static void syncFolder(Path directory) {
        try (var channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } catch (IOException unsupported) {
            // Windows cannot open a folder as a file
        }
    }

    @Override
    public byte[] get(String reference) {
        Path file = folder.resolve(reference);
        try {
            byte[] bytes = Files.readAllBytes(file);
            if (!reference.endsWith(sha256(bytes))) {
                throw new UncheckedIOException(
                        new IOException("The artifact " + file + " was changed: its hash differs."));
            }
            return bytes;
        } catch (NoSuchFileException missing) {
            throw new UncheckedIOException(
                    "The artifact " + file + " is missing. Does every worker use the same artifact folder?", missing);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot read the artifact " + file + ": " + failed, failed);
        }
    }

    @Override
    public void delete(RunId run) {
        Path directory = folder.resolve(run.toString());
        if (!Files.isDirectory(directory)) return;
        try (var files = Files.list(directory)) {
            for (Path file : files.toList()) Files.deleteIfExists(file);
            Files.deleteIfExists(directory);
        } catch (IOException failed) {
            throw new UncheckedIOException("Cannot remove the artifacts in " + directory + ": " + failed, failed);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("Every Java platform has SHA-256", impossible);
        }
    }
}
