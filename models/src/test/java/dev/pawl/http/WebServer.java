package dev.pawl.http;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;

/** A real server on the loopback address that answers as each test tells it, and remembers what it was asked. */
final class WebServer implements AutoCloseable {

    /** What arrived. */
    record Asked(String method, String target, Map<String, List<String>> headers, String body, int port) {
        String header(String name) {
            return String.join(", ", headers.getOrDefault(name, List.of()));
        }
    }

    /** What a test wants done with a request. */
    @FunctionalInterface
    interface Page {
        void answer(HttpExchange exchange) throws IOException;
    }

    final List<Asked> asked = new CopyOnWriteArrayList<>();
    private final HttpServer server;

    WebServer() throws IOException {
        this(HttpServer.create());
    }

    WebServer(HttpServer server) throws IOException {
        this.server = server;
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.bind(new InetSocketAddress(Reach.literal("127.0.0.1"), 0), 0);
        server.start();
    }

    WebServer page(String path, Page page) {
        server.createContext(path, exchange -> {
            try (exchange) {
                asked.add(new Asked(
                        exchange.getRequestMethod(),
                        exchange.getRequestURI().toString(),
                        Map.copyOf(exchange.getRequestHeaders()),
                        new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
                        exchange.getRemoteAddress().getPort()));
                page.answer(exchange);
            }
        });
        return this;
    }

    WebServer page(String path, int status, String body, String... headers) {
        return page(path, exchange -> send(exchange, status, body, headers));
    }

    static void send(HttpExchange exchange, int status, String body, String... headers) throws IOException {
        for (int i = 0; i < headers.length; i += 2)
            exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        boolean empty = bytes.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(status, empty ? -1 : bytes.length);
        if (!empty) exchange.getResponseBody().write(bytes);
    }

    int port() {
        return server.getAddress().getPort();
    }

    String url(String path) {
        return "http://127.0.0.1:" + port() + path;
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
