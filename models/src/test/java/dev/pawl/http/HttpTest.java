package dev.pawl.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pawl.core.Failure;
import dev.pawl.io.Connector.Context;
import dev.pawl.json.TypeRef;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls of a real server. */
@Timeout(60)
class HttpTest {

    private static final Context REPEATABLE =
            new Context(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final Context CHANGE = new Context("run-1-0-3", REPEATABLE.traceparent());

    private final Http web = Http.client().allowPrivate();
    private WebServer server;

    @BeforeEach
    void start() throws IOException {
        server = new WebServer();
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private HttpAnswer call(HttpCall call) throws InterruptedException {
        return web.call(call, REPEATABLE);
    }

    // ---- there and back -------------------------------------------------------------------------------------------

    @Test
    void e6_a_call_brings_back_status_headers_and_body() throws Exception {
        server.page(
                "/v1",
                201,
                "{\"label\":\"späm\"}",
                "Content-Type",
                "application/json",
                "Set-Cookie",
                "id=hush",
                "X-N",
                "1",
                "X-N",
                "2");
        var answer = call(HttpCall.post(server.url("/v1/label?a=b%20c"))
                .json(Map.of("text", "ü"))
                .bearer("hush"));
        assertThat(answer.status()).isEqualTo(201);
        assertThat(answer.json(new TypeRef<Map<String, String>>() {})).isEqualTo(Map.of("label", "späm"));
        assertThat(answer.headers()).containsEntry("set-cookie", "***").containsEntry("x-n", "1, 2");
        var asked = server.asked.getFirst();
        assertThat(asked.method()).isEqualTo("POST");
        assertThat(asked.target()).isEqualTo("/v1/label?a=b%20c");
        assertThat(asked.body()).isEqualTo("{\"text\":\"ü\"}");
        assertThat(asked.header("Authorization")).isEqualTo("Bearer hush");
        assertThat(asked.header("Host")).isEqualTo("127.0.0.1:" + server.port());
        assertThat(asked.header("Traceparent")).isEqualTo(REPEATABLE.traceparent());
        assertThat(asked.headers()).doesNotContainKeys("Idempotency-key", "Proxy-connection");
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
    void every_method_arrives_as_it_is(String method) throws Exception {
        server.page("/", 204, "");
        assertThat(call(HttpCall.of(method, server.url("/"))).status()).isEqualTo(204);
        assertThat(server.asked.getFirst().method()).isEqualTo(method);
    }

    @Test
    void a_change_carries_its_key_under_the_name_that_the_other_side_wants() throws Exception {
        server.page("/", 204, "");
        web.call(HttpCall.post(server.url("/")), CHANGE);
        web.idempotencyHeader("X-Request-Id").call(HttpCall.post(server.url("/")), CHANGE);
        web.call(HttpCall.post(server.url("/")).header("Idempotency-Key", "mine"), CHANGE);
        assertThat(server.asked)
                .extracting(asked -> asked.header("Idempotency-key") + "/" + asked.header("X-request-id"))
                .containsExactly("run-1-0-3/", "/run-1-0-3", "mine/");
    }

    @Test
    void keys_that_no_header_can_hold_stay_different() throws Exception {
        server.page("/", 204, "");
        for (String key : List.of("straße 1", "straẞe 1", "a\nb")) {
            web.call(HttpCall.post(server.url("/")), new Context(key, REPEATABLE.traceparent()));
        }
        assertThat(server.asked)
                .extracting(asked -> asked.header("Idempotency-key"))
                .containsExactly("stra%C3%9Fe+1", "stra%E1%BA%9Ee+1", "a%0Ab");
    }

    @Test
    void a_thread_that_is_interrupted_calls_nobody() {
        server.page("/", 204, "");
        Thread.currentThread().interrupt();
        assertThatThrownBy(() -> call(HttpCall.post(server.url("/")))).isInstanceOf(InterruptedException.class);
        assertThat(server.asked).isEmpty();
    }

    @Test
    void connections_are_kept_for_the_next_call() throws Exception {
        server.page("/", 200, "ok");
        for (int i = 0; i < 3; i++) call(HttpCall.post(server.url("/")).text("x"));
        assertThat(server.asked)
                .extracting(WebServer.Asked::port)
                .hasSize(3)
                .containsOnly(server.asked.getFirst().port());
    }

    @Test
    void a_connection_of_one_host_is_not_used_for_another() throws Exception {
        server.page("/", 200, "one");
        try (var other = new WebServer().page("/", 200, "two")) {
            for (int i = 0; i < 5; i++) {
                assertThat(call(HttpCall.post(server.url("/")).text("x")).body())
                        .isEqualTo("one");
                assertThat(call(HttpCall.post(other.url("/")).text("x")).body()).isEqualTo("two");
            }
            assertThat(server.asked).hasSize(5);
            assertThat(other.asked).hasSize(5);
        }
    }

    @Test
    void many_calls_at_once_do_not_mix() throws Exception {
        server.page(
                "/",
                exchange ->
                        WebServer.send(exchange, 200, exchange.getRequestURI().getQuery()));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = IntStream.range(0, 200)
                    .mapToObj(i -> threads.submit(
                            () -> call(HttpCall.get(server.url("/?n" + i))).body()))
                    .toList();
            for (int i = 0; i < 200; i++) assertThat(answers.get(i).get()).isEqualTo("n" + i);
        }
    }

    @Test
    void a_body_is_read_in_the_charset_that_it_says() throws Exception {
        server.page("/", exchange -> {
            exchange.getResponseHeaders().add("Content-Type", "text/plain; charset=\"ISO-8859-1\"");
            exchange.sendResponseHeaders(200, 1);
            exchange.getResponseBody().write(0xfc);
        });
        assertThat(call(HttpCall.get(server.url("/"))).body()).isEqualTo("ü");
    }

    @Test
    void a_compressed_answer_is_not_taken_for_text() {
        server.page("/", 200, "xyz", "Content-Encoding", "gzip");
        assertThatThrownBy(() -> call(HttpCall.get(server.url("/"))))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("gzip");
    }

    // ---- failures -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @CsvSource({
        "400, Logic, Logic",
        "401, Auth, Auth",
        "403, Permission, Permission",
        "404, Logic, Logic",
        "408, Transient, Transient",
        "409, Logic, Transient",
        "422, Logic, Logic",
        "425, Transient, Transient",
        "429, RateLimited, RateLimited",
        "500, Transient, Transient",
        "501, Transient, Transient",
        "503, Transient, Transient",
        "599, Transient, Transient",
        "304, Logic, Transient",
        "303, Logic, Transient"
    })
    void a_status_says_what_happens_next(int status, String repeatable, String change) {
        server.page("/", status, "");
        var call = HttpCall.post(server.url("/"));
        assertThat(catchThrowable(() -> web.call(call, REPEATABLE)).getClass().getSimpleName())
                .isEqualTo(repeatable);
        assertThat(catchThrowable(() -> web.call(call, CHANGE)).getClass().getSimpleName())
                .isEqualTo(change);
    }

    @Test
    void an_accepted_status_is_an_answer() throws Exception {
        server.page("/", 404, "none", "Location", "/elsewhere").page("/moved", 302, "", "Location", "/");
        assertThat(call(HttpCall.get(server.url("/")).accepting(404, 410)).body())
                .isEqualTo("none");
        assertThat(call(HttpCall.get(server.url("/moved")).accepting(302)).headers())
                .containsEntry("location", "/");
    }

    @ParameterizedTest
    @CsvSource({
        "429, 7, , PT7S",
        "503, 7, , PT7S",
        "429, '', , PT0S",
        "429, soon, , PT0S",
        "429, -5, , PT0S",
        "429, 86401, , PT24H",
        "429, 99999999999999999999, , PT24H",
        "429, 'Wed, 21 Oct 2015 07:28:30 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', PT30S",
        "503, 'Wed, 21 Oct 2015 07:28:30 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', PT30S",
        "429, 'Wed, 21 Oct 2015 07:27:00 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', PT0S",
        "429, 'Fri, 23 Oct 2015 07:28:00 GMT', 'Wed, 21 Oct 2015 07:28:00 GMT', PT24H",
        "429, 'Wed, 21 Oct 2015 07:28:30 GMT', 'garbled', PT0S"
    })
    void retry_after_is_honoured(int status, String after, String date, Duration wait) throws Exception {
        String dated = date == null ? "" : "Date: " + date + "\r\n";
        try (var fixed = answering(
                "HTTP/1.1 " + status + " No\r\nContent-Length: 0\r\nRetry-After: " + after + "\r\n" + dated + "\r\n")) {
            var limited = catchThrowableOfType(Failure.RateLimited.class, () -> call(HttpCall.get(url(fixed))));
            assertThat(limited.retryAfter()).isEqualTo(wait);
        }
    }

    @Test
    void a_change_that_is_told_to_come_back_later_by_a_503_is_not_certain_to_have_been_refused() {
        server.page("/", 503, "", "Retry-After", "7");
        assertThatThrownBy(() -> web.call(HttpCall.post(server.url("/")), CHANGE))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("not known");
    }

    @Test
    void a_message_shows_the_beginning_of_the_body_and_no_secret() {
        server.page("/", 400, "Wrong key sk-very-secret! " + "x".repeat(600));
        assertThatThrownBy(() -> call(
                        HttpCall.post(server.url("/a?token=sk-other-secret")).bearer("sk-very-secret")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("POST " + server.url("/a?token=***") + " answered 400: Wrong key ***! xxx")
                .hasMessageEndingWith("x…")
                .hasMessageNotContaining("secret")
                .satisfies(failure -> assertThat(failure.getMessage()).hasSizeBetween(500, 600));
    }

    @Test
    void a_huge_body_does_not_hide_what_failed() {
        server.page("/", 500, "y".repeat(1_000_000));
        assertThatThrownBy(() -> web.largestAnswer(1000).call(HttpCall.get(server.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("answered 500: yyy");
    }

    @Test
    void nobody_there_is_transient() throws IOException {
        int free;
        try (var socket = new ServerSocket(0, 1, Reach.literal("127.0.0.1"))) {
            free = socket.getLocalPort();
        }
        assertThatThrownBy(() -> call(HttpCall.get("http://127.0.0.1:" + free + "/")))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("127.0.0.1 port " + free);
        assertThatThrownBy(() -> call(HttpCall.get("https://127.0.0.1:" + free + "/")))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("127.0.0.1 port " + free);
        assertThatThrownBy(() -> call(HttpCall.get("https://nobody.invalid/")))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("nobody.invalid");
    }

    @Test
    void a_connection_that_breaks_is_transient_also_for_a_change() throws Exception {
        try (var breaking = answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab")) {
            assertThatThrownBy(() -> web.call(HttpCall.post(url(breaking)), CHANGE))
                    .isInstanceOf(Failure.Transient.class)
                    .hasMessageContaining("broke off");
        }
    }

    @Test
    void a_body_without_a_length_ends_with_its_connection() throws Exception {
        try (var old = answering("HTTP/1.0 200 OK\r\n\r\nall of it")) {
            assertThat(call(HttpCall.get(url(old))).body()).isEqualTo("all of it");
        }
    }

    /** A server that says the same to everybody, to the letter, and closes. */
    private static ServerSocket answering(String text) throws IOException {
        var server = new ServerSocket(0, 10, Reach.literal("127.0.0.1"));
        Thread.ofVirtual().start(() -> answerAll(server, text));
        return server;
    }

    private static void answerAll(ServerSocket server, String text) {
        while (!server.isClosed()) {
            try (var connection = server.accept()) {
                var in = new BufferedReader(
                        new InputStreamReader(connection.getInputStream(), StandardCharsets.US_ASCII));
                while (!in.readLine().isEmpty()) {} // the front of the request
                connection.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private static String url(ServerSocket server) {
        return "http://127.0.0.1:" + server.getLocalPort() + "/";
    }

    // ---- limits ---------------------------------------------------------------------------------------------------

    @Test
    void a_body_up_to_the_limit_is_taken() throws Exception {
        server.page("/", 200, "z".repeat(1000));
        assertThat(web.largestAnswer(1000)
                        .call(HttpCall.get(server.url("/")), REPEATABLE)
                        .body())
                .hasSize(1000);
        assertThatThrownBy(() -> web.largestAnswer(999).call(HttpCall.get(server.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("more than 999 bytes");
        assertThatThrownBy(() -> web.largestAnswer(999).call(HttpCall.post(server.url("/")), CHANGE))
                .isInstanceOf(Failure.Transient.class)
                .hasMessageContaining("not known");
    }

    @Test
    void an_endless_body_is_cut_off_while_it_streams() throws Exception {
        var cut = new CountDownLatch(1);
        server.page("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            try {
                while (true) exchange.getResponseBody().write(new byte[8192]);
            } catch (IOException gone) {
                cut.countDown();
            }
        });
        assertThatThrownBy(() -> call(HttpCall.get(server.url("/"))))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("more than 4194304 bytes");
        assertThat(cut.await(20, TimeUnit.SECONDS)).isTrue();
    }

    @Test
    void too_many_headers_are_refused() {
        server.page("/", exchange -> {
            for (int i = 0; i < 300; i++) exchange.getResponseHeaders().add("X-" + i, "1");
            exchange.sendResponseHeaders(200, -1);
        });
        assertThatThrownBy(() -> call(HttpCall.get(server.url("/"))))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("headers");
    }

    @Test
    void a_server_that_says_nothing_is_left_in_time_and_hears_of_it() throws Exception {
        try (var silent = new ServerSocket(0, 10, Reach.literal("127.0.0.1"))) {
            var left = new CompletableFuture<Integer>();
            var unused = Thread.ofVirtual().start(() -> listenToTheEnd(silent, new CountDownLatch(1), left));
            assertThatThrownBy(() -> web.call(HttpCall.post(url(silent)).timeout(Duration.ofMillis(300)), CHANGE))
                    .isInstanceOf(Failure.Timeout.class)
                    .hasMessageContaining("PT0.3S");
            assertThat(left.get(20, TimeUnit.SECONDS)).isPositive();
        }
    }

    private static void listenToTheEnd(ServerSocket server, CountDownLatch arrived, CompletableFuture<Integer> heard) {
        try (var connection = server.accept()) {
            var in = connection.getInputStream();
            in.read();
            arrived.countDown();
            heard.complete(in.readAllBytes().length);
        } catch (IOException broken) {
            heard.completeExceptionally(broken);
        }
    }

    @Test
    void a_server_that_takes_no_connection_is_left_in_time() throws Exception {
        var waiting = new ArrayList<SocketChannel>();
        try (var full = new ServerSocket(0, 1, Reach.literal("127.0.0.1"))) {
            for (int i = 0; i < 8; i++) {
                var channel = SocketChannel.open();
                channel.configureBlocking(false);
                channel.connect(full.getLocalSocketAddress());
                waiting.add(channel);
            }
            var hasty = web.connectTimeout(Duration.ofMillis(200));
            assertThatThrownBy(() -> hasty.call(HttpCall.get(url(full)), REPEATABLE))
                    .isInstanceOf(Failure.Timeout.class)
                    .hasMessageContaining("no connection")
                    .hasMessageContaining("PT0.2S");
        }
        for (var channel : waiting) channel.close();
    }

    @Test
    void a_body_that_trickles_is_left_in_time() {
        var leave = new CountDownLatch(1);
        server.page("/", exchange -> {
            exchange.sendResponseHeaders(200, 0);
            exchange.getResponseBody().write("begin".getBytes(StandardCharsets.US_ASCII));
            exchange.getResponseBody().flush();
            awaitQuietly(leave);
        });
        assertThatThrownBy(() -> web.timeout(Duration.ofMillis(300)).call(HttpCall.get(server.url("/")), REPEATABLE))
                .isInstanceOf(Failure.Timeout.class);
        leave.countDown();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void a_look_up_that_hangs_is_left_in_time() {
        var never = new CountDownLatch(1);
        var slow = web.timeout(Duration.ofMillis(200)).resolver(host -> {
            awaitQuietly(never);
            return List.of();
        });
        assertThatThrownBy(() -> slow.call(HttpCall.get("http://example.com/"), REPEATABLE))
                .isInstanceOf(Failure.Timeout.class);
        never.countDown();
    }

    @Test
    void an_interrupt_stops_a_call_at_once_and_the_server_hears_of_it() throws Exception {
        try (var silent = new ServerSocket(0, 10, Reach.literal("127.0.0.1"))) {
            var arrived = new CountDownLatch(1);
            var left = new CompletableFuture<Integer>();
            var unused = Thread.ofVirtual().start(() -> listenToTheEnd(silent, arrived, left));
            var thrown = new CompletableFuture<Throwable>();
            var caller = Thread.ofVirtual()
                    .start(() -> thrown.complete(catchThrowable(() -> web.call(HttpCall.post(url(silent)), CHANGE))));
            arrived.await();
            caller.interrupt();
            assertThat(thrown.get(20, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            assertThat(left.get(20, TimeUnit.SECONDS)).isPositive();
        }
    }

    @Test
    void settings_that_make_no_sense_are_refused() {
        assertThatThrownBy(() -> web.timeout(Duration.ZERO)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> web.connectTimeout(Duration.ofSeconds(-1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> web.largestAnswer(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> web.idempotencyHeader("a b")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> web.idempotencyHeader("Host")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> web.mostHeaders(0)).isInstanceOf(IllegalArgumentException.class);
    }
}
