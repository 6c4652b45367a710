package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.graph.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Graphs from the outside: states that are carried, edges that decide, loops, and ends. */
class GraphTest {

    record Trail(List<String> steps) {
        Trail with(String step) {
            var more = new ArrayList<>(steps);
            more.add(step);
            return new Trail(more);
        }
    }

    record Amount(int value) {}

    private static final Graph<Trail> CHAIN = Graph.define("chain", Trail.class, g -> {
        var one = g.node("one", (state, io) -> state.with("step1"));
        var two = g.node("two", (state, io) -> state.with("step2"));
        var three = g.node("three", (state, io) -> state.with("step3"));
        g.start(one);
        one.then(two);
        two.then(three);
        three.end();
    });

    private static final Json EMPTY = new Json("{\"steps\":[]}");

    /** E3; the older system gave back the state that it began with (its defect 1). */
    @ParameterizedTest
    @EnumSource
    void each_node_gets_the_state_that_the_last_one_gave_back(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(CHAIN);
            var run = worker.submit(CHAIN, EMPTY);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(worker.output(run)).isEqualTo(new Json("{\"steps\":[\"step1\",\"step2\",\"step3\"]}"));
            assertThat(stage.told(run, "graph.step")).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_graph_runs_in_a_real_pawl(Database database) throws Exception {
        try (var pawl = Pawl.open(database.url(), CHAIN)) {
            var trail = pawl.submit(CHAIN, new Trail(List.of())).await(Duration.ofSeconds(30));
            assertThat(trail.steps()).containsExactly("step1", "step2", "step3");
        }
    }

    private static Graph<Amount> branching() {
        return Graph.define("branching", Amount.class, g -> {
            var look = g.node("look", (state, io) -> state);
            var low = g.node("low", (state, io) -> new Amount(state.value() + 10));
            var high = g.node("high", (state, io) -> new Amount(state.value() * 2));
            g.start(look);
            look.when(state -> state.value() > 50, high).otherwise(low);
            low.end();
            high.end();
        });
    }

    /** E11. */
    @ParameterizedTest
    @EnumSource
    void the_edge_whose_condition_holds_is_taken(Database database) {
        try (var stage = new Stage(database)) {
            var graph = branching();
            var worker = stage.worker(graph);
            var low = worker.submit(graph, new Json("{\"value\":25}"));
            var high = worker.submit(graph, new Json("{\"value\":60}"));
            worker.drain();
            assertThat(worker.output(low)).isEqualTo(new Json("{\"value\":35}"));
            assertThat(worker.output(high)).isEqualTo(new Json("{\"value\":120}"));
            assertThat(stage.story(low)).contains("task.succeeded low[2]").doesNotContain("task.succeeded high[2]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_loop_goes_round_until_its_condition_fails(Database database) {
        var graph = Graph.define("loop", Amount.class, g -> {
            var count = g.node("count", (state, io) -> new Amount(state.value() + 1));
            g.start(count);
            count.when(state -> state.value() < 40, count).otherwiseEnd();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, new Json("{\"value\":0}"));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("{\"value\":40}"));
            assertThat(stage.told(run, "graph.step")).hasSize(40);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_loop_without_an_end_fails_at_the_limit_of_steps(Database database) {
        var graph = Graph.define("endless", Amount.class, g -> {
            var count = g.node("count", (state, io) -> new Amount(state.value() + 1));
            g.start(count);
            g.maxSteps(7);
            count.then(count);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, new Json("{\"value\":0}"));
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message())
                    .isEqualTo(
                            "Graph \"endless\" did not come to its end in 7 steps; the next would have been node \"count\"."
                                    + " If its loops are right, give it more with maxSteps.");
            assertThat(stage.told(run, "graph.step")).hasSize(7);
        }
    }

    /** E2. */
    @ParameterizedTest
    @EnumSource
    void a_node_that_throws_fails_the_run_with_its_message(Database database) {
        var graph = Graph.define("broken", Amount.class, g -> {
            var boom = g.node("boom", (state, io) -> {
                throw new IllegalStateException("no such thing");
            });
            g.start(boom);
            boom.retry(Retry.never()).end();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(graph);
            var run = worker.submit(graph, new Json("{\"value\":0}"));
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("no such thing");
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.UNCLASSIFIED);
            assertThat(stage.task(run, "boom", 1).status().name()).isEqualTo("FAILED");
        }
    }

    private RunId fail(Stage stage, Graph<Amount> graph, int value) {
        var worker = stage.worker(graph);
        var run = worker.submit(graph, new Json("{\"value\":" + value + "}"));
        worker.drain();
        assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
        return run;
    }

    /** The older system's defect 11: conditions were declared and never asked. */
    @ParameterizedTest
    @EnumSource
    void no_edge_or_more_than_one_is_an_error_that_names_node_and_state(Database database) {
        var graph = Graph.define("gaps", Amount.class, g -> {
            var look = g.node("look", (state, io) -> state);
            g.start(look);
            look.endWhen("small", state -> state.value() < 10).endWhen("even", state -> state.value() % 2 == 0);
        });
        try (var stage = new Stage(database)) {
            var none = fail(stage, graph, 11);
            assertThat(stage.problem(none).message())
                    .isEqualTo("There is no edge after the node \"look\" of graph \"gaps\":"
                            + " no condition holds for the state {\"value\":11}. Add an otherwise.");
            var both = fail(stage, graph, 4);
            assertThat(stage.problem(both).message())
                    .isEqualTo(
                            "There is more than one edge after the node \"look\" of graph \"gaps\":"
                                    + " each of [\"small\", \"even\"] holds for the state {\"value\":4}. Make the conditions exclude each other.");
        }
    }
}
