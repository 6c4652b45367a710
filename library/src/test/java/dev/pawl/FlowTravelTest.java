package dev.pawl;

import static dev.pawl.Travels.confirmed;
import static dev.pawl.Travels.flaws;
import static dev.pawl.Travels.history;
import static dev.pawl.Travels.moments;
import static dev.pawl.Travels.replay;
import static dev.pawl.Travels.timeline;
import static dev.pawl.Travels.what;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Fit;
import dev.pawl.engine.TimeTravel;
import dev.pawl.flow.Flow;
import dev.pawl.flow.Tolerance;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded runs of flows: told task by task, and decided again by today's rules. */
class FlowTravelTest {

    private static final Json INPUT = new Json("4");

    private static Flow<Integer, Integer> summing() {
        return Flow.define("summing", Integer.class, (f, n) -> {
            var split = f.list(
                    "split",
                    Integer.class,
                    n,
                    size -> IntStream.range(0, size).boxed().toList());
            var twice = f.map("twice", Integer.class, split, x -> 2 * x).maxParallel(2);
            return f.step(
                    "sum",
                    Integer.class,
                    twice,
                    all -> all.stream().mapToInt(x -> x).sum());
        });
    }

    private static RunId run(Stage stage, Flow<Integer, ?> flow) {
        var worker = stage.worker(flow);
        var run = worker.submit(flow, INPUT);
        worker.drain();
        return run;
    }

    @ParameterizedTest
    @EnumSource
    void a_run_is_told_and_decided_again(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, summing());
            var told = timeline(stage, run);
            assertThat(what(told))
                    .containsExactly("the beginning", "split", "twice[0]", "twice[1]", "twice[2]", "twice[3]", "sum");
            assertThat(told.state(0)).isEqualTo(new Json("{\"input\":4,\"outputs\":{}}"));
            assertThat(told.state(3))
                    .isEqualTo(new Json("{\"input\":4,\"outputs\":{\"split\":[0,1,2,3],\"twice\":{\"0\":0,\"1\":2}}}"));
            for (int i = 0; i < 20; i++) {
                assertThat(confirmed(history(stage, run), summing())).isEqualTo(moments(told));
            }
            assertThat(replay(stage, run, summing()).end()).isEqualTo("It ended as recorded.");
            assertThat(flaws(stage, run)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_in_between_and_one_that_is_gone_are_found(Database database) {
        var longer = Flow.define("summing", Integer.class, (f, n) -> {
            var split = f.list("split", Integer.class, n, size -> List.of(size));
            var twice = f.map("twice", Integer.class, split, x -> 2 * x).maxParallel(2);
            var more = f.list("more", Integer.class, twice, all -> all);
            return f.step("sum", Integer.class, more, all -> all.size());
        });
        var shorter = Flow.define("summing", Integer.class, (f, n) -> f.step("sum", Integer.class, n, x -> x));
        try (var stage = new Stage(database)) {
            var run = run(stage, summing());
            assertThat(replay(stage, run, longer).divergence()).isNotNull().satisfies(found -> {
                assertThat(found.message()).contains(run.toString(), "task sum[0] has ended");
                assertThat(found.type()).isEqualTo("rules");
            });
            assertThat(replay(stage, run, shorter).divergence())
                    .isNotNull()
                    .satisfies(found -> assertThat(found.message())
                            .contains("task split[0] has ended, and today's rules do not create it"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void skips_and_tolerated_failures_are_decided_again(Database database) {
        var flow = Flow.define("skipping", Integer.class, (f, n) -> {
            var big = f.step("big", Integer.class, n.when(x -> x > 100), x -> x);
            var some = f.map("some", Integer.class, f.range(3), x -> {
                if (x == 1) throw new IllegalStateException("one");
                return x;
            });
            var partial = some.retry(Retry.never()).tolerate(Tolerance.count(1));
            return f.step(
                    "end",
                    Integer.class,
                    big.optional(),
                    partial,
                    (b, all) -> all.values().size());
        });
        try (var stage = new Stage(database)) {
            var run = run(stage, flow);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(replay(stage, run, flow).divergence()).isNull();
            assertThat(what(timeline(stage, run))).contains("big skipped", "some[1] failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_run_and_its_retry_are_decided_again(Database database) {
        var works = new AtomicBoolean();
        var flow = Flow.define("mended", Integer.class, (f, n) -> {
            var first = f.step("first", Integer.class, n, x -> x + 1);
            return f.step("second", Integer.class, first, x -> {
                        if (!works.get()) throw new IllegalStateException("not yet");
                        return x + 1;
                    })
                    .retry(Retry.never());
        });
        try (var stage = new Stage(database)) {
            var run = run(stage, flow);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(replay(stage, run, flow).divergence()).isNull();
            assertThat(replay(stage, run, flow).end()).startsWith("The run failed");
            works.set(true);
            var retried = stage.ask(pawl -> pawl.retry(run, "test").id(), flow);
            stage.worker(flow).drain();
            assertThat(stage.status(retried)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(replay(stage, retried, flow).divergence()).isNull();
            assertThat(timeline(stage, retried).state(0))
                    .isEqualTo(new Json("{\"input\":4,\"outputs\":{\"first\":5}}"));
            assertThat(TimeTravel.verify(history(stage, retried)).flaws()).isEmpty();
        }
    }

    /** What a fork took over is told, and nobody knows by which rules. */
    @ParameterizedTest
    @EnumSource
    void a_fork_is_told_and_says_that_its_rules_were_not_asked(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, summing());
            var fork = stage.ask(
                    pawl -> pawl.fork(run, "sum", java.util.Map.of(), "test").id(), summing());
            stage.worker(summing()).drain();
            assertThat(stage.status(fork)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(what(timeline(stage, fork))).containsExactly("the beginning", "sum");
            assertThat(timeline(stage, fork).state(0).text()).contains("\"split\":[0,1,2,3]", "\"3\":6");
            assertThatThrownBy(() -> replay(stage, fork, summing()))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("does not record what it took over");
            assertThat(TimeTravel.check(history(stage, fork), List.of(summing()))
                            .how())
                    .isEqualTo(Fit.How.UNKNOWN);
            assertThat(flaws(stage, fork)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_open_run_is_decided_as_far_as_it_got_and_an_empty_map_too(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(summing());
            var run = worker.submit(summing(), INPUT);
            worker.step();
            worker.step();
            assertThat(what(timeline(stage, run))).containsExactly("the beginning", "split", "twice[0]");
            assertThat(replay(stage, run, summing()).end()).isEqualTo("The run goes on.");
            var empty = worker.submit(summing(), new Json("0"));
            worker.drain();
            assertThat(what(timeline(stage, empty))).containsExactly("the beginning", "split", "sum");
            assertThat(replay(stage, empty, summing()).end()).isEqualTo("It ended as recorded.");
        }
    }
}
