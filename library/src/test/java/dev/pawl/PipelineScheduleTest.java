package dev.pawl;

import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.PipelineRefused;
import dev.pawl.pipeline.Prepared;
import dev.pawl.schedule.Every;
import dev.pawl.schedule.Timing;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When producers run: by their schedules, and when somebody wants them to. It is 08:00 in UTC when a plant begins. */
class PipelineScheduleTest {

    private final List<String> runs = new ArrayList<>();
    private @Nullable Failure failure;

    private final Pipeline shop = polling("shop", Every.of("5m"), Every.of("1h"));

    /** A pipeline with two producers that count, and publish what they count. */
    private Pipeline polling(String name, Timing fast, Timing slow) {
        return Pipeline.define(name, p -> {
            producer(p, "fast", fast);
            producer(p, "slow", slow);
            p.consumer("c", ORDERS)
                    .prepare(String.class, inbox -> Prepared.nothing())
                    .next((out, data) -> {});
        });
    }

    private void producer(Pipeline.Parts p, String name, Timing timing) {
        p.producer(name, timing, Integer.class, (out, cursor) -> {
            int count = cursor == null ? 1 : cursor + 1;
            runs.add(name + " " + count);
            out.publish(ORDERS, name + "-" + count, "x");
            if (failure != null) throw failure;
            return count;
        });
    }

    private List<String> newRuns() {
        var copy = List.copyOf(runs);
        runs.clear();
        return copy;
    }

    @ParameterizedTest
    @EnumSource
    void k49_k50_two_producers_run_at_once_and_then_each_by_its_schedule(Database database) {
        try (var plant = new Plant(database, shop)) {
            assertThat(newRuns()).containsExactlyInAnyOrder("fast 1", "slow 1");
            assertThat(plant.dueIn("fast")).isEqualTo(Duration.ofMinutes(5));
            assertThat(plant.dueIn("slow")).isEqualTo(Duration.ofHours(1));
            plant.pass(Duration.ofMinutes(5).minusMillis(1));
            assertThat(newRuns()).isEmpty();
            plant.pass(Duration.ofMillis(1));
            assertThat(newRuns()).containsExactly("fast 2");
            for (int i = 0; i < 11; i++) plant.pass(Duration.ofMinutes(5));
            assertThat(newRuns()).hasSize(12).containsOnlyOnce("slow 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k49_somebody_runs_all_of_them_or_some(Database database) {
        try (var plant = new Plant(database, shop)) {
            runs.clear();
            plant.ask(pipelines -> {
                pipelines.run("shop");
                return true;
            });
            plant.worker.drain();
            assertThat(newRuns()).containsExactlyInAnyOrder("fast 2", "slow 2");
            plant.ask(pipelines -> {
                pipelines.run("shop", "slow");
                return true;
            });
            plant.worker.drain();
            assertThat(newRuns()).containsExactly("slow 3");
            assertThat(plant.dueIn("slow")).as("counted from now on").isEqualTo(Duration.ofHours(1));
            assertThatThrownBy(() -> plant.ask(pipelines -> {
                        pipelines.run("shop", "slow", "other");
                        return true;
                    }))
                    .isInstanceOf(PipelineRefused.class)
                    .hasMessage("Pipeline \"shop\" has no producer \"other\". It has: [fast, slow].");
            plant.worker.drain();
            assertThat(newRuns()).as("nothing was run").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void k49_wishes_that_come_before_a_run_are_one_run(Database database) {
        try (var plant = new Plant(database, shop)) {
            runs.clear();
            for (int i = 0; i < 3; i++) plant.worker.signal(plant.run, "run:slow", Json.NULL, null);
            plant.worker.drain();
            assertThat(newRuns()).containsExactly("slow 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k54_a_wish_during_a_run_is_one_more_run(Database database) {
        // The older engine refuses to run now while something runs. Here it is remembered, once.
        try (var plant = new Plant(database, shop)) {
            plant.worker.signal(plant.run, "run:slow", Json.NULL, null);
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.signal(plant.run, "run:slow", Json.NULL, null);
            plant.worker.signal(plant.run, "run:slow", Json.NULL, null);
            runs.clear();
            assertThat(plant.worker.claim(1)).as("it is at work").isEmpty();
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.worker.drain();
            assertThat(newRuns()).containsExactly("slow 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k50_pipelines_do_not_run_each_other(Database database) {
        var other = polling("other", Every.of("1d"), Every.of("1d"));
        try (var plant = new Plant(database, shop, other)) {
            var second = plant.worker.submit(other, Json.NULL);
            plant.worker.drain();
            runs.clear();
            plant.worker.signal(second, "run:slow", Json.NULL, null);
            plant.worker.drain();
            assertThat(plant.stage.task(second, "slow", 2).attempt()).isZero();
            assertThat(plant.open("slow").key().index()).isEqualTo(1);
            assertThat(newRuns()).containsExactly("slow 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k51_cron_runs_at_its_times(Database database) {
        var quarterly = polling("q", Timing.cron("*/15 * * * *", ZoneOffset.UTC), Every.of("1d"));
        try (var plant = new Plant(database, quarterly)) {
            plant.pass(Duration.ofMinutes(10));
            runs.clear();
            plant.worker.signal(plant.run, "run:fast", Json.NULL, null);
            plant.worker.drain();
            assertThat(newRuns()).containsExactly("fast 2");
            assertThat(plant.dueIn("fast"))
                    .as("08:15, by the clock of the test")
                    .isEqualTo(Duration.ofMinutes(5));
            plant.pass(Duration.ofMinutes(5));
            assertThat(newRuns()).containsExactly("fast 3");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k52_who_fails_keeps_its_cursor_and_is_due_again_after_the_pause(Database database) {
        try (var plant = new Plant(database, shop)) {
            var before = plant.messages();
            runs.clear();
            failure = new Failure.Transient("the mailbox is down");
            plant.pass(Duration.ofMinutes(5));
            assertThat(newRuns()).containsExactly("fast 2");
            assertThat(plant.dueIn("fast")).isEqualTo(Duration.ofSeconds(10));
            plant.passSeconds(10);
            assertThat(newRuns()).as("from the same cursor").containsExactly("fast 2");
            assertThat(plant.messages()).as("nothing of it is published").isEqualTo(before);
            failure = null;
            plant.passSeconds(20);
            assertThat(newRuns()).containsExactly("fast 2");
            assertThat(plant.messages()).hasSize(before.size() + 1).endsWith("ORDERS fast-2 PENDING");
            assertThat(plant.dueIn("fast")).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k52_a_wish_is_not_lost_when_the_run_fails(Database database) {
        try (var plant = new Plant(database, shop)) {
            runs.clear();
            failure = new Failure.Transient("the mailbox is down");
            plant.worker.signal(plant.run, "run:slow", Json.NULL, null);
            plant.worker.drain();
            failure = null;
            plant.passSeconds(10);
            assertThat(newRuns()).containsExactly("slow 2", "slow 2");
            plant.passSeconds(10);
            assertThat(newRuns()).as("it was fulfilled").isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void k52_a_producer_whose_code_is_broken_stops_the_pipeline(Database database) {
        try (var plant = new Plant(database, shop)) {
            failure = new Failure.Logic("no such field");
            plant.pass(Duration.ofMinutes(5));
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            failure = null;
            runs.clear();
            plant.resume();
            assertThat(newRuns()).containsExactly("fast 2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void x12_times_that_were_missed_are_not_made_up(Database database) {
        try (var plant = new Plant(database, shop)) {
            runs.clear();
            plant.pass(Duration.ofDays(3));
            assertThat(newRuns()).containsExactlyInAnyOrder("fast 2", "slow 2");
            assertThat(plant.dueIn("fast")).isEqualTo(Duration.ofMinutes(5));
        }
    }
}
