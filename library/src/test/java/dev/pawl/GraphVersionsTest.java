package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Submit;
import dev.pawl.graph.Graph;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A run stays with the version that it was submitted with (X14). */
class GraphVersionsTest {

    record Trail(List<String> steps) {
        Trail with(String step) {
            var more = new ArrayList<>(steps);
            more.add(step);
            return new Trail(more);
        }
    }

    private static final Json EMPTY = new Json("{\"steps\":[]}");
    private static final Duration HOUR = Duration.ofHours(1);

    private static final Graph<Trail> FIRST = Graph.define("versioned", Trail.class, g -> {
        var one = g.node("one", (state, io) -> {
            io.sleep(HOUR);
            return state.with("old one");
        });
        var two = g.node("two", (state, io) -> state.with("old two"));
        g.start(one);
        one.then(two);
        two.end();
    });

    /** Other code, and other nodes. */
    private static final Graph<Trail> SECOND = Graph.define("versioned", Trail.class, g -> {
                var one = g.node("one", (state, io) -> state.with("new one"));
                var between = g.node("between", (state, io) -> state.with("between"));
                var two = g.node("two", (state, io) -> state.with("new two"));
                g.start(one);
                one.then(between);
                between.then(two);
                two.end();
            })
            .version("2");

    @ParameterizedTest
    @EnumSource
    void a_run_waits_for_a_worker_with_its_own_version(Database database) {
        try (var stage = new Stage(database)) {
            var old = stage.worker(FIRST);
            var run = old.submit(FIRST, EMPTY);
            old.drain();
            var story = stage.story(run);

            stage.pass(HOUR, stage.worker(SECOND));
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            assertThat(stage.story(run)).isEqualTo(story);

            var both = stage.worker(FIRST, SECOND);
            both.drain();
            assertThat(both.output(run)).isEqualTo(new Json("{\"steps\":[\"old one\",\"old two\"]}"));
            assertThat(stage.store.run(run).orElseThrow().version()).isEqualTo("1");
            Evidence.of(stage, run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_says_which_version_is_missing_and_which_there_is(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var run = fleet.client(FIRST).submit(FIRST, new Trail(List.of())).id();
            var newer = fleet.open(SECOND);
            assertThat(newer.explain(run))
                    .contains("No worker has graph:versioned version 1 (the workers alive have version 2).");
            assertThat(newer.run(run).status()).isEqualTo(RunStatus.QUEUED);
        }
    }

    /** The newest is the one given last; versions are only names. */
    @ParameterizedTest
    @EnumSource
    void new_runs_take_the_newest_version_and_go_on_beside_old_ones(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var before = fleet.client(FIRST).submit(FIRST.name(), EMPTY, Submit.NOW);
            var both = fleet.open(FIRST, SECOND);
            var after = both.submit(FIRST.name(), EMPTY, Submit.NOW);
            assertThat(both.run(after.id()).version()).isEqualTo("2");
            assertThat(after.await(Fleet.PATIENCE))
                    .isEqualTo(new Json("{\"steps\":[\"new one\",\"between\",\"new two\"]}"));
            assertThat(both.run(before.id()).version()).isEqualTo("1");
            await().until(() -> both.tasks(before.id(), 10).stream().anyMatch(task -> task.parked()));
        }
    }
}
