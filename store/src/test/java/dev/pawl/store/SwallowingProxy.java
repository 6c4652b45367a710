package dev.pawl.store;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Stands between a driver and a PostgreSQL server, and loses replies when told to. */
final class SwallowingProxy implements AutoCloseable {

    /** How the server answers a commit on the wire. */
    private static final String COMMITTED = "COMMIT\0";

    private final ServerSocket listener;
    private final int server;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private volatile boolean swallow;

    SwallowingProxy(int server) throws IOException {
        this.server = server;
        this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The same URL, but through this proxy. */
    String instead(String url) {
        return url.replace(":" + server + "/", ":" + listener.getLocalPort() + "/");
    }

    /** The next reply to a commit does not arrive; the connection it should arrive on is cut. */
    void swallowReplyToCommit() {
        swallow = true;
    }

    /** Cuts all connections. */
    void cut() {
        for (Socket socket = sockets.poll(); socket != null; socket = sockets.poll()) close(socket);
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                Socket client = listener.accept();
                var toServer = new Socket(InetAddress.getLoopbackAddress(), server);
                sockets.add(client);
                sockets.add(toServer);
                Thread.ofVirtual().start(() -> pump(client, toServer, false));
                Thread.ofVirtual().start(() -> pump(toServer, client, true));
            }
        } catch (IOException e) {
            cut(); // closed
        }
    }

    private void pump(Socket from, Socket to, boolean replies) {
        var buffer = new byte[64 * 1024];
        try {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (replies && swallow && isCommit(buffer, read)) {
                    swallow = false;
                    break;
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // The other direction was closed.
        } finally {
            close(from);
            close(to);
        }
    }

    private static boolean isCommit(byte[] buffer, int length) {
        return new String(buffer, 0, length, StandardCharsets.ISO_8859_1).contains(COMMITTED);
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            // It is gone either way.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
        cut();
    }
}
