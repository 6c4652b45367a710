package dev.pawl.campaign;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands between drivers and a PostgreSQL server, and loses the replies to some commits: the server has committed, the
 * driver hears nothing, and the connection is cut. Understands just enough of the protocol to find where a message begins.
 *
 * @see <a href="https://www.postgresql.org/docs/current/protocol-message-formats.html">the formats of messages</a>
 */
final class CommitDroppingProxy implements AutoCloseable {

    /** The tag of the message that says that a command is complete, as it stands on the wire. */
    private static final String COMMITTED = "COMMIT\0";

    private static final char COMMAND_COMPLETE = 'C';
    private static final int SSL_REQUEST = 80877103;
    private static final int GSS_REQUEST = 80877104;
    private static final int BACKLOG = 200;
    private static final int BUFFER = 64 * 1024;

    private final ServerSocket listener;
    private final int server;
    private final SplittableRandom random;
    private final AtomicInteger dropped = new AtomicInteger();
    private final ConcurrentHashMap<Socket, Socket> open = new ConcurrentHashMap<>();
    private volatile double share;

    /**
     * Drops nothing yet.
     *
     * @param server the server's port on the loopback address
     */
    CommitDroppingProxy(int server, long seed) throws IOException {
        this.server = server;
        this.random = new SplittableRandom(seed);
        this.listener = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        Thread.ofPlatform().daemon().name("proxy").start(this::accept);
    }

    /** The same URL, but through this proxy. */
    String instead(String url) {
        return url.replace(":" + server + "/", ":" + listener.getLocalPort() + "/");
    }

    /** From now on drops this share of the replies to commits, from 0 to 1. */
    void drop(double ofReplies) {
        share = ofReplies;
    }

    /** How many replies were dropped. */
    int dropped() {
        return dropped.get();
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                Thread.ofPlatform().daemon().name("proxy-requests").start(() -> serve(client));
            }
        } catch (IOException closed) {
            // No more connections.
        }
    }

    private void serve(Socket client) {
        try (client;
                var backend = new Socket(InetAddress.getLoopbackAddress(), server)) {
            open.put(client, backend);
            client.setTcpNoDelay(true);
            backend.setTcpNoDelay(true);
            var requests = new DataInputStream(client.getInputStream());
            var toServer = new DataOutputStream(backend.getOutputStream());
            begin(requests, toServer, client, backend);
            Thread.ofPlatform().daemon().name("proxy-replies").start(() -> reply(backend, client));
            requests.transferTo(toServer);
        } catch (IOException cut) {
            // One side is gone, so the other one goes too.
        } finally {
            open.remove(client);
        }
    }

    /** Up to the client's first real message, which is not framed like the others; nor is the answer to what precedes it. */
    private static void begin(DataInputStream requests, DataOutputStream toServer, Socket client, Socket backend)
            throws IOException {
        while (true) {
            var message = new byte[requests.readInt() - Integer.BYTES];
            requests.readFully(message);
            toServer.writeInt(message.length + Integer.BYTES);
            toServer.write(message);
            int code = java.nio.ByteBuffer.wrap(message).getInt();
            if (code != SSL_REQUEST && code != GSS_REQUEST) return;
            int answer = backend.getInputStream().read();
            client.getOutputStream().write(answer);
            if (answer != 'N') throw new IOException("The server wants to encrypt; nothing can be read then.");
        }
    }

    private void reply(Socket backend, Socket client) {
        try (client;
                backend) {
            var replies = new DataInputStream(new BufferedInputStream(backend.getInputStream(), BUFFER));
            var toClient = new DataOutputStream(new BufferedOutputStream(client.getOutputStream(), BUFFER));
            while (true) {
                if (replies.available() == 0) toClient.flush();
                int type = replies.read();
                if (type < 0) return;
                var body = new byte[replies.readInt() - Integer.BYTES];
                replies.readFully(body);
                if (type == COMMAND_COMPLETE && isCommit(body) && chosen()) {
                    dropped.incrementAndGet();
                    return;
                }
                toClient.writeByte(type);
                toClient.writeInt(body.length + Integer.BYTES);
                toClient.write(body);
            }
        } catch (IOException cut) {
            // One side is gone, so the other one goes too.
        }
    }

    private static boolean isCommit(byte[] body) {
        return new String(body, StandardCharsets.ISO_8859_1).equals(COMMITTED);
    }

    private boolean chosen() {
        synchronized (random) {
            return random.nextDouble() < share;
        }
    }

    /** Cuts everything. */
    @Override
    public void close() throws IOException {
        listener.close();
        for (var connection : open.entrySet()) {
            connection.getKey().close();
            connection.getValue().close();
        }
    }
}
