package dev.pawl.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * Makes the JDK's client connect to exactly the address that was checked. The client looks names up by itself, a second
 * time, and a name's owner may answer differently then (DNS rebinding). So it is given this proxy, which listens on the
 * loopback address: it opens connections to checked addresses only, for calls that hold a {@link Pass}, and everything else
 * it refuses. HTTPS goes through it encrypted from end to end, with the certificate checked against the name as always.
 *
 * <p>Other processes of this machine can reach the port too; all they get from it is a connection to where a call is going
 * at that moment, which they could open by themselves.
 *
 * <p>Thread-safe. It takes two virtual threads per open connection.
 */
final class Tunnel implements Closeable {

    private static final int LARGEST_HEAD = 512 * 1024;
    private static final int BACKLOG = 512;
    private static final int BUFFER = 16 * 1024;

    private final ServerSocket door;
    private final Map<String, List<Pass>> passes = new ConcurrentHashMap<>();

    Tunnel() throws IOException {
        door = new ServerSocket(0, BACKLOG, InetAddress.getLoopbackAddress());
        var unused = Thread.ofVirtual().name("pawl-http-tunnel").start(this::accept);
    }

    InetSocketAddress address() {
        return new InetSocketAddress(door.getInetAddress(), door.getLocalPort());
    }

    /** The right to have connections opened to these addresses, until it is closed. */
    Pass open(Target target, List<InetAddress> checked, Duration connectTimeout) {
        var pass = new Pass(key(target.host(), target.port()), target.port(), checked, connectTimeout);
        passes.compute(pass.key, (key, others) -> {
            List<Pass> all = others == null ? new CopyOnWriteArrayList<>() : others;
            all.add(pass);
            return all;
        });
        return pass;
    }

    /** One call's right to connections, and how opening them failed. */
    final class Pass implements AutoCloseable {
        private final String key;
        private final int port;
        private final List<InetAddress> addresses;
        private final Duration connectTimeout;
        private volatile @Nullable IOException failure;

        private Pass(String key, int port, List<InetAddress> addresses, Duration connectTimeout) {
            this.key = key;
            this.port = port;
            this.addresses = addresses;
            this.connectTimeout = connectTimeout;
        }

        /** Why no connection could be opened, or null if none was wanted or one was. */
        @Nullable
        IOException failure() {
            return failure;
        }

        /** The first address that answers; all share the time. */
        private Socket connect() throws IOException {
            long end = System.nanoTime() + connectTimeout.toNanos();
            IOException last = new SocketTimeoutException("no time was left");
            int untried = addresses.size();
            for (InetAddress address : addresses) {
                // One that does not answer must leave time for the others.
                long share = (end - System.nanoTime()) / untried-- / 1_000_000;
                int left = (int) Math.min(Integer.MAX_VALUE, share);
                if (left <= 0) break;
                var socket = new Socket();
                try {
                    socket.setTcpNoDelay(true);
                    socket.connect(new InetSocketAddress(address, port), left);
                    return socket;
                } catch (IOException failed) {
                    last = failed;
                    shut(socket);
                }
            }
            throw last;
        }

        @Override
        public void close() {
            passes.computeIfPresent(key, (key, all) -> {
                all.remove(this);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private static String key(String host, int port) {
        return host.replaceAll("[\\[\\]]", "") + " " + port;
    }

    private void accept() {
        while (!door.isClosed()) {
            try {
                Socket client = door.accept();
                var unused = Thread.ofVirtual().name("pawl-http-tunnel").start(() -> serve(client));
            } catch (IOException outOfSockets) {
                pause(); // until others are closed; or the door is, and the loop ends
            }
        }
    }

    private static void pause() {
        try {
            Thread.sleep(10);
        } catch (InterruptedException nobodyDoes) {
            Thread.currentThread().interrupt();
        }
    }

    private void serve(Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            var in = new BufferedInputStream(client.getInputStream());
            var head = Head.read(in);
            if (head == null) return;
            if (head.method().equals("CONNECT")) secure(head, client, in);
            else plain(head, client, in);
        } catch (IOException | RuntimeException broken) {
            // Both ends are closed now, and the call finds its connection broken.
        }
    }

    private @Nullable Socket connect(String key) {
        List<Pass> all = passes.getOrDefault(key, List.of());
        for (Pass pass : all) {
            try {
                return pass.connect();
            } catch (IOException failed) {
                // Which of the calls to this place wanted this connection is not known, and makes no difference.
                for (Pass each : all) each.failure = failed;
                return null;
            }
        }
        return null;
    }

    /** A tunnel for TLS: bytes to and fro. */
    private void secure(Head head, Socket client, InputStream in) throws IOException {
        int colon = head.target().lastIndexOf(':');
        String key = key(
                head.target().substring(0, colon),
                Integer.parseInt(head.target().substring(colon + 1)));
        try (Socket server = connect(key)) {
            if (server == null) {
                client.getOutputStream()
                        .write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n"
                                .getBytes(StandardCharsets.US_ASCII));
                return;
            }
            client.getOutputStream().write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            new Back(server, client).start();
            copy(in, server.getOutputStream());
        }
    }

    /**
     * Requests without TLS come one after another, each with the whole URL, and the client may use one connection for
     * several hosts, as proxies allow. A request for another host gets another connection.
     */
    private void plain(Head first, Socket client, InputStream in) throws IOException {
        String open = "";
        @Nullable Back back = null;
        try {
            for (Head head = first; head != null; head = Head.read(in)) {
                String key = head.key();
                if (back == null || !key.equals(open)) {
                    if (back != null) back.end();
                    Socket server = connect(key);
                    if (server == null) return;
                    open = key;
                    back = new Back(server, client);
                    back.start();
                }
                OutputStream out = back.server.getOutputStream();
                out.write(head.forOrigin());
                copy(in, out, head.contentLength());
            }
        } finally {
            if (back != null) back.end();
        }
    }

    /** What comes back from a server, until it or we have closed the connection. */
    private static final class Back {
        private final Socket server;
        private final Socket client;
        private volatile boolean ended;

        Back(Socket server, Socket client) {
            this.server = server;
            this.client = client;
        }

        void start() {
            var unused = Thread.ofVirtual().name("pawl-http-tunnel").start(this::run);
        }

        private void run() {
            try {
                copy(server.getInputStream(), client.getOutputStream());
                // The server has said all. The client sees the end, closes its side, and so the connection as a whole.
                if (!ended) client.shutdownOutput();
            } catch (IOException broken) {
                if (!ended) shut(client);
            }
        }

        /** Closes the connection to the server alone. */
        void end() {
            ended = true;
            shut(server);
        }
    }

    private static void copy(InputStream in, OutputStream out) throws IOException {
        var buffer = new byte[BUFFER];
        for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) out.write(buffer, 0, n);
    }

    private static void copy(InputStream in, OutputStream out, long length) throws IOException {
        var buffer = new byte[BUFFER];
        for (long left = length; left > 0; ) {
            int n = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (n < 0) throw new IOException("The client closed in the middle of a request.");
            out.write(buffer, 0, n);
            left -= n;
        }
    }

    private static void shut(Closeable socket) {
        try {
            socket.close();
        } catch (IOException alreadyGone) {
            // which is what was wanted
        }
    }

    /** The front of a request as the JDK's client writes it. */
    private record Head(String method, String target, List<String> fields) {

        static @Nullable Head read(InputStream in) throws IOException {
            var bytes = new ByteArrayOutputStream();
            for (int last4 = 0; last4 != 0x0d0a0d0a; ) {
                int b = in.read();
                if (b < 0) return null;
                if (bytes.size() == LARGEST_HEAD) throw new IOException("The front of a request is too large.");
                bytes.write(b);
                last4 = (last4 << 8) | b;
            }
            List<String> lines =
                    bytes.toString(StandardCharsets.ISO_8859_1).lines().toList();
            String[] words = lines.getFirst().split(" ");
            if (words.length != 3) throw new IOException("The front of a request cannot be read.");
            return new Head(words[0], words[1], lines.subList(1, lines.size()));
        }

        String key() {
            URI uri = URI.create(target);
            return Tunnel.key(uri.getHost(), uri.getPort() < 0 ? 80 : uri.getPort());
        }

        long contentLength() throws IOException {
            for (String field : fields) {
                if (named(field, "transfer-encoding:")) throw new IOException("Requests are never sent in chunks.");
                if (named(field, "content-length:"))
                    return Long.parseLong(field.substring(15).strip());
            }
            return 0;
        }

        /** The same to a server that is no proxy. */
        byte[] forOrigin() {
            String path = target.substring(target.indexOf('/', target.indexOf("//") + 2));
            var text = new StringBuilder(method).append(' ').append(path).append(" HTTP/1.1\r\n");
            for (String field : fields) {
                if (!named(field, "proxy-")) text.append(field).append("\r\n");
            }
            return text.toString().getBytes(StandardCharsets.ISO_8859_1);
        }

        private static boolean named(String field, String name) {
            return field.regionMatches(true, 0, name, 0, name.length());
        }
    }

    @Override
    public void close() throws IOException {
        door.close();
    }
}
