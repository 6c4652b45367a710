package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.TaskKey;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When consumers run: for messages, and at the time that they have asked for. */
class PipelineWakeTest {

    private final List<String> looks = new ArrayList<>();

    /** What each consumer asks for next, from the time of the look. */
    private final Map<String, Duration> wishes = new HashMap<>();

    private boolean takes = true;
    private @Nullable Plant plant;

    /** Two consumers that look, and take what they find if they are told to. */
    private final Pipeline watching = Pipeline.define("watch", p -> {
        for (var topic : List.of(ORDERS, BILLS)) {
            String name = topic == ORDERS ? "a" : "b";
            p.consumer(name, topic)
                    .prepare(String.class, inbox -> {
                        var prepared = takes ? Plant.first(inbox) : Prepared.<String>nothing();
                        looks.add(prepared.data() == null ? name : name + " " + prepared.data());
                        var wish = wishes.get(name);
                        return wish == null ? prepared : prepared.wakeAt(now().plus(wish));
                    })
                    .next((out, data) -> {});
        }
    });

    private Instant now() {
        return Instant.ofEpochMilli(opened().stage.clock.now());
    }

    private Plant opened() {
        return java.util.Objects.requireNonNull(plant);
    }

    private Plant open(Database database) {
        var opened = new Plant(database, watching);
        plant = opened;
        return opened;
    }

    @ParameterizedTest
    @EnumSource
    void k43_a_consumer_runs_for_a_message_and_for_nothing_else(Database database) {
        try (var plant = open(database)) {
            plant.pass(Duration.ofDays(30));
            assertThat(looks).isEmpty();
            plant.work(ORDERS, "x");
            assertThat(looks).containsExactly("a x");
            plant.pass(Duration.ofDays(30));
            assertThat(looks).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k44_it_is_woken_at_the_time_that_it_asked_for_and_not_before(Database database) {
        try (var plant = open(database)) {
            takes = false;
            wishes.put("a", Duration.ofMinutes(10));
            plant.work(ORDERS, "x");
            assertThat(looks).containsExactly("a");
            plant.pass(Duration.ofMinutes(10).minusMillis(1));
            assertThat(looks).hasSize(1);
            plant.pass(Duration.ofMillis(1));
            assertThat(looks).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k44_a_message_and_the_time_together_are_one_look(Database database) {
        try (var plant = open(database)) {
            takes = false;
            wishes.put("a", Duration.ofMinutes(10));
            plant.work(ORDERS, "x");
            plant.stage.clock.advance(Duration.ofMinutes(10));
            plant.work(ORDERS, "y");
            assertThat(looks).containsExactly("a", "a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k44_who_asks_for_nothing_is_not_woken_again(Database database) {
        try (var plant = open(database)) {
            takes = false;
            wishes.put("a", Duration.ofMinutes(10));
            plant.work(ORDERS, "x");
            wishes.clear();
            plant.passSeconds(60);
            plant.work(ORDERS, "y"); // wakes it before its time, and it asks for nothing more
            assertThat(looks).hasSize(2);
            plant.stage.worker(watching); // nor does a restart bring the old time back
            plant.pass(Duration.ofDays(2));
            assertThat(looks).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k45_x12_a_wish_is_moved_into_the_limits_and_the_history_tells(Database database) {
        try (var plant = open(database)) {
            takes = false;
            var wanted = List.of("PT5S", "PT72H", "-PT1H", "PT1H");
            var given = List.of("PT30S", "PT24H", "PT30S", "PT1H");
            for (int i = 0; i < wanted.size(); i++) {
                wishes.put("a", Duration.parse(wanted.get(i)));
                var asked = now().plus(wishes.get("a"));
                plant.work(ORDERS, "x" + i);
                var due = Duration.parse(given.get(i));
                assertThat(plant.dueIn("a")).isEqualTo(due);
                assertThat(plant.told("consumer.wake").getLast())
                        .isEqualTo("{\"wanted\":\"%s\",\"at\":%d,\"moved\":%s}"
                                .formatted(asked, plant.stage.clock.now() + due.toMillis(), i < 3));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void k45_a_pipeline_has_its_own_limits(Database database) {
        var patient = watching.wakes(Duration.ofMinutes(2), Duration.ofMinutes(3));
        try (var plant = new Plant(database, patient)) {
            this.plant = plant;
            takes = false;
            wishes.put("a", Duration.ZERO);
            plant.work(ORDERS, "x");
            assertThat(plant.dueIn("a")).isEqualTo(Duration.ofMinutes(2));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k45_a_time_beyond_all_times_is_the_latest(Database database) {
        var endless = Pipeline.define(
                "endless",
                p -> p.consumer("a", ORDERS)
                        .prepare(
                                String.class,
                                inbox -> Prepared.<String>nothing().wakeAt(Instant.MAX))
                        .next((out, data) -> {}));
        try (var plant = new Plant(database, endless)) {
            plant.work(ORDERS, "x");
            assertThat(plant.dueIn("a")).isEqualTo(Duration.ofDays(1));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k45_the_wish_of_who_reserves_something_counts_too(Database database) {
        try (var plant = open(database)) {
            wishes.put("a", Duration.ofMinutes(10));
            plant.send(ORDERS, "x");
            assertThat(plant.worker.step()).isTrue();
            assertThat(looks).containsExactly("a x");
            assertThat(plant.dueIn("a")).isEqualTo(Duration.ofMinutes(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k45_a_wish_outlives_the_attempt_that_made_it(Database database) {
        var failing = new ArrayList<Failure>(List.of(new Failure.Transient("not now")));
        var pipeline = Pipeline.define(
                "failing",
                p -> p.consumer("a", ORDERS)
                        .prepare(String.class, inbox -> {
                            var prepared = Plant.first(inbox);
                            looks.add("a");
                            return prepared.data() == null
                                    ? prepared
                                    : prepared.wakeAt(now().plus(Duration.ofHours(1)));
                        })
                        .next((out, data) -> {
                            if (!failing.isEmpty()) throw failing.removeFirst();
                        }));
        try (var plant = new Plant(database, pipeline)) {
            this.plant = plant;
            plant.work(ORDERS, "x");
            plant.pass(Duration.ofSeconds(10));
            assertThat(looks).as("it was prepared once").hasSize(1);
            assertThat(plant.dueIn("a")).isEqualTo(Duration.ofHours(1).minusSeconds(10));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k46_only_who_is_due_runs(Database database) {
        try (var plant = open(database)) {
            takes = false;
            wishes.put("a", Duration.ofSeconds(30));
            wishes.put("b", Duration.ofHours(1));
            plant.work(ORDERS, "x");
            plant.work(BILLS, "y");
            looks.clear();
            plant.passSeconds(30);
            assertThat(looks).containsExactly("a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k47_a_message_before_the_time_wakes_it_and_then_it_sleeps_again(Database database) {
        try (var plant = open(database)) {
            takes = false;
            wishes.put("a", Duration.ofHours(1));
            plant.work(ORDERS, "x");
            plant.pass(Duration.ofMinutes(10));
            wishes.put("a", Duration.ofHours(2));
            plant.work(ORDERS, "y");
            assertThat(looks).as("what it leaves lying does not wake it again").hasSize(2);
            assertThat(plant.dueIn("a")).isEqualTo(Duration.ofHours(2));
            plant.pass(Duration.ofHours(2));
            assertThat(looks).hasSize(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k47_a_message_that_comes_while_it_looks_is_not_missed(Database database) {
        try (var plant = open(database)) {
            takes = false;
            plant.send(ORDERS, "x");
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.send(ORDERS, "y");
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.worker.drain();
            assertThat(looks).containsExactly("a", "a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k48_who_has_taken_something_looks_at_what_is_left(Database database) {
        try (var plant = open(database)) {
            plant.work(ORDERS, "x", "y", "z");
            assertThat(looks).containsExactly("a x", "a y", "a z");
            assertThat(plant.open("a").key()).isEqualTo(new TaskKey(plant.run, "a", 3));
        }
    }
}
