package dev.pawl.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The files of a tar archive (POSIX.1-2001: ustar with pax headers, as Go and everybody else writes it). */
final class TarFiles {

    private static final int BLOCK = 512;

    private final InputStream in;
    private long left;

    private TarFiles(InputStream in, long limit) {
        this.in = in;
        this.left = limit;
    }

    /**
     * All files by path, without a leading slash; those that are not wanted without content.
     *
     * @param limit how many bytes the whole archive may have
     * @throws IOException if it is no tar archive, cut off, or larger than that
     */
    static Map<String, byte[]> read(InputStream in, long limit, Predicate<String> wanted) throws IOException {
        return new TarFiles(in, limit).files(wanted);
    }

    private Map<String, byte[]> files(Predicate<String> wanted) throws IOException {
        var files = new LinkedHashMap<String, byte[]>();
        String longPath = null;
        while (true) {
            byte[] header = exactly(BLOCK);
            if (header[0] == 0) return files; // a block of zeros ends it
            if (!text(header, 257, 5).equals("ustar")) throw new IOException("it is not a tar archive");
            long size = octal(header, 124, 12);
            char type = (char) header[156];
            byte[] content = exactly(size);
            exactly((BLOCK - size % BLOCK) % BLOCK);
            if (type == 'x') {
                longPath = paxPath(content);
            } else if (type == '0' || type == 0) {
                String path = plain(longPath == null ? path(header) : longPath);
                longPath = null;
                if (files.put(path, wanted.test(path) ? content : new byte[0]) != null) {
                    throw new IOException("it has two files " + path);
                }
            } else if (type != '5' && type != 'g') {
                throw new IOException("it has something that is neither a file nor a folder: " + path(header));
            }
        }
    }

    private byte[] exactly(long size) throws IOException {
        left -= size;
        if (size < 0 || left < 0) throw new IOException("it is too large");
        byte[] bytes = in.readNBytes((int) size);
        if (bytes.length < size) throw new IOException("it is cut off");
        return bytes;
    }

    private static String path(byte[] header) {
        String prefix = text(header, 345, 155);
        String name = text(header, 0, 100);
        return prefix.isEmpty() ? name : prefix + "/" + name;
    }

    private static String plain(String path) {
        String plain = path.startsWith("./") ? path.substring(2) : path;
        return plain.startsWith("/") ? plain.substring(1) : plain;
    }

    /** A pax header is lines of {@code LENGTH KEY=VALUE}. */
    private static @Nullable String paxPath(byte[] content) {
        for (String line : new String(content, StandardCharsets.UTF_8).split("\n")) {
            int key = line.indexOf(' ') + 1;
            if (line.startsWith("path=", key)) return line.substring(key + "path=".length());
        }
        return null;
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) end++;
        return new String(header, from, end - from, StandardCharsets.UTF_8);
    }

    private static long octal(byte[] header, int from, int length) throws IOException {
        String digits = text(header, from, length).strip();
        try {
            return digits.isEmpty() ? 0 : Long.parseUnsignedLong(digits, 8);
        } catch (NumberFormatException e) {
            throw new IOException("it says that a file has \"" + digits + "\" bytes", e);
        }
    }
}
