package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Divergence;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded effects in the steps of flows. */
class FlowEffectsTest {

    private static final Json INPUT = new Json("3");

    private final List<String> done = new ArrayList<>();

    @ParameterizedTest
    @EnumSource
    void what_a_step_has_done_is_not_done_again_when_it_is_tried_again(Database database) {
        var flow = Flow.define(
                "twice",
                Integer.class,
                (f, n) -> f.ioStep("pay", String.class, n, (value, io) -> {
                            String receipt = io.once("charge", String.class, key -> {
                                done.add(key);
                                return "receipt";
                            });
                            if (io.attempt() == 1) throw new IllegalStateException("after the charge");
                            return receipt + " " + io.attempt();
                        })
                        .retry(Retry.times(2)));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(flow);
            var run = worker.submit(flow, INPUT);
            worker.drain();
            stage.pass(Duration.ofHours(1), worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("receipt 2"));
            assertThat(done).containsExactly(run + "-pay-0-0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_element_of_a_map_has_a_journal_of_its_own_and_may_wait(Database database) {
        var flow = Flow.define(
                "waits",
                Integer.class,
                (f, n) -> f.ioMap("each", Integer.class, f.range(3), (i, io) -> {
                    int looked = io.call("look", Integer.class, () -> {
                        done.add("look " + i);
                        return i * 10;
                    });
                    io.sleep(Duration.ofDays(1));
                    return looked + 1;
                }));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(flow);
            var run = worker.submit(flow, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            stage.pass(Duration.ofDays(1), worker);
            assertThat(stage.store.tasks(run, "each", 0, 9).stream()
                            .map(task -> stage.load(task.output()).text()))
                    .containsExactly("1", "11", "21");
            assertThat(done).containsExactlyInAnyOrder("look 0", "look 1", "look 2");
            assertThat(stage.journal(run, "each", 1)).containsExactly("0 call look APPLIED", "1 sleep APPLIED");
        }
    }

    private static Flow<Integer, Integer> asking(String name) {
        return Flow.define(
                "changing",
                Integer.class,
                (f, n) -> f.ioStep("work", Integer.class, n, (value, io) -> {
                            int known = name.isEmpty() ? 0 : io.call(name, Integer.class, () -> value);
                            if (io.attempt() == 1) throw new IllegalStateException("once more");
                            return known;
                        })
                        .retry(Retry.times(3)));
    }

    @ParameterizedTest
    @EnumSource
    void code_that_asks_for_something_else_blocks_the_run(Database database) {
        try (var stage = new Stage(database)) {
            var old = asking("a");
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            stage.pass(Duration.ofHours(1), stage.worker(asking("b")));
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(stage.problem(run).message())
                    .startsWith("Flow \"changing\" version 1 diverged at position 0 of task work[0] in run " + run
                            + ": the code asks for call \"b\" (FlowEffectsTest.java:");
        }
    }

    @ParameterizedTest
    @EnumSource
    void code_that_asks_for_nothing_any_more_blocks_the_run(Database database) {
        try (var stage = new Stage(database)) {
            var old = asking("a");
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            var silent =
                    Flow.define("changing", Integer.class, (f, n) -> f.step("work", Integer.class, n, value -> value));
            stage.pass(Duration.ofHours(1), stage.worker(silent));
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(stage.problem(run).message())
                    .contains("the code came to its end, where call \"a\" was recorded");
        }
    }

    // ---- replay ---------------------------------------------------------------------------------------------------

    private Flow<Integer, Integer> summing(int factor, String name) {
        return Flow.define("summing", Integer.class, (f, n) -> {
            var each = f.ioMap(
                    "each",
                    Integer.class,
                    f.range(3),
                    (i, io) -> factor
                            * io.call(name, Integer.class, () -> {
                                done.add(name + i);
                                return i;
                            }));
            return f.step("sum", Integer.class, each, all -> {
                done.add("sum");
                return all.stream().mapToInt(Integer::intValue).sum();
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_replay_executes_the_steps_that_record_and_touches_nothing(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(summing(1, "look"));
            var run = worker.submit(summing(1, "look"), INPUT);
            worker.drain();
            done.clear();
            assertThat(replay(stage, run, summing(1, "look"))).isNull();
            assertThat(done).isEmpty();
            assertThat(String.valueOf(replay(stage, run, summing(2, "look"))))
                    .contains("it comes to another output", "each[1]");
            assertThat(String.valueOf(replay(stage, run, summing(1, "see"))))
                    .contains("the code asks for call \"see\"", "where call \"look\" was recorded");
            assertThat(done).isEmpty();
        }
    }

    private static @Nullable Divergence replay(Stage stage, RunId run, Flow<?, ?> flow) {
        return Travels.replay(stage, run, flow).divergence();
    }
}
