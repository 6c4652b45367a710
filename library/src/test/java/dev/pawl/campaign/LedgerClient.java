package dev.pawl.campaign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;

/**
 * Tells the ledger, and returns when it is written down. Connections are kept; one on which anything went wrong is dropped
 * and nothing is said twice. Thread-safe.
 */
final class LedgerClient implements AutoCloseable {

    private final int port;
    private final ConcurrentLinkedDeque<Line> idle = new ConcurrentLinkedDeque<>();

    LedgerClient(int port) {
        this.port = port;
    }

    /**
     * Tells the ledger.
     *
     * @throws IOException if it is not known to be written down
     */
    void tell(LedgerEntry entry) throws IOException {
        var answer = say(entry.toString());
        if (!LedgerProcess.OK.equals(answer)) throw new IOException("The ledger said " + answer + " to: " + entry);
    }

    /** The first to apply anything with this key, if anybody did. */
    Optional<LedgerEntry> applied(String key) throws IOException {
        var answer = say(LedgerProcess.WHO_APPLIED + key);
        if (answer == null) throw new IOException("The ledger does not say who applied " + key);
        return answer.equals(LedgerProcess.NOBODY) ? Optional.empty() : Optional.of(LedgerEntry.parse(answer));
    }

    private @Nullable String say(String what) throws IOException {
        var kept = idle.pollFirst();
        var line = kept != null ? kept : new Line(new Socket(InetAddress.getLoopbackAddress(), port));
        try {
            var answer = line.say(what);
            idle.addFirst(line);
            return answer;
        } catch (IOException e) {
            line.close();
            throw e;
        }
    }

    @Override
    public void close() throws IOException {
        for (var line = idle.poll(); line != null; line = idle.poll()) line.close();
    }

    private record Line(Socket socket, BufferedReader in, PrintWriter out) {

        Line(Socket socket) throws IOException {
            this(
                    socket,
                    new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8)),
                    new PrintWriter(socket.getOutputStream(), true, StandardCharsets.UTF_8));
            socket.setTcpNoDelay(true);
        }

        /** Null if nothing came back. */
        @Nullable
        String say(String what) throws IOException {
            out.println(what);
            return in.readLine();
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
