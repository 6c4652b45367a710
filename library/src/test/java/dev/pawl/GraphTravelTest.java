package dev.pawl;

import static dev.pawl.Travels.confirmed;
import static dev.pawl.Travels.hashes;
import static dev.pawl.Travels.history;
import static dev.pawl.Travels.moments;
import static dev.pawl.Travels.replay;
import static dev.pawl.Travels.timeline;
import static dev.pawl.Travels.what;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Fit;
import dev.pawl.engine.TimeTravel;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Hashing;
import dev.pawl.graph.NodeFn;
import dev.pawl.io.Io;
import dev.pawl.spi.Moment;
import dev.pawl.travel.Comparison;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded runs of graphs: told without their code, and executed again with it. */
class GraphTravelTest {

    record Notes(List<String> lines) {
        Notes with(Object line) {
            var more = new ArrayList<>(lines);
            more.add(String.valueOf(line));
            return new Notes(more);
        }
    }

    record Question(String text, Map<String, Integer> limits) {}

    private static final Json EMPTY = new Json("{\"lines\":[]}");

    private final AtomicInteger calls = new AtomicInteger();

    private static Graph<Notes> three(NodeFn<Notes> first, NodeFn<Notes> second, NodeFn<Notes> third) {
        return Graph.define("three", Notes.class, g -> {
            var one = g.node("one", first).retry(Retry.never());
            var two = g.node("two", second).retry(Retry.never());
            var last = g.node("three", third).retry(Retry.never());
            g.start(one);
            one.then(two);
            two.when("long", notes -> notes.lines().size() > 9, one).otherwise(last);
            last.end();
        });
    }

    private Notes ask(Notes notes, Io io, int tokens) throws Exception {
        var question = new Question("why", Map.of("tokens", tokens));
        return notes.with(io.call("llm", question, String.class, asked -> "answer " + calls.incrementAndGet()));
    }

    /** Effects of several kinds: three of the first node, one each of the others. */
    private Graph<Notes> asking(int tokens) {
        return three(
                (notes, io) ->
                        notes.with(io.now()).with(io.uuid()).with(io.random().nextInt(100)),
                (notes, io) -> ask(notes, io, tokens),
                (notes, io) -> notes.with(io.call("count", Integer.class, calls::incrementAndGet)));
    }

    private static RunId run(Stage stage, Graph<Notes> graph) {
        var worker = stage.worker(graph);
        var run = worker.submit(graph, EMPTY);
        worker.drain();
        return run;
    }

    // ---- telling --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_run_is_told_step_by_step_without_its_code(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, asking(5));
            var told = timeline(stage, run);
            assertThat(what(told)).containsExactly("the beginning", "one", "two", "three");
            assertThat(moments(told).stream().map(Moment::next))
                    .containsExactly(null, "then -> two", "otherwise -> three", "then -> the end");
            assertThat(told.effects(1).stream().map(effect -> effect.kind())).containsExactly("now", "uuid", "random");
            assertThat(told.effects(0)).isEmpty();
            assertThat(told.state(3)).isEqualTo(history(stage, run).result());
            assertThat(told.rest()).isNull();
        }
    }

    /** Defect 12: the older system took step 0 for "no step". */
    @ParameterizedTest
    @EnumSource
    void step_0_is_the_beginning_and_there_is_none_before_it_or_after_the_last(Database database) {
        try (var stage = new Stage(database)) {
            var told = timeline(stage, run(stage, asking(5)));
            assertThat(told.state(0)).isEqualTo(EMPTY);
            assertThat(told.at(0).number()).isZero();
            assertThatThrownBy(() -> told.state(-1))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("goes from 0 to 3");
            assertThatThrownBy(() -> told.at(4)).isInstanceOf(Failure.Logic.class);
        }
    }

    /** States of which most steps keep only what changed, asked for in any order. */
    @ParameterizedTest
    @EnumSource
    void a_state_is_the_same_in_whatever_order_it_is_asked_for(Database database) {
        var graph = Graph.define("large", Notes.class, g -> {
            var add = g.node(
                    "add",
                    (notes, io) -> notes.with("x".repeat(200) + notes.lines().size()));
            g.start(add);
            add.when("more", notes -> notes.lines().size() < 45, add).otherwiseEnd();
        });
        try (var stage = new Stage(database)) {
            var run = run(stage, graph);
            var inOrder = timeline(stage, run);
            var states = IntStream.rangeClosed(0, 45).mapToObj(inOrder::state).toList();
            var anyOrder = timeline(stage, run);
            for (int i : new int[] {45, 3, 17, 16, 44, 0, 33, 1})
                assertThat(anyOrder.state(i)).isEqualTo(states.get(i));
            assertThat(replay(stage, run, graph).divergence()).isNull();
            assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
        }
    }

    // ---- hashes ---------------------------------------------------------------------------------------------------

    /** E1 and E12. */
    @ParameterizedTest
    @EnumSource
    void the_same_graph_and_input_give_the_same_hashes(Database database) {
        var graph = three(
                (notes, io) -> notes.with("a"),
                (notes, io) -> notes.with(io.call("b", Integer.class, () -> 7)),
                (notes, io) -> notes.with("c"));
        try (var stage = new Stage(database)) {
            var first = hashes(timeline(stage, run(stage, graph)));
            assertThat(first).doesNotHaveDuplicates().allMatch(hash -> hash.matches("[0-9a-f]{64}"));
            for (int i = 0; i < 5; i++)
                assertThat(hashes(timeline(stage, run(stage, graph)))).isEqualTo(first);
        }
    }

    /** E10 and X13: a hundred times, and nothing is called. */
    @ParameterizedTest
    @EnumSource
    void a_hundred_replays_give_the_same_states_hashes_and_order_and_call_nothing(Database database) {
        try (var stage = new Stage(database)) {
            var graph = asking(5);
            var run = run(stage, graph);
            var recorded = moments(timeline(stage, run));
            int before = calls.get();
            var history = history(stage, run);
            for (int i = 0; i < 100; i++) assertThat(confirmed(history, graph)).isEqualTo(recorded);
            assertThat(calls).hasValue(before);
            assertThat(replay(stage, run, graph)).satisfies(replay -> {
                assertThat(replay.moments()).isEqualTo(4);
                assertThat(replay.end()).isEqualTo("It ended as recorded.");
            });
        }
    }

    /** E4: three recorded times come back, and each is later than the one before. */
    @ParameterizedTest
    @EnumSource
    void recorded_times_come_back(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three(
                    (notes, io) -> notes.with(io.now().toEpochMilli())
                            .with(io.now().toEpochMilli())
                            .with(io.now().toEpochMilli()),
                    (notes, io) -> notes,
                    (notes, io) -> notes);
            var run = run(stage, graph);
            long start = stage.clock.now();
            assertThat(timeline(stage, run).state(1))
                    .isEqualTo(new Json("{\"lines\":[\"%d\",\"%d\",\"%d\"]}".formatted(start, start + 1, start + 2)));
            assertThat(timeline(stage, run).effects(1)).hasSize(3);
            stage.clock.advance(java.time.Duration.ofDays(400));
            assertThat(replay(stage, run, graph).divergence()).isNull();
        }
    }

    /** E6: recorded once over real HTTP, then replayed with the server gone. */
    @ParameterizedTest
    @EnumSource
    void what_came_over_http_is_there_when_the_server_is_not(Database database) throws IOException {
        var served = new AtomicInteger();
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            served.incrementAndGet();
            byte[] body = "from the outside".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        var uri = URI.create("http://localhost:" + server.getAddress().getPort() + "/");
        var graph = three(
                (notes, io) -> notes.with(io.call(
                        "get",
                        uri.toString(),
                        String.class,
                        asked -> HttpClient.newHttpClient()
                                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
                                .body())),
                (notes, io) -> notes,
                (notes, io) -> notes);
        try (var stage = new Stage(database)) {
            var run = run(stage, graph);
            server.stop(0);
            assertThat(timeline(stage, run).state(1)).isEqualTo(new Json("{\"lines\":[\"from the outside\"]}"));
            assertThat(replay(stage, run, graph).divergence()).isNull();
            assertThat(served).hasValue(1);
        } finally {
            server.stop(0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void falsy_values_come_back_as_they_were(Database database) {
        record Falsy(Object value) {}
        var values = new ArrayList<Object>(List.of(0, false, "", List.of()));
        values.add(null);
        for (Object value : values) {
            var graph = Graph.define("falsy", Falsy.class, g -> {
                var look = g.node(
                        "look",
                        (state, io) -> new Falsy(io.call("look", Object.class, () -> {
                            calls.incrementAndGet();
                            return value;
                        })));
                g.start(look);
                look.end();
            });
            try (var stage = new Stage(database)) {
                var worker = stage.worker(graph);
                var run = worker.submit(graph, new Json("{\"value\":1}"));
                worker.drain();
                int before = calls.get();
                assertThat(replay(stage, run, graph).divergence()).isNull();
                assertThat(calls).hasValue(before);
                assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
            }
        }
    }

    // ---- divergence -----------------------------------------------------------------------------------------------

    /** X13: one nested field of a request. */
    @ParameterizedTest
    @EnumSource
    void another_nested_field_of_a_request_is_found_with_run_step_and_position(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, asking(5));
            int before = calls.get();
            var replay = replay(stage, run, asking(6));
            assertThat(replay.moments()).isEqualTo(2);
            assertThat(calls).hasValue(before);
            assertThat(replay.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.run()).isEqualTo(run);
                assertThat(found.moment()).isEqualTo(2);
                assertThat(found.task()).isEqualTo("two[2]");
                assertThat(found.position()).isZero();
                assertThat(found.type()).isEqualTo("call");
                assertThat(found.recorded()).matches("[0-9a-f]{64}").isNotEqualTo(found.now());
                assertThat(found.now()).matches("[0-9a-f]{64}");
                assertThat(found.differences()).containsExactly("limits/tokens was 5 and is now 6.");
                assertThat(found.message())
                        .contains(run.toString(), "two[2]", "position 0", "limits/tokens", "GraphTravelTest.java:");
            });
        }
    }

    /** E9: asked for, and never recorded. */
    @ParameterizedTest
    @EnumSource
    void a_call_without_a_record_is_found_with_its_type_and_hash_and_not_made(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, three((notes, io) -> notes, (notes, io) -> notes.with("b"), (notes, io) -> notes));
            var replay = replay(
                    stage, run, three((notes, io) -> notes, (notes, io) -> ask(notes, io, 5), (notes, io) -> notes));
            assertThat(calls).hasValue(0);
            assertThat(replay.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.type()).isEqualTo("call");
                assertThat(found.position()).isZero();
                assertThat(found.recorded()).isNull();
                assertThat(found.now()).matches("[0-9a-f]{64}");
                assertThat(found.message()).contains("call \"llm\"", "nothing is recorded", found.now());
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_recorded_call_that_is_not_asked_for_is_found(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, asking(5));
            var replay = replay(
                    stage, run, three((notes, io) -> notes.with(io.now()), (notes, io) -> notes, (notes, io) -> notes));
            assertThat(replay.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.moment()).isEqualTo(1);
                assertThat(found.position()).isEqualTo(1);
                assertThat(found.type()).isEqualTo("uuid");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_state_is_found_with_its_fields(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, three((n, io) -> n.with("a"), (n, io) -> n.with("b"), (n, io) -> n));
            var replay = replay(stage, run, three((n, io) -> n.with("a"), (n, io) -> n.with("B"), (n, io) -> n));
            assertThat(replay.moments()).isEqualTo(2);
            assertThat(replay.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.moment()).isEqualTo(2);
                assertThat(found.type()).isEqualTo("state");
                assertThat(found.recorded())
                        .isEqualTo(timeline(stage, run).at(2).hash());
                assertThat(found.differences()).containsExactly("lines/1 was \"b\" and is now \"B\".");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void without_hashes_the_states_themselves_are_compared(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three((n, io) -> n.with("a"), (n, io) -> n.with("b"), (n, io) -> n)
                    .hashing(Hashing.OFF);
            var run = run(stage, graph);
            assertThat(replay(stage, run, graph).divergence()).isNull();
            assertThat(hashes(timeline(stage, run))).allMatch(hash -> hash.matches("[0-9a-f]{64}"));
            var other = three((n, io) -> n.with("a"), (n, io) -> n.with("B"), (n, io) -> n);
            assertThat(replay(stage, run, other).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.type()).isEqualTo("state");
                assertThat(found.differences()).containsExactly("lines/1 was \"b\" and is now \"B\".");
            });
            var verified = TimeTravel.verify(history(stage, run));
            assertThat(verified.flaws()).isEmpty();
            assertThat(verified.seal()).isNull();
            assertThat(verified.remarks()).singleElement().asString().contains("Of 3 steps 3 are not hashed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_edge_is_found(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, three((n, io) -> n, (n, io) -> n, (n, io) -> n));
            var other = Graph.define("three", Notes.class, g -> {
                var one = g.node("one", (n, io) -> n);
                var two = g.node("two", (n, io) -> n);
                var three = g.node("three", (n, io) -> n);
                g.start(one);
                one.then(two);
                two.when("long", notes -> notes.lines().isEmpty(), one).otherwise(three);
                three.end();
            });
            assertThat(replay(stage, run, other).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.moment()).isEqualTo(2);
                assertThat(found.type()).isEqualTo("next");
                assertThat(found.message()).contains("otherwise -> three", "long -> one");
            });
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_node_that_is_gone_and_one_that_throws_are_found(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, three((n, io) -> n, (n, io) -> n, (n, io) -> n));
            var throwing = three(
                    (n, io) -> n,
                    (n, io) -> {
                        throw new IllegalStateException("not any more");
                    },
                    (n, io) -> n);
            assertThat(replay(stage, run, throwing).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.moment()).isEqualTo(2);
                assertThat(found.message()).contains("not any more");
            });
            var shorter = Graph.define("three", Notes.class, g -> {
                var one = g.node("one", (n, io) -> n);
                g.start(one);
                one.end();
            });
            assertThat(replay(stage, run, shorter).divergence()).isNotNull();
        }
    }

    // ---- runs that did not come to their end -----------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_failed_run_fails_again_as_recorded(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three(
                    (n, io) -> n.with("a"),
                    (n, io) -> {
                        throw new IllegalStateException("no " + io.call("x", Integer.class, calls::incrementAndGet));
                    },
                    (n, io) -> n);
            var run = run(stage, graph);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            var replay = replay(stage, run, graph);
            assertThat(replay.divergence()).isNull();
            assertThat(replay.moments()).isEqualTo(2);
            assertThat(replay.end())
                    .contains("Step 2, two", "It failed as recorded: IllegalStateException (UNCLASSIFIED): no 1.");
            assertThat(calls).hasValue(1);
            assertThat(timeline(stage, run).rest()).contains("Step 2, two, failed", "no 1");
            var other = three(
                    (n, io) -> n.with("a"),
                    (n, io) -> {
                        throw new IllegalStateException("yes " + io.call("x", Integer.class, calls::incrementAndGet));
                    },
                    (n, io) -> n);
            assertThat(replay(stage, run, other).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.type()).isEqualTo("end");
                assertThat(found.message()).contains("no 1", "yes 1");
            });
            assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_open_run_is_replayed_as_far_as_its_record_goes(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three(
                    (n, io) -> n.with("a"),
                    (n, io) -> {
                        int first = io.call("x", Integer.class, calls::incrementAndGet);
                        return n.with(io.await("go", String.class)).with(first);
                    },
                    (n, io) -> n);
            var run = run(stage, graph);
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            var replay = replay(stage, run, graph);
            assertThat(replay.divergence()).isNull();
            assertThat(replay.end()).contains("Step 2, two", "It waits for await \"go\".");
            assertThat(timeline(stage, run).rest()).contains("Step 2, two, has not ended");
            assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
            var renamed = three(
                    (n, io) -> n.with("a"), (n, io) -> n.with(io.call("y", Integer.class, () -> 1)), (n, io) -> n);
            var fit = TimeTravel.check(history(stage, run), List.of(renamed));
            assertThat(fit.how()).isEqualTo(Fit.How.DIVERGES);
            assertThat(fit.isTrouble()).isTrue();
            assertThat(fit.said()).contains("call \"y\"", "call \"x\"");
            assertThat(TimeTravel.check(history(stage, run), List.of(graph.version("2")))
                            .how())
                    .isEqualTo(Fit.How.NO_CODE);
            assertThat(TimeTravel.check(history(stage, run), List.of(graph)).isTrouble())
                    .isFalse();
        }
    }

    /** How much is hashed may change under a run that goes on. */
    @ParameterizedTest
    @EnumSource
    void a_run_whose_hashing_changed_on_the_way_is_no_false_alarm(Database database) {
        var graph = three((n, io) -> n.with("a"), (n, io) -> n.with(io.await("go", String.class)), (n, io) -> n);
        for (var hashing : List.of(List.of(Hashing.OFF, Hashing.CHAINED), List.of(Hashing.CHAINED, Hashing.OFF))) {
            try (var stage = new Stage(database)) {
                var before = graph.hashing(hashing.getFirst());
                var after = graph.hashing(hashing.getLast());
                var run = run(stage, before);
                stage.worker(after).signal(run, "go", Stage.json("b"), null);
                stage.worker(after).drain();
                assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
                var verified = TimeTravel.verify(history(stage, run));
                assertThat(verified.flaws()).isEmpty();
                assertThat(verified.remarks())
                        .anySatisfy(remark -> assertThat(remark).contains("are not hashed"));
                assertThat(replay(stage, run, after).divergence()).isNull();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_version_that_the_code_does_not_go_on_with_is_found(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three(
                    (n, io) -> n.with(io.version("way", 1, 2)).with(io.await("go", String.class)),
                    (n, io) -> n,
                    (n, io) -> n);
            var run = run(stage, graph);
            var newer = three(
                    (n, io) -> n.with(io.version("way", 3, 4)).with(io.await("go", String.class)),
                    (n, io) -> n,
                    (n, io) -> n);
            assertThat(replay(stage, run, graph).divergence()).isNull();
            assertThat(replay(stage, run, newer).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.type()).isEqualTo("version");
                assertThat(found.position()).isZero();
                assertThat(found.message()).contains("version 2 of change \"way\"");
            });
        }
    }

    // ---- forks ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_fork_has_the_steps_before_it_and_parts_where_its_state_was_changed(Database database) {
        try (var stage = new Stage(database)) {
            var graph = three((n, io) -> n.with("a"), (n, io) -> n.with("b"), (n, io) -> n.with("c"));
            var run = run(stage, graph);
            var same = fork(stage, graph, run, "3", Map.of());
            var other = fork(stage, graph, run, "2", Map.of("state", new Json("{\"lines\":[\"A\"]}")));
            stage.worker(graph).drain();
            assertThat(timeline(stage, same).first()).isEqualTo(2);
            assertThat(timeline(stage, same).at(2).what()).contains("from step 2 of run " + run);
            for (var fork : List.of(same, other)) {
                assertThat(replay(stage, fork, graph).divergence()).isNull();
                assertThat(TimeTravel.verify(history(stage, fork)).flaws()).isEmpty();
            }
            var original = TimeTravel.whole(history(stage, run));
            assertThat(Comparison.parting(original, TimeTravel.whole(history(stage, same))))
                    .isNull();
            assertThat(what(TimeTravel.whole(history(stage, same))))
                    .containsExactly("the beginning", "one", "two", "three");
            var parting = Comparison.parting(original, TimeTravel.whole(history(stage, other)));
            assertThat(parting).isNotNull();
            assertThat(parting.number()).isEqualTo(1);
            assertThat(parting.differences()).containsExactly("lines was [\"a\"] and is now [\"A\"].");
        }
    }

    private static RunId fork(Stage stage, Graph<Notes> graph, RunId run, String from, Map<String, Json> edits) {
        return stage.ask(pawl -> pawl.fork(run, from, edits, "test").id(), graph);
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_goes_on_from_the_chain_of_the_failed_run(Database database) {
        try (var stage = new Stage(database)) {
            var broken = new AtomicInteger(1);
            var graph = three(
                    (n, io) -> n.with("a"),
                    (n, io) -> {
                        if (broken.getAndDecrement() > 0) throw new IllegalStateException("not yet");
                        return n.with("b");
                    },
                    (n, io) -> n);
            var run = run(stage, graph);
            var retried = stage.ask(pawl -> pawl.retry(run, "test").id(), graph);
            stage.worker(graph).drain();
            assertThat(stage.status(retried)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(TimeTravel.verify(history(stage, retried)).flaws()).isEmpty();
            assertThat(replay(stage, retried, graph).divergence()).isNull();
        }
    }
}
