package dev.pawl.campaign;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The outside world, in a process of its own, which nobody kills: it appends what it is told to a file, in one order, and
 * answers {@code ok} only then. It can be asked who applied a key. It knows nothing of Pawl.
 *
 * <p>One line per request and one per answer over loopback TCP; a request is a {@link LedgerEntry} whose place is not known.
 */
final class LedgerProcess implements AutoCloseable {

    /** The answer to what was written down. */
    static final String OK = "ok";

    /** Asks, with the key after it, for the first line in which something was applied with that key. */
    static final String WHO_APPLIED = "who applied ";

    /** The answer if there is none. */
    static final String NOBODY = "nobody";

    private static final String FILE = "ledger";
    private static final int BACKLOG = 200;

    private final Process process;
    private final Path file;
    private final int port;

    private LedgerProcess(Process process, Path file, int port) {
        this.process = process;
        this.file = file;
        this.port = port;
    }

    // ---- seen from outside ----------------------------------------------------------------------------------------

    /** Starts one that writes to a file in this folder. */
    static LedgerProcess start(Path folder) throws IOException {
        var file = Files.createFile(folder.resolve(FILE));
        var process = JavaProcess.of(LedgerProcess.class, folder.resolve("ledger.log"), List.of(file.toString()))
                .start();
        var port = process.inputReader(StandardCharsets.UTF_8).readLine();
        if (port == null) throw new IOException("The ledger did not start: see " + folder.resolve("ledger.log"));
        return new LedgerProcess(process, file, Integer.parseInt(port));
    }

    int port() {
        return port;
    }

    /** Everything up to now. */
    List<LedgerEntry> entries() throws IOException {
        return Files.readAllLines(file).stream().map(LedgerEntry::parse).toList();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    // ---- inside the process ---------------------------------------------------------------------------------------

    /**
     * Serves until its standard input ends, which also happens when its parent dies.
     *
     * @param arguments the file to append to
     */
    public static void main(String[] arguments) throws IOException {
        try (var listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
                var file = FileChannel.open(Path.of(arguments[0]), StandardOpenOption.APPEND)) {
            var book = new Book(file);
            Thread.ofPlatform().daemon().start(() -> accept(listener, book));
            System.out.println(listener.getLocalPort());
            while (System.in.read() >= 0) {}
        }
    }

    private static void accept(ServerSocket listener, Book book) {
        try {
            while (true) {
                var socket = listener.accept();
                Thread.ofPlatform().daemon().start(() -> serve(socket, book));
            }
        } catch (IOException closed) {
            // The process ends.
        }
    }

    private static void serve(Socket socket, Book book) {
        try (socket;
                var in = new java.io.BufferedReader(
                        new java.io.InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
                var out = new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8)) {
            socket.setTcpNoDelay(true);
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                out.println(book.answer(line));
            }
        } catch (IOException gone) {
            // Whoever spoke was killed.
        }
    }

    /** The file, and the order of what is in it. */
    private static final class Book {
        private final FileChannel file;
        private final Map<String, LedgerEntry> applied = new HashMap<>();
        private long seq;

        Book(FileChannel file) {
            this.file = file;
        }

        synchronized String answer(String line) throws IOException {
            if (line.startsWith(WHO_APPLIED)) {
                var first = applied.get(line.substring(WHO_APPLIED.length()));
                return first == null ? NOBODY : first.toString();
            }
            append(LedgerEntry.parse(line).at(++seq, System.currentTimeMillis()));
            return OK;
        }

        private void append(LedgerEntry entry) throws IOException {
            var bytes = ByteBuffer.wrap((entry + "\n").getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) file.write(bytes);
            if (entry.what() == LedgerEntry.What.APPLY) applied.putIfAbsent(entry.key(), entry);
        }
    }
}
