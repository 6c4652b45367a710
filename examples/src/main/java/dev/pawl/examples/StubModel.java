package dev.pawl.examples;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.http.Http;
import dev.pawl.http.HttpAnswer;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Connector;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/**
 * Stands for a model, a cash desk and a mail server: a real HTTP server whose answers follow from the request alone. A change
 * is made once for each {@code Idempotency-Key}. It forgets everything when it is closed, or its process ends. Thread-safe.
 */
public final class StubModel implements AutoCloseable {

    private static final int PORT = 8377;

    /** Where {@link #ON_DEMAND} listens: always the same, so that what is recorded in one process is asked again by the next. */
    public static final String URL = "http://127.0.0.1:" + PORT;

    /** A client that may call this machine, and nobody else. */
    public static final Http HTTP = Http.client().allow("127.0.0.1");

    /** The same, and before a call it starts the stub at {@link #URL}, unless somebody listens there already. */
    public static final Connector<HttpCall, HttpAnswer> ON_DEMAND = new OnDemand();

    private static final Pattern AMOUNT = Pattern.compile("(\\d+(?:\\.\\d+)?) euros");
    private static final TypeRef<Map<String, Object>> OBJECT = new TypeRef<>() {};

    private final HttpServer server;
    private final List<String> calls = new CopyOnWriteArrayList<>();
    private final Map<String, String> changes = new ConcurrentHashMap<>();

    private StubModel(HttpServer server) {
        this.server = server;
    }

    /** Starts one on a free port. */
    public static StubModel start() throws IOException {
        return start(0);
    }

    private static StubModel start(int port) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        var stub = new StubModel(server);
        server.createContext("/", stub::serve);
        server.start();
        return stub;
    }

    /** Where it listens. */
    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** The paths that were called, in order. */
    public List<String> calls() {
        return List.copyOf(calls);
    }

    /** The changes that were made, by their keys: the path and the body of the first call. */
    public Map<String, String> changes() {
        return Map.copyOf(changes);
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void serve(HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            calls.add(path);
            switch (path) {
                case "/classify" -> answer(exchange, classify(body));
                case "/draft" -> answer(exchange, draft(Codec.STANDARD.tree(new Json(body))));
                case "/refunds", "/mails" -> change(exchange, path, body);
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static Map<String, Object> classify(String letter) {
        var amount = AMOUNT.matcher(letter);
        if (amount.find()) return Map.of("topic", "refund", "amount", Double.parseDouble(amount.group(1)));
        return Map.of("topic", letter.contains("?") ? "question" : "unclear", "amount", 0);
    }

    /** The second draft is good, unless nobody can know what the letter is about. */
    private static Map<String, Object> draft(JsonNode question) {
        int draft = question.path("draft").asInt();
        String topic = question.path("topic").asString();
        double score = topic.equals("unclear") ? 0.3 : draft < 2 ? 0.6 : 0.9;
        return Map.of("text", "Thank you for your letter (" + topic + "), draft " + draft + ".", "score", score);
    }

    private void change(HttpExchange exchange, String path, String body) throws IOException {
        String key = exchange.getRequestHeaders().getFirst("Idempotency-Key");
        changes.putIfAbsent(key, path + " " + body);
        answer(exchange, Map.of("id", path.substring(1, path.length() - 1) + "-" + key));
    }

    private static void answer(HttpExchange exchange, Map<String, Object> answer) throws IOException {
        var bytes = Codec.STANDARD.write(answer, OBJECT, "The answer").text().getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(200, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    /** Calls over HTTP, to a stub that is there when it is called. */
    private static final class OnDemand implements Connector<HttpCall, HttpAnswer> {
        private boolean begun;

        @Override
        public String kind() {
            return HTTP.kind();
        }

        @Override
        public Json request(HttpCall call) {
            return HTTP.request(call);
        }

        @Override
        public TypeRef<HttpAnswer> response() {
            return HTTP.response();
        }

        @Override
        public HttpAnswer call(HttpCall call, Context context) throws InterruptedException {
            begin();
            return HTTP.call(call, context);
        }

        private synchronized void begin() {
            if (begun) return;
            try {
                var unused = start(PORT); // for as long as this process lives
                begun = true;
            } catch (BindException listening) {
                // another process has it, and when that ends, the next call makes it ours
            } catch (IOException failed) {
                throw new Failure.Transient("The stub could not be started at " + URL + ": " + failed, failed);
            }
        }
    }
}
