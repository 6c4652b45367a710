package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.graph.Graph;
import dev.pawl.http.Http;
import dev.pawl.http.HttpCall;
import dev.pawl.io.Io;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * 0, false, "", null, [] and {} are six different values, and none of them is nothing (X5): in states, in requests, and in
 * what comes back. The older system read most of them as null (its defect 10).
 */
class GraphValuesTest {

    private static final Http WEB = Http.client().allow("127.0.0.1");
    private static final List<String> VALUES = List.of("0", "false", "\"\"", "null", "[]", "{}");
    private static final TypeRef<Map<String, @Nullable Object>> ANYTHING = new TypeRef<>() {};

    private static final Json ALL = new Json(
            "{\"a\":0,\"b\":false,\"c\":\"\",\"d\":null,\"e\":[],\"f\":{},\"g\":[0,false,\"\",null,[],{}],\"h\":{\"\":null}}");

    private static @Nullable Object value(String json) {
        return Codec.STANDARD.read(new Json(json), TypeRef.of(Object.class), "A value");
    }

    @ParameterizedTest
    @EnumSource
    void states_keep_each_of_them_in_every_place(Database database) {
        var seen = new ArrayList<Map<String, @Nullable Object>>();
        var graph = Graph.define("values", ANYTHING, g -> {
            var first = g.node("first", (state, io) -> {
                seen.add(state);
                return state;
            });
            var second = g.node("second", (state, io) -> {
                seen.add(state);
                return state;
            });
            g.start(first);
            first.when(state -> state.containsKey("d") && state.get("d") == null && !state.containsKey("i"), second)
                    .otherwiseEnd();
            second.end();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, ALL);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(ALL);
            assertThat(Evidence.of(stage, run))
                    .extracting(step -> step.state().toString())
                    .containsExactly(ALL.text(), ALL.text());
            assertThat(seen)
                    .hasSize(2)
                    .allSatisfy(state -> assertThat(Codec.STANDARD.write(state, ANYTHING, "It"))
                            .isEqualTo(ALL));
        }
    }

    /** What each effect gave back, as its code saw it. */
    private Map<String, @Nullable Object> answers(Io io, Outside outside) throws Exception {
        var answers = new LinkedHashMap<String, @Nullable Object>();
        for (String json : VALUES) {
            var value = value(json);
            answers.put("call " + json, io.call("call", Object.class, () -> value));
            answers.put("asked " + json, io.call("asked", value, Object.class, asked -> asked));
            answers.put("once " + json, io.once("once", Object.class, key -> value));
            answers.put("transact " + json, io.transact("transact", Object.class, connection -> value));
            outside.answers(json);
            var answer = io.call("http", WEB, HttpCall.get(outside.page("value")));
            answers.put("http " + json, answer.json(Object.class));
        }
        outside.answers("");
        answers.put(
                "http",
                io.call("http", WEB, HttpCall.get(outside.page("nothing"))).body());
        answers.put("artifact", List.of(io.read(io.write("none", "text/plain", new byte[0])).length));
        return answers;
    }

    @ParameterizedTest
    @EnumSource
    void effects_give_each_of_them_back_again_after_a_crash(Database database) throws Exception {
        var seen = new ArrayList<Map<String, @Nullable Object>>();
        try (var stage = new Stage(database);
                var outside = new Outside(database.url())) {
            var crashing = new CrashingStore(stage.store);
            var graph = Graph.define("answers", ANYTHING, g -> {
                var ask = g.node("ask", (state, io) -> {
                    var answers = answers(io, outside);
                    seen.add(answers);
                    io.call("last", () -> {
                        if (seen.size() == 1) throw crashing.die("last");
                    });
                    return answers;
                });
                g.start(ask);
                ask.end();
            });
            var first = new HandDriven(crashing.store(), stage.clock, List.of(graph));
            var run = first.submit(graph, new Json("{}"));
            assertThatThrownBy(first::drain).isInstanceOf(Crash.class);
            int calls = outside.done.size();
            stage.clock.advance(Duration.ofSeconds(10));
            var second = stage.worker(graph);
            second.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(outside.done).as("calls").hasSize(calls).hasSize(VALUES.size() + 1);
            for (String json : VALUES) {
                for (String kind : List.of("call", "asked", "once", "transact", "http")) {
                    assertThat(seen)
                            .as(kind + " " + json)
                            .hasSize(2)
                            .allSatisfy(answers ->
                                    assertThat(answers.get(kind + " " + json)).isEqualTo(value(json)));
                }
            }
            assertThat(seen.get(1))
                    .isEqualTo(seen.get(0))
                    .containsEntry("http", "")
                    .containsEntry("artifact", List.of(0));
            assertThat(second.output(run)).isEqualTo(graph.encode(seen.get(0)));
            Evidence.of(stage, run);
            assertThat(Travels.replay(stage, run, graph).same()).isTrue();
            assertThat(seen).hasSize(3).last().isEqualTo(seen.getFirst());
        }
    }

    /** Each is another request than the others. */
    @ParameterizedTest
    @EnumSource
    void requests_that_ask_for_another_of_them_diverge(Database database) {
        var asked = new ArrayList<@Nullable Object>();
        try (var stage = new Stage(database)) {
            for (int i = 0; i < VALUES.size(); i++) {
                String name = "asks" + i;
                var then = asking(name, VALUES.get(i), asked);
                var now = asking(name, VALUES.get((i + 1) % VALUES.size()), asked);
                var worker = stage.worker(then);
                var run = worker.submit(then, new Json("{}"));
                worker.drain();
                assertThat(asked).hasSize(i + 1);
                stage.pass(Duration.ofHours(1), stage.worker(now));
                assertThat(stage.status(run)).as(name).isEqualTo(RunStatus.BLOCKED);
                assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.DIVERGED);
                assertThat(asked).hasSize(i + 1);
            }
        }
    }

    private static Graph<Map<String, @Nullable Object>> asking(String name, String json, List<@Nullable Object> asked) {
        return Graph.define(name, ANYTHING, g -> {
            var ask = g.node("ask", (state, io) -> {
                io.call("ask", value(json), Object.class, value -> {
                    asked.add(value);
                    return value;
                });
                io.sleep(Duration.ofMinutes(1));
                return state;
            });
            g.start(ask);
            ask.end();
        });
    }
}
