package dev.pawl.campaign;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentLinkedDeque;

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
        var kept = idle.pollFirst();
        var line = kept != null ? kept : new Line(new Socket(InetAddress.getLoopbackAddress(), port));
        try {
            line.say(entry.toString());
        } catch (IOException e) {
            line.close();
            throw e;
        }
        idle.addFirst(line);
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

        void say(String what) throws IOException {
            out.println(what);
            var answer = in.readLine();
            if (!"ok".equals(answer)) throw new IOException("The ledger said " + answer + " to: " + what);
        }

        void close() throws IOException {
            socket.close();
        }
    }
}
