package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.boundary.Strictness;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.graph.Graph;
import dev.pawl.graph.NodeFn;
import dev.pawl.http.Http;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Artifact;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.JsonSchema;
import dev.pawl.sql.Sql;
import dev.pawl.sql.SqlCall;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What went wrong in the older system, a test for each of its twelve defects. Two stand elsewhere: the state that is not
 * carried (1) and edges whose conditions nobody asks (11) in {@link GraphTest}, falsy values that become null (10) in {@link
 * GraphValuesTest}, and step 0 of a replay that is taken for none (12) in {@link GraphTravelTest}.
 */
class GraphDefectsTest {

    record Trail(List<String> steps) {
        Trail with(String step) {
            var more = new ArrayList<>(steps);
            more.add(step);
            return new Trail(more);
        }
    }

    private static final Json EMPTY = new Json("{\"steps\":[]}");
    private static final TypeRef<Map<String, @Nullable Object>> ANYTHING = new TypeRef<>() {};

    private final List<String> done = new ArrayList<>();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch began = new CountDownLatch(1);
    private final CountDownLatch forever = new CountDownLatch(1);

    private Graph<Trail> chain(NodeFn<Trail> second) {
        return Graph.define("chain", Trail.class, g -> {
            var one = g.node("one", (state, io) -> {
                done.add("one");
                return state.with("one");
            });
            var two = g.node("two", second);
            var three = g.node("three", (state, io) -> {
                done.add("three");
                return state.with("three");
            });
            g.start(one);
            one.then(two);
            two.retry(Retry.never()).then(three);
            three.end();
        });
    }

    /** Defect 2: the failed step had no next edge, which was taken for the end. */
    @ParameterizedTest
    @EnumSource
    void a_failed_run_that_is_taken_up_again_goes_on_with_the_step_that_failed(Database database) {
        var graph = chain((state, io) -> {
            done.add("two");
            if (done.size() == 2) throw new Failure.Logic("not today");
            return state.with("two");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var failed = worker.submit(graph, EMPTY);
            worker.drain();
            assertThat(stage.status(failed)).isEqualTo(RunStatus.FAILED);
            var story = stage.story(failed);
            stage.pass(Duration.ofHours(1), worker);
            assertThat(stage.story(failed)).as("it stays failed").isEqualTo(story);

            var again = worker.submit(graph, EMPTY, null, null, failed);
            worker.drain();
            assertThat(done).containsExactly("one", "two", "two", "three");
            assertThat(stage.status(again)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(worker.output(again)).isEqualTo(new Json("{\"steps\":[\"one\",\"two\",\"three\"]}"));
            assertThat(stage.status(failed)).isEqualTo(RunStatus.FAILED);
        }
    }

    /** Defect 3: steps kept hashes alone, so there was no state to go on with. */
    @ParameterizedTest
    @EnumSource
    void a_worker_that_has_seen_nothing_goes_on_with_the_state_that_was_kept(Database database) {
        var graph = chain((state, io) -> state.with("two"));
        try (var stage = new Stage(database)) {
            var first = stage.worker(graph);
            var run = first.submit(graph, EMPTY);
            first.step();
            stage.die(first);
            var second = stage.worker(graph);
            second.drain();
            assertThat(done).containsExactly("one", "three");
            assertThat(second.output(run)).isEqualTo(new Json("{\"steps\":[\"one\",\"two\",\"three\"]}"));
        }
    }

    /** Defect 4: effects were written before the row of their step, and under types that the table refused. */
    @ParameterizedTest
    @EnumSource
    void effects_of_every_kind_are_on_disk_while_their_step_still_runs(Database database) {
        var kinds = new ArrayList<String>();
        try (var stage = new Stage(database);
                var outside = new Outside(database.url())) {
            var sql = Sql.on(outside.url);
            var web = Http.client().allow("127.0.0.1");
            var graph = chain((state, io) -> {
                io.call("call", () -> {});
                io.once("once", String.class, key -> key);
                io.call("http", web, HttpCall.get(outside.page("rate")));
                io.call("sql", sql, SqlCall.query("select quantity from stock"));
                io.once("change", sql, SqlCall.update("insert into reserved values (?, ?)", SqlCall.key(), "x"));
                io.transact("transact", Integer.class, connection -> 1);
                var drawn = List.of(io.now(), io.random(), io.uuid());
                var kept = io.read(io.write("file", "text/plain", new byte[drawn.size()]));
                io.log("has " + kept.length);
                io.sleep(Duration.ZERO);
                io.call("look", () -> {
                    kinds.addAll(stage.journal(io.run(), "two", 2));
                });
                return state;
            });
            var worker = stage.worker(graph);
            var run = worker.submit(graph, EMPTY);
            worker.step();
            assertThat(stage.told(run, "graph.step")).hasSize(1);
            worker.drain();
            assertThat(kinds)
                    .containsExactly(
                            "0 call call APPLIED",
                            "1 once once APPLIED",
                            "2 http http APPLIED",
                            "3 sql sql APPLIED",
                            "4 sql.once change APPLIED",
                            "5 transact transact APPLIED",
                            "6 now APPLIED",
                            "7 random APPLIED",
                            "8 uuid APPLIED",
                            "9 artifact.write file APPLIED",
                            "10 artifact.read file APPLIED",
                            "11 log APPLIED",
                            "12 sleep APPLIED");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    private String stateHash(Stage stage, Graph<Map<String, @Nullable Object>> graph, String state) {
        var worker = stage.worker(graph);
        var run = worker.submit(graph, new Json(state));
        worker.drain();
        return Evidence.of(stage, run).getFirst().told("state");
    }

    /** Defect 5, and E13: the keys of inner objects were dropped before hashing. */
    @ParameterizedTest
    @EnumSource
    void hashes_depend_on_inner_values_and_not_on_the_order_of_keys(Database database) {
        var graph = Graph.define("same", ANYTHING, g -> {
            var same = g.node("same", (state, io) -> state);
            g.start(same);
            same.end();
        });
        try (var stage = new Stage(database)) {
            String hash = stateHash(stage, graph, "{\"a\":{\"b\":{\"c\":1},\"d\":[{\"e\":2}]},\"f\":3}");
            assertThat(hash).hasSize(64);
            assertThat(stateHash(stage, graph, "{\"f\":3,\"a\":{\"d\":[{\"e\":2}],\"b\":{\"c\":1}}}"))
                    .isEqualTo(hash);
            assertThat(stateHash(stage, graph, "{\"a\":{\"b\":{\"c\":2},\"d\":[{\"e\":2}]},\"f\":3}"))
                    .isNotEqualTo(hash);
            assertThat(stateHash(stage, graph, "{\"a\":{\"b\":{\"c\":1},\"d\":[{\"e\":3}]},\"f\":3}"))
                    .isNotEqualTo(hash);
            assertThat(stateHash(stage, graph, "{\"a\":{\"b\":{},\"d\":[{\"e\":2}]},\"f\":3}"))
                    .isNotEqualTo(hash);
        }
    }

    record File(Artifact artifact) {}

    /** E1, E12: the reference of an artifact has the run in it, and the state that carries it is no other for that. */
    @ParameterizedTest
    @EnumSource
    void hashes_depend_on_what_artifacts_contain_and_not_on_whose_they_are(Database database) {
        var graph = Graph.define("files", ANYTHING, g -> {
            var write = g.node("write", (state, io) -> {
                byte[] content = String.valueOf(state.get("text")).getBytes(StandardCharsets.UTF_8);
                return Map.of("file", new File(io.write("file", "text/plain", content)));
            });
            var read = g.node("read", (state, io) -> {
                var file = Codec.STANDARD.read(
                        Codec.STANDARD.write(state.get("file"), TypeRef.of(Object.class), "It"),
                        TypeRef.of(File.class),
                        "It");
                return Map.of("size", io.read(file.artifact()).length, "file", file);
            });
            g.start(write);
            write.then(read);
            read.end();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var hashes = new ArrayList<List<String>>();
            for (String text : List.of("same", "same", "else")) {
                var run = worker.submit(graph, new Json("{\"text\":\"" + text + "\"}"));
                worker.drain();
                assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
                hashes.add(Evidence.of(stage, run).stream()
                        .map(step -> step.told("state") + " " + step.told("effects"))
                        .toList());
            }
            assertThat(hashes.get(1)).isEqualTo(hashes.get(0));
            assertThat(hashes.get(2)).doesNotContainAnyElementsOf(hashes.get(0));
        }
    }

    /** Defect 6, with E4, E5 and E8: equal requests of a run, in one step or in two, shared one record. */
    @ParameterizedTest
    @EnumSource
    void equal_requests_have_a_record_each_and_give_their_own_answers_again(Database database) {
        var answers = new ArrayList<List<String>>();
        try (var stage = new Stage(database)) {
            var crashing = new CrashingStore(stage.store);
            NodeFn<Trail> asks = (state, io) -> {
                var first = List.of(io.now(), io.now(), io.now());
                var all = new ArrayList<String>();
                for (Instant time : first) all.add(String.valueOf(time.toEpochMilli()));
                for (int i = 0; i < 2; i++) {
                    UUID uuid = io.uuid();
                    all.add(uuid + " " + io.random().nextLong());
                    all.add(io.call("ticket", "same", String.class, request -> {
                        done.add(request);
                        return "ticket " + done.size();
                    }));
                }
                answers.add(all);
                io.call("last", () -> {
                    if (answers.size() % 2 == 1) throw crashing.die("last");
                });
                return state.with(String.join(",", all));
            };
            var graph = Graph.define("asking", Trail.class, g -> {
                var one = g.node("one", asks);
                var two = g.node("two", asks);
                g.start(one);
                one.then(two);
                two.end();
            });
            var run = new HandDriven(crashing.store(), stage.clock, List.of(graph)).submit(graph, EMPTY);
            for (int deaths = 0; deaths < 2; deaths++) {
                var worker = new HandDriven(crashing.store(), stage.clock, List.of(graph));
                assertThatThrownBy(worker::drain).isInstanceOf(Crash.class);
                crashing.behave();
                stage.clock.advance(Duration.ofSeconds(10));
            }
            stage.worker(graph).drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(answers).hasSize(4);
            assertThat(answers.get(1)).isEqualTo(answers.get(0)).doesNotHaveDuplicates();
            assertThat(answers.get(3)).isEqualTo(answers.get(2)).doesNotHaveDuplicates();
            assertThat(answers.get(2)).doesNotContainAnyElementsOf(answers.get(0));
            long begin = Long.parseLong(answers.get(0).get(0));
            assertThat(answers.get(0).subList(0, 3)).containsExactly("" + begin, "" + (begin + 1), "" + (begin + 2));
            assertThat(done).hasSize(4);
            assertThat(stage.effects(run, "one", 1))
                    .filteredOn(effect -> effect.ordinal() >= 0)
                    .hasSize(10);
            assertThat(stage.effects(run, "two", 2))
                    .filteredOn(effect -> effect.ordinal() >= 0)
                    .hasSize(10);
        }
    }

    /** Defect 7: what was recorded was not looked at when a run was taken up again, and everything happened twice. */
    @ParameterizedTest
    @EnumSource
    void what_happened_before_a_crash_does_not_happen_again(Database database) {
        try (var stage = new Stage(database)) {
            var crashing = new CrashingStore(stage.store);
            var attempts = new AtomicInteger();
            var graph = chain((state, io) -> {
                io.call("called", () -> {
                    done.add("called");
                });
                String receipt = io.once("changed", String.class, key -> {
                    done.add("changed");
                    return "receipt";
                });
                io.call("last", () -> {
                    if (attempts.incrementAndGet() == 1) throw crashing.die("last");
                });
                return state.with(receipt);
            });
            var first = new HandDriven(crashing.store(), stage.clock, List.of(graph));
            var run = first.submit(graph, EMPTY);
            assertThatThrownBy(first::drain).isInstanceOf(Crash.class);
            stage.clock.advance(Duration.ofSeconds(10));
            stage.worker(graph).drain();
            assertThat(done).containsExactly("one", "called", "changed", "three");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    // ---- defect 8: time-outs cancelled nothing, and abort only changed a word -------------------------------------

    private Trail block(Trail state) throws InterruptedException {
        began.countDown();
        try {
            forever.await();
        } catch (InterruptedException stopped) {
            interrupted.incrementAndGet();
            throw stopped;
        }
        return state.with("in vain");
    }

    private Graph<Trail> blocking(@Nullable Duration deadline) {
        return Graph.define("blocking", Trail.class, g -> {
                    var one = g.node("one", (state, io) -> state.with("one"));
                    var two = g.node("two", (state, io) -> io.call("wait", Trail.class, () -> block(state)));
                    g.start(one);
                    one.then(two);
                    two.end();
                    if (deadline == null) two.retry(Retry.never()).timeout(Duration.ofMillis(100));
                    else g.deadline(deadline);
                })
                .boundary(Strictness.OFF);
    }

    @ParameterizedTest
    @EnumSource
    void a_timeout_of_a_node_interrupts_it_and_is_told_as_such(Database database) throws Exception {
        var graph = blocking(null);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(graph);
            var handle = pawl.submit(graph, new Trail(List.of()));
            Fleet.fails(handle, "\"class\":\"TIMEOUT\"", "It took longer than PT0.1S and was interrupted.");
            await().until(() -> interrupted.get() == 1);
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_deadline_of_a_graph_interrupts_what_runs_and_is_told_as_such(Database database) throws Exception {
        var graph = blocking(Duration.ofMillis(500));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(graph);
            var handle = pawl.submit(graph, new Trail(List.of()));
            Fleet.fails(handle, "\"class\":\"TIMEOUT\"", "The run did not end before its deadline.");
            await().until(() -> interrupted.get() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelling_a_graph_interrupts_what_runs_and_what_comes_late_changes_nothing(Database database)
            throws Exception {
        var graph = blocking(Duration.ofHours(1));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(graph);
            var handle = pawl.submit(graph, new Trail(List.of()));
            await().until(() -> began.getCount() == 0);
            pawl.cancel(handle.id(), "ann", "no longer wanted");
            Fleet.fails(handle);
            await().until(() -> interrupted.get() == 1);
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.CANCELLED);
        }
        try (var stage = new Stage(database)) {
            var patient = chain((state, io) -> state.with("two"));
            var worker = stage.worker(patient);
            var run = worker.submit(patient, EMPTY);
            worker.step();
            var claim = worker.claim(1).getFirst();
            var verdict = worker.attempt(claim);
            worker.command(run, dev.pawl.exec.Entry.Verb.CANCEL);
            var story = stage.story(run);
            assertThat(worker.end(claim, verdict)).isFalse();
            worker.drain();
            assertThat(stage.story(run)).isEqualTo(story);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            assertThat(done).containsExactly("one");
        }
    }

    /** Defect 9: with a checkpoint interval, the steps between were lost, and the last one too. */
    @ParameterizedTest
    @EnumSource
    void every_step_is_kept_and_none_is_executed_twice(Database database) {
        var graph = Graph.define("steps", Trail.class, g -> {
            var step = g.node("step", (state, io) -> {
                String name = "step " + (state.steps().size() + 1);
                done.add(name);
                return state.with(name);
            });
            g.start(step);
            step.when(state -> state.steps().size() < 7, step).otherwiseEnd();
        });
        try (var stage = new Stage(database)) {
            var run = stage.worker(graph).submit(graph, EMPTY);
            for (int step = 1; step <= 7; step++) {
                assertThat(stage.worker(graph).step()).isTrue(); // the next worker each time
                var kept = stage.task(run, "step", step);
                assertThat(kept.status()).isEqualTo(TaskStatus.SUCCEEDED);
                assertThat(Evidence.of(stage, run)).hasSize(step);
            }
            assertThat(done).hasSize(7).doesNotHaveDuplicates();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(Evidence.of(stage, run).getLast().state().get("steps")).hasSize(7);
        }
    }

    // ---- defect 11: retries, schemas and policies were declared, and never looked at ------------------------------

    @ParameterizedTest
    @EnumSource
    void a_node_is_tried_again_as_it_says(Database database) {
        var graph = Graph.define("flaky", Trail.class, g -> {
            var flaky = g.node("flaky", (state, io) -> {
                done.add("tried");
                if (done.size() < 4) throw new IllegalStateException("try " + done.size());
                return state.with("at last");
            });
            g.start(flaky);
            flaky.retry(Retry.times(4).base(Duration.ofMinutes(1)).jitter(0)).end();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, EMPTY);
            worker.drain();
            assertThat(done).hasSize(1);
            stage.pass(Duration.ofSeconds(59), worker);
            assertThat(done).as("not before its time").hasSize(1);
            stage.pass(Duration.ofSeconds(1), worker);
            stage.pass(Duration.ofMinutes(2), worker);
            stage.pass(Duration.ofMinutes(4), worker);
            assertThat(done).hasSize(4);
            assertThat(worker.output(run)).isEqualTo(new Json("{\"steps\":[\"at last\"]}"));
        }
    }

    private static JsonSchema atMost(int steps) {
        return JsonSchema.of("{\"properties\":{\"steps\":{\"type\":\"array\",\"maxItems\":" + steps + "}}}");
    }

    private void isRefused(Stage stage, Graph<Trail> graph, String what, int executed) {
        var worker = stage.worker(graph);
        var run = worker.submit(graph, EMPTY);
        worker.drain();
        assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
        assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.LOGIC);
        assertThat(stage.problem(run).message()).contains(what).contains("/steps");
        assertThat(done).hasSize(executed);
        done.clear();
    }

    private Graph<Trail> checked(String name, @Nullable JsonSchema in, @Nullable JsonSchema out, int most) {
        return Graph.define(name, Trail.class, g -> {
            var one = g.node("one", (state, io) -> {
                done.add("one");
                return state.with("one");
            });
            var two = g.node("two", (state, io) -> {
                done.add("two");
                return state.with("two");
            });
            g.start(one);
            one.then(two);
            two.end();
            two.input(in == null ? atMost(9) : in);
            one.output(out == null ? atMost(9) : out);
            g.output(atMost(most));
        });
    }

    @ParameterizedTest
    @EnumSource
    void schemas_of_nodes_and_graphs_are_checked(Database database) {
        try (var stage = new Stage(database)) {
            isRefused(stage, checked("in", atMost(0), null, 9), "The state before node \"two\"", 1);
            isRefused(stage, checked("out", null, atMost(0), 9), "The state after node \"one\"", 1);
            isRefused(stage, checked("end", null, null, 1), "The state at the end of graph \"end\"", 2);
            var refusing = Graph.define("begin", Trail.class, g -> {
                var one = g.node("one", (state, io) -> state);
                g.start(one);
                one.end();
                g.input(atMost(0));
            });
            assertThatThrownBy(() -> stage.worker(refusing).submit(refusing, new Json("{\"steps\":[\"x\"]}")))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("The input of graph \"begin\"")
                    .hasMessageContaining("/steps");
        }
    }

    /** A condition sees what the node gave back, as it is kept, and its failure is the step's. */
    @ParameterizedTest
    @EnumSource
    void a_condition_that_fails_fails_the_step_and_does_not_do_its_effects_again(Database database) {
        var graph = Graph.define("asked", Trail.class, g -> {
            var one = g.node(
                    "one",
                    (state, io) -> state.with(io.call("work", String.class, () -> {
                        done.add("work");
                        return "worked";
                    })));
            g.start(one);
            one.retry(Retry.times(3).base(Duration.ofSeconds(1)).jitter(0))
                    .endWhen("asked", state -> {
                        done.add("asked");
                        if (done.size() < 4) throw new IllegalStateException("not now");
                        return state.steps().getLast().equals("worked");
                    })
                    .otherwise(one);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, EMPTY);
            worker.drain();
            stage.pass(Duration.ofMinutes(1), worker);
            stage.pass(Duration.ofMinutes(1), worker);
            assertThat(done).containsExactly("work", "asked", "asked", "asked");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(Codec.STANDARD.tree(worker.output(run)).get("steps")).hasSize(1);
        }
    }
}
