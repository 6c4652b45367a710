package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pawl.agent.AgentMessage;
import dev.pawl.agent.Agents;
import dev.pawl.agent.ToolAnswer;
import dev.pawl.agent.ToolCall;
import dev.pawl.agent.Tools;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.flow.Flow;
import dev.pawl.graph.Graph;
import dev.pawl.job.Job;
import dev.pawl.json.Codec;
import dev.pawl.schema.JsonSchema;
import dev.pawl.spi.TypedProgram;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Schemas at the doors: of programs, of nodes, and of what comes back from outside. */
class SchemaGateTest {

    record Amount(int value) {}

    private static JsonSchema atMost(int most) {
        return JsonSchema.of("""
                {"type": "object", "properties": {"value": {"type": "integer", "maximum": %d}}, "required": ["value"]}""".formatted(most));
    }

    private static Graph<Amount> graph(int limit, int before, int after, int end) {
        return Graph.define("doors", Amount.class, g -> {
            g.input(atMost(limit));
            g.output(atMost(end));
            var add = g.node("add", (state, io) -> new Amount(state.value() + 10));
            g.start(add);
            add.input(atMost(before)).output(atMost(after)).end();
        });
    }

    /** E14: the path of what is wrong is told. */
    @ParameterizedTest
    @EnumSource
    void an_input_that_does_not_fit_is_refused_when_it_is_submitted(Database database) {
        try (var stage = new Stage(database)) {
            var programs = List.<TypedProgram<?, ?>>of(
                    graph(5, 99, 99, 99),
                    Job.define("doors", Amount.class, Integer.class, (job, a) -> a.value())
                            .input(atMost(5)),
                    Flow.define("doors", Amount.class, (f, a) -> f.step("value", Integer.class, a, Amount::value))
                            .input(atMost(5)));
            for (var program : programs) {
                assertThatThrownBy(() -> stage.worker(program).submit(program, new Json("{\"value\":6}")))
                        .isInstanceOf(Failure.Logic.class)
                        .hasMessageStartingWith(
                                "The input of " + program.name().replace(":", " \"") + "\" does not fit its schema:")
                        .hasMessageContaining("/value");
            }
        }
    }

    /** The older system declared the schemas of nodes and never looked at them (its defect 11). */
    @ParameterizedTest
    @EnumSource
    void states_that_do_not_fit_fail_the_run_and_say_at_which_door(Database database) {
        try (var stage = new Stage(database)) {
            fails(
                    stage,
                    graph(99, 2, 99, 99),
                    "The state before node \"add\" of graph \"doors\" does not fit its schema: ");
            fails(
                    stage,
                    graph(99, 99, 2, 99),
                    "The state after node \"add\" of graph \"doors\" does not fit its schema: ");
            fails(stage, graph(99, 99, 99, 2), "The state at the end of graph \"doors\" does not fit its schema: ");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_output_that_does_not_fit_fails_the_run(Database database) {
        try (var stage = new Stage(database)) {
            var small = JsonSchema.of("{\"type\": \"integer\", \"maximum\": 2}");
            fails(
                    stage,
                    Job.define("doors", Amount.class, Integer.class, (job, a) -> a.value())
                            .output(small),
                    "The output of job \"doors\" does not fit its schema: ");
            fails(
                    stage,
                    Flow.define("doors", Amount.class, (f, a) -> f.step("value", Integer.class, a, Amount::value))
                            .output(small),
                    "The output of flow \"doors\" does not fit its schema: ");
        }
    }

    private static void fails(Stage stage, TypedProgram<?, ?> program, String message) {
        var worker =
                stage.worker(program instanceof Graph<?> graph ? graph.version("v" + message.hashCode()) : program);
        var run = worker.submit(
                program instanceof Graph<?> graph ? graph.version("v" + message.hashCode()) : program,
                new Json("{\"value\":3}"));
        worker.drain();
        assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
        assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.LOGIC);
        assertThat(stage.problem(run).message()).contains(message);
    }

    // ---- what comes back ------------------------------------------------------------------------------------------

    /** A tool whose answers come from a real server. */
    private static Tools tools(int port) {
        return (call, context) -> new ToolAnswer(
                false,
                List.of(),
                Codec.STANDARD.tree(
                        new Json(post(port, call.tool(), call.arguments().text()))));
    }

    private static String post(int port, String path, String body) throws IOException, InterruptedException {
        try (var client = HttpClient.newHttpClient()) {
            var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/" + path))
                    .POST(HttpRequest.BodyPublishers.ofString(body))
                    .build();
            return client.send(request, HttpResponse.BodyHandlers.ofString()).body();
        }
    }

    private static HttpServer echo() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            byte[] body = exchange.getRequestBody().readAllBytes();
            byte[] answer = ("{\"path\":\"" + exchange.getRequestURI() + "\",\"got\":"
                            + new String(body, StandardCharsets.UTF_8) + "}")
                    .getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        server.start();
        return server;
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_that_does_not_fit_is_a_failure_that_says_where(Database database) throws IOException {
        var server = echo();
        var schema = JsonSchema.of("""
                {"properties": {"structured": {"properties": {"got": {"required": ["found"]}}}}}""");
        int port = server.getAddress().getPort();
        var job = Job.define(
                "asking",
                Amount.class,
                String.class,
                (io, a) -> io.call(
                                "search",
                                tools(port).expecting(schema),
                                new ToolCall("web", "search", new Json("{\"query\":" + a.value() + "}")))
                        .toString());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, new Json("{\"value\":3}"));
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message())
                    .startsWith("The answer of tool does not fit its schema: ")
                    .contains("/structured/got", "found");
            assertThat(stage.journal(run)).containsExactly("0 tool search FAILED");
        } finally {
            server.stop(0);
        }
    }

    private static final String ENVELOPE = """
            {"meta":{"messageId":"7c1e6d0e-9f5a-4c6e-8c0a-2f6d3a1b5e7f","timestamp":"2026-01-01T00:00:00Z","version":"1.0.0"},
             "source":{"type":"worker","id":"w1"},"decision":{"type":"continue","executionId":"e1"}}""";

    /** E7: a message to another agent is recorded with what came back. */
    @ParameterizedTest
    @EnumSource
    void a_message_to_another_agent_is_recorded_with_its_answer(Database database) throws IOException {
        var server = echo();
        int port = server.getAddress().getPort();
        Agents agents = (message, context) -> Codec.STANDARD.tree(new Json(post(
                port, message.to() + "?key=" + context.key(), message.envelope().text())));
        var job = Job.define(
                "telling",
                Amount.class,
                String.class,
                (io, a) -> io.once("notify", agents, new AgentMessage("helper", "decision", new Json(ENVELOPE)))
                        .path("path")
                        .asString());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, new Json("{\"value\":3}"));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("/helper?key=" + run + "-job-0-0"));
            var effect = stage.effects(run, "job", 0).getLast();
            assertThat(effect.kind()).isEqualTo("agent.once");
            assertThat(String.valueOf(effect.request())).contains("\"to\":\"helper\"", "\"type\":\"decision\"");
            assertThat(stage.load(effect.value()).text()).contains("\"executionId\":\"e1\"");
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_message_in_the_wrong_envelope_is_never_sent(Database database) {
        try (var stage = new Stage(database)) {
            assertThat(stage.store.describe()).isNotEmpty();
            assertThatThrownBy(() -> new AgentMessage("helper", "decision", new Json("{}")))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageStartingWith("Envelope validation failed");
        }
    }
}
