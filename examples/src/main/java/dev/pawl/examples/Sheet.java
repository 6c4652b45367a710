package dev.pawl.examples;

import dev.pawl.core.Failure;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A table on disk that several programs append to: a CSV file under a file lock. The first column is the key of whoever
 * appended the row, by which the row is found again; so it stands for a system that can be asked what became of a change.
 * Thread-safe, also between processes.
 */
final class Sheet {

    private static final String HEAD = "key,from,subject,text\n";

    /** File locks are between processes; this is between threads. */
    private static final ReentrantLock HERE = new ReentrantLock();

    private final Path file;

    Sheet(Path file) {
        this.file = file;
    }

    /**
     * Appends a row and gives back its number, from 1 on.
     *
     * @throws Failure.Logic if there is a row with this key: that would be the same change twice
     */
    int append(String key, List<String> cells) throws IOException {
        return locked(channel -> {
            var rows = rows(channel);
            if (find(rows, key).isPresent()) throw new Failure.Logic("The sheet has a row with key " + key + ".");
            String head = rows.isEmpty() ? HEAD : "";
            String row =
                    quoted(key) + cells.stream().map(cell -> ',' + quoted(cell)).collect(Collectors.joining());
            channel.position(end(channel));
            var bytes = StandardCharsets.UTF_8.encode(head + row + '\n');
            while (bytes.hasRemaining()) channel.write(bytes);
            channel.force(true);
            return Math.max(1, rows.size());
        });
    }

    /** The number of the row with this key. */
    Optional<Integer> find(String key) throws IOException {
        return locked(channel -> find(rows(channel), key));
    }

    /** All rows as they stand there, without the head. */
    List<String> rows() throws IOException {
        return locked(channel -> rows(channel).stream().skip(1).toList());
    }

    private static Optional<Integer> find(List<String> rows, String key) {
        String begin = quoted(key) + ',';
        return IntStream.range(1, rows.size())
                .filter(i -> rows.get(i).startsWith(begin))
                .boxed()
                .findFirst();
    }

    private interface Work<T> {
        T on(FileChannel channel) throws IOException;
    }

    private <T> T locked(Work<T> work) throws IOException {
        HERE.lock();
        try (var channel = FileChannel.open(
                        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
                var lock = channel.lock()) {
            if (!lock.isValid()) throw new IOException("The lock on " + file + " was lost.");
            return work.on(channel);
        } finally {
            HERE.unlock();
        }
    }

    /** A line is there when its end is: whoever died while writing one has written nothing. */
    private static List<String> rows(FileChannel channel) throws IOException {
        String text = text(channel);
        var rows = new ArrayList<String>();
        int from = 0;
        for (int to = text.indexOf('\n'); to >= 0; to = text.indexOf('\n', from)) {
            rows.add(text.substring(from, to));
            from = to + 1;
        }
        return rows;
    }

    private static long end(FileChannel channel) throws IOException {
        String text = text(channel);
        long end = text.substring(0, text.lastIndexOf('\n') + 1).getBytes(StandardCharsets.UTF_8).length;
        return channel.truncate(end).size();
    }

    private static String text(FileChannel channel) throws IOException {
        var bytes = ByteBuffer.allocate((int) channel.size());
        channel.position(0);
        while (bytes.hasRemaining() && channel.read(bytes) >= 0) {}
        return StandardCharsets.UTF_8.decode(bytes.flip()).toString();
    }

    /** On one line, in quotes; quotes are doubled. */
    private static String quoted(String cell) {
        return '"' + cell.replace('\n', ' ').replace('\r', ' ').replace("\"", "\"\"") + '"';
    }
}
