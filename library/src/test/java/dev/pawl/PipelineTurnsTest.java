package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import dev.pawl.spi.Tx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Who is at work when: within a pipeline, between pipelines, and when somebody pauses one. */
class PipelineTurnsTest {

    private final List<String> done = new ArrayList<>();
    private final Pipeline shop = pipeline("shop");

    private Pipeline pipeline(String name) {
        return Pipeline.define(name, p -> {
            p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> {
                done.add(name + " polls");
                return 0;
            });
            consumer(p, name, "a", ORDERS);
            consumer(p, name, "b", BILLS);
        });
    }

    private void consumer(Pipeline.Parts p, String pipeline, String name, Topic<String> topic) {
        p.consumer(name, topic).prepare(String.class, Plant::first).next((out, data) -> {
            if (data != null) done.add(pipeline + " " + name + " " + data);
        });
    }

    private Plant open(Database database, Pipeline... pipelines) {
        var plant = new Plant(database, pipelines);
        done.clear();
        return plant;
    }

    private static List<String> names(List<Tx.Claim> claims) {
        return claims.stream().map(claim -> claim.task().key().label()).toList();
    }

    /** Publishes, and lets a second pass so that it is clear what came first. */
    private static void sendAndWait(Plant plant, Topic<String> topic, String id) {
        plant.send(topic, id);
        plant.stage.clock.advance(Duration.ofSeconds(1));
    }

    @ParameterizedTest
    @EnumSource
    void k53_a_consumer_goes_on_until_nothing_is_left(Database database) {
        // There is no longest session: each activation is claimed on its own, so nobody has to be stopped.
        try (var plant = open(database, shop)) {
            var ids = new ArrayList<String>();
            for (int i = 0; i < 120; i++) ids.add("x" + i);
            plant.work(ORDERS, ids.toArray(new String[0]));
            assertThat(done).hasSize(120).startsWith("shop a x0", "shop a x1").endsWith("shop a x119");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k54_a_handler_is_at_work_once_whoever_asks_for_it(Database database) {
        try (var plant = open(database, shop)) {
            plant.send(ORDERS, "x", "y");
            plant.send(BILLS, "z");
            var other = plant.stage.worker(shop);
            var claims = plant.worker.claim(10);
            assertThat(names(claims)).containsExactlyInAnyOrder("a[0]", "b[0]");
            assertThat(other.claim(10)).isEmpty();
            claims.forEach(claim -> plant.worker.end(claim, plant.worker.attempt(claim)));
            assertThat(names(other.claim(10))).containsExactly("a[1]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k54_who_starts_a_pipeline_that_is_there_gets_that_one(Database database) {
        try (var plant = open(database, shop)) {
            var again = plant.ask(pipelines -> pipelines.start(shop));
            assertThat(again.equals(plant.run)).isTrue();
            plant.worker.drain();
            assertThat(done).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void k54_one_at_a_time_is_one_handler_at_a_time(Database database) {
        var single = shop.oneAtATime();
        try (var plant = open(database, single)) {
            plant.send(ORDERS, "x");
            plant.send(BILLS, "y");
            var other = plant.stage.worker(single);
            var claims = plant.worker.claim(10);
            assertThat(claims).hasSize(1);
            assertThat(other.claim(10)).isEmpty();
            assertThat(plant.worker.end(claims.getFirst(), plant.worker.attempt(claims.getFirst())))
                    .isTrue();
            assertThat(other.claim(10)).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k55_consumers_go_before_producers(Database database) {
        // The older engine's code lets producers go first, its rules say otherwise: drain before you fetch.
        for (var pipeline : List.of(shop, shop.oneAtATime())) {
            try (var plant = open(database, pipeline)) {
                plant.stage.clock.advance(Duration.ofMinutes(5));
                plant.send(ORDERS, "x", "y");
                plant.worker.drain();
                assertThat(done).containsExactly("shop a x", "shop a y", "shop polls");
                done.clear();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void k55_whose_message_waits_longest_goes_first(Database database) {
        try (var plant = open(database, shop.oneAtATime())) {
            sendAndWait(plant, BILLS, "1");
            sendAndWait(plant, ORDERS, "2");
            sendAndWait(plant, BILLS, "3");
            sendAndWait(plant, BILLS, "4");
            sendAndWait(plant, ORDERS, "5");
            plant.worker.drain();
            assertThat(done).containsExactly("shop b 1", "shop a 2", "shop b 3", "shop b 4", "shop a 5");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k55_pipelines_take_turns(Database database) {
        var first = shop.oneAtATime();
        var second = pipeline("other").oneAtATime();
        try (var plant = new Plant(database, first, second)) {
            var other = plant.worker.submit(second, Json.NULL);
            plant.worker.drain();
            done.clear();
            plant.send(ORDERS, "1", "2", "3");
            plant.stage.clock.advance(Duration.ofSeconds(1));
            plant.send(other, ORDERS, "4", "5", "6");
            var claims = plant.worker.claim(10);
            assertThat(claims).as("one of each at a time").hasSize(2);
            claims.forEach(claim -> plant.worker.end(claim, plant.worker.attempt(claim)));
            plant.worker.drain();
            assertThat(done.subList(0, 4))
                    .filteredOn(each -> each.startsWith("shop"))
                    .hasSize(2);
            assertThat(done).hasSize(6);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k57_who_is_paused_at_work_comes_to_the_end_and_nobody_begins(Database database) {
        try (var plant = open(database, shop)) {
            plant.send(ORDERS, "x", "y");
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.command(plant.run, Verb.PAUSE);
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.pass(Duration.ofDays(1));
            assertThat(done).containsExactly("shop a x");
            assertThat(plant.messages()).containsExactly("ORDERS x CONSUMED", "ORDERS y PENDING");
            plant.work(BILLS, "z");
            assertThat(plant.stage.status(plant.run)).isEqualTo(RunStatus.PAUSED);
            assertThat(done).hasSize(1);
            plant.resume();
            assertThat(done).contains("shop a y", "shop b z", "shop polls").hasSize(4);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k57_a_failure_during_a_pause_waits_for_its_end(Database database) {
        var failing = Pipeline.define(
                "failing",
                p -> p.consumer("a", ORDERS).prepare(String.class, Plant::first).next((out, data) -> {
                    done.add("fails");
                    throw new dev.pawl.core.Failure.Logic("broken");
                }));
        try (var plant = open(database, failing)) {
            plant.send(ORDERS, "x");
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.command(plant.run, Verb.PAUSE);
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            assertThat(plant.stage.status(plant.run))
                    .as("a person's hold is not replaced")
                    .isEqualTo(RunStatus.PAUSED);
            plant.pass(Duration.ofDays(1));
            assertThat(done).hasSize(1);
            plant.resume();
            assertThat(plant.stage.status(plant.run)).isEqualTo(RunStatus.BLOCKED);
        }
    }
}
