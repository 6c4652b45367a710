package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Answer;
import dev.pawl.exec.Refused;
import dev.pawl.job.Job;
import dev.pawl.pipeline.Code;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Another version of a pipeline takes over while messages are on their way. */
class PipelineVersionsTest {

    private final List<String> done = new ArrayList<>();
    private @Nullable Exception failure;

    /** Consumers of these topics, named after them in small letters. */
    private Pipeline reading(String version, Topic<?>... topics) {
        return define(version, p -> {
            for (var topic : topics) consumer(p, version, topic);
        });
    }

    private Pipeline polling(String version, Every schedule) {
        return define(version, p -> {
            p.producer("poll", schedule, Integer.class, (out, cursor) -> {
                done.add(version + " polls after " + cursor);
                return cursor == null ? 1 : cursor + 1;
            });
            consumer(p, version, ORDERS);
        });
    }

    private static Pipeline define(String version, Pipeline.Definition definition) {
        return Pipeline.define("shop", definition).version(version);
    }

    private <M> void consumer(Pipeline.Parts p, String version, Topic<M> topic) {
        p.consumer(topic.name().toLowerCase(), topic)
                .prepare(
                        String.class,
                        inbox -> inbox.first()
                                .map(message -> {
                                    done.add(version + " prepares " + message.payload());
                                    return Prepared.of(String.valueOf(message.payload()), message);
                                })
                                .orElse(Prepared.nothing()))
                .next((out, data) -> {
                    if (data == null) return;
                    done.add(version + " follows " + data);
                    if (failure != null) throw failure;
                });
    }

    private static void takeOver(Plant plant, Pipeline version) {
        plant.worker.takeOver(plant.run, version);
        plant.worker.drain();
    }

    @ParameterizedTest
    @EnumSource
    void what_was_prepared_and_changed_nothing_is_prepared_anew(Database database) {
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, reading("1", ORDERS), second)) {
            failure = new Failure.Transient("later");
            plant.work(ORDERS, "a");
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            failure = null;
            takeOver(plant, second);
            plant.passSeconds(10);
            assertThat(done).containsExactly("1 prepares a", "1 follows a", "2 prepares a", "2 follows a");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(plant.deliveries("a")).isEqualTo(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_is_new_begins_with_what_waits_for_it(Database database) {
        var second = reading("2", ORDERS, BILLS);
        try (var plant = new Plant(database, reading("1", ORDERS), second)) {
            plant.work(BILLS, "early");
            assertThat(done).isEmpty();
            takeOver(plant, second);
            plant.work(BILLS, "late");
            assertThat(done)
                    .containsExactly("2 prepares early", "2 follows early", "2 prepares late", "2 follows late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_is_gone_leaves_its_messages_until_it_comes_back(Database database) {
        var second = reading("2", ORDERS);
        var third = reading("3", ORDERS, BILLS);
        try (var plant = new Plant(database, reading("1", ORDERS, BILLS), second, third)) {
            plant.work(BILLS, "a");
            takeOver(plant, second);
            plant.work(BILLS, "b");
            plant.pass(Duration.ofDays(2));
            assertThat(plant.messages()).containsExactly("BILLS a CONSUMED", "BILLS b PENDING");
            assertThat(plant.ask(pipelines -> pipelines.get("shop")).handlers()).containsOnlyKeys("orders");
            takeOver(plant, third);
            assertThat(done).endsWith("3 prepares b", "3 follows b");
            assertThat(plant.ask(pipelines -> pipelines.get("shop")).handlers()).containsOnlyKeys("bills", "orders");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_has_reserved_messages_cannot_go(Database database) {
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, reading("1", ORDERS, BILLS), second)) {
            failure = new Failure.Transient("later");
            plant.work(BILLS, "a");
            assertThatThrownBy(() -> plant.ask(pipelines -> pipelines.start(second)))
                    .isInstanceOf(Refused.class)
                    .hasMessage(
                            "'bills' of run %s still works with messages that it has reserved, and the new version has no such part. Let it come to an end first, or keep it in the new version until it has.",
                            plant.run);
            assertThat(plant.told("run.migrated")).as("nothing was changed").isEmpty();
            failure = null;
            plant.passSeconds(10);
            assertThat(done).endsWith("1 follows a");
            takeOver(plant, second);
            assertThat(plant.worker.details(plant.run).version()).isEqualTo("2");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_handler_that_is_gone_while_it_works_writes_nothing_more(Database database) {
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, reading("1", ORDERS, BILLS), second)) {
            plant.send(BILLS, "a");
            var claim = plant.worker.claim(1).getFirst();
            plant.worker.takeOver(plant.run, second);
            assertThat(plant.worker.end(claim, plant.worker.attempt(claim))).isFalse();
            assertThat(plant.messages()).containsExactly("BILLS a PENDING");
            assertThat(plant.stage.task(plant.run, "bills", 0).status()).isEqualTo(TaskStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_the_old_version_is_at_it_brings_to_its_end(Database database) {
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, reading("1", ORDERS), second)) {
            plant.send(ORDERS, "a", "b");
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.takeOver(plant.run, second);
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.worker.drain();
            assertThat(done).containsExactly("1 prepares a", "1 follows a", "2 prepares b", "2 follows b");
        }
    }

    /** The old one may have left lying what the new one wants, or not know of what the new one reads. */
    @ParameterizedTest
    @EnumSource
    void what_an_overtaken_activation_is_followed_by_looks_with_the_new_code(Database database) {
        var blind = define("1", p -> p.consumer("c", ORDERS).prepare(String.class, inbox -> Prepared.nothing()));
        var second = define(
                "2",
                p -> p.consumer("c", ORDERS).also(BILLS).prepare(String.class, inbox -> {
                    var found = new ArrayList<>(inbox.peek());
                    found.addAll(inbox.of(BILLS).peek());
                    found.forEach(message -> done.add("2 takes " + message.id()));
                    return found.isEmpty()
                            ? Prepared.nothing()
                            : Prepared.of("all", found).unchanged();
                }));
        try (var plant = new Plant(database, blind, second)) {
            plant.send(ORDERS, "left");
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.takeOver(plant.run, second);
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.worker.drain();
            assertThat(done).containsExactly("2 takes left");
            plant.work(BILLS, "new");
            assertThat(done).containsExactly("2 takes left", "2 takes new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_schedule_counts_also_if_the_producer_runs_while_it_is_overtaken(Database database) {
        var second = polling("2", Every.minutes(5));
        try (var plant = new Plant(database, polling("1", Every.minutes(60)), second)) {
            plant.stage.clock.advance(Duration.ofMinutes(60));
            var claim = plant.worker.claim(1).getFirst();
            var verdict = plant.worker.attempt(claim);
            plant.worker.takeOver(plant.run, second);
            assertThat(plant.worker.end(claim, verdict)).isTrue();
            plant.worker.drain();
            assertThat(done).containsExactly("1 polls after null", "1 polls after 1", "2 polls after 2");
            assertThat(plant.dueIn("poll")).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_schedule_runs_now_and_the_same_one_when_it_is_due(Database database) {
        var same = polling("2", Every.minutes(60));
        var other = polling("3", Every.minutes(5));
        try (var plant = new Plant(database, polling("1", Every.minutes(60)), same, other)) {
            plant.passSeconds(60);
            takeOver(plant, same);
            assertThat(done).containsExactly("1 polls after null");
            assertThat(plant.dueIn("poll")).isEqualTo(Duration.ofMinutes(59));
            takeOver(plant, other);
            assertThat(done).containsExactly("1 polls after null", "3 polls after 1");
            assertThat(plant.dueIn("poll")).isEqualTo(Duration.ofMinutes(5));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_old_version_that_starts_again_does_not_take_over(Database database) {
        var first = reading("1", ORDERS);
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, first, second)) {
            assertThat(plant.<RunId>ask(pipelines -> pipelines.start(second))).isEqualTo(plant.run);
            assertThat(plant.<RunId>ask(pipelines -> pipelines.start(first))).isEqualTo(plant.run);
            plant.work(ORDERS, "a");
            assertThat(plant.<RunId>ask(pipelines -> pipelines.goBack(first))).isEqualTo(plant.run);
            plant.work(ORDERS, "b");
            assertThat(plant.<RunId>ask(pipelines -> pipelines.start(first))).isEqualTo(plant.run);
            assertThat(done).containsExactly("2 prepares a", "2 follows a", "1 prepares b", "1 follows b");
            assertThat(plant.told("run.migrated")).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_with_the_old_code_alone_gets_nothing_of_the_new_version(Database database) {
        var first = reading("1", ORDERS);
        var second = reading("2", ORDERS);
        try (var plant = new Plant(database, first, second)) {
            var old = plant.stage.worker(first);
            plant.worker.takeOver(plant.run, second);
            plant.send(ORDERS, "a");
            assertThat(old.step()).isFalse();
            assertThat(plant.worker.step()).isTrue();
            assertThat(done).containsExactly("2 prepares a", "2 follows a");
        }
    }

    /** A transaction is shared by many runs; what one of them is refused must not take the others along. */
    @ParameterizedTest
    @EnumSource
    void who_cannot_take_over_is_told_and_nobody_else_suffers(Database database) {
        var job = Job.define("count", Integer.class, Integer.class, (io, n) -> n);
        var another = job.version("another");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job, another);
            worker.submit(job, new Json("1"));
            var claim = worker.claim(1).getFirst();
            var counting = worker.submit(job, new Json("2"));
            var ending = worker.ending(claim, worker.attempt(claim));
            var migration = worker.migration(counting, another);
            worker.commit(List.of(ending, migration));
            assertThat(ending.done().join()).isTrue();
            assertThatThrownBy(() -> migration.done().join())
                    .hasCauseInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("job:count runs to its end in the version that it began with");
        }
    }

    // ---- a change of which nobody knows ---------------------------------------------------------------------------

    /** A consumer whose change is never answered, and which asks about it if there is somebody to ask. */
    private Pipeline selling(String version, Code.@Nullable Reconcile<String, String> asks) {
        return define(version, p -> {
            var change = p.consumer("sell", ORDERS)
                    .prepare(String.class, Plant::first)
                    .mutate(String.class, (order, key) -> {
                        done.add(version + " sells " + order);
                        throw new Failure.Timeout("no answer");
                    });
            if (asks != null) change.reconcile(asks);
            change.next((out, order, outcome) -> {
                if (order != null) done.add(version + " sold " + outcome.result());
            });
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_change_that_the_old_version_asks_about_the_new_one_asks_about(Database database) {
        var second = selling("2", (order, key) -> Optional.of(order + "!"));
        Code.Reconcile<String, String> silent = (order, key) -> {
            throw new Failure.Transient("it cannot tell");
        };
        try (var plant = new Plant(database, selling("1", silent), second)) {
            plant.work(ORDERS, "a");
            takeOver(plant, second);
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            plant.passSeconds(10);
            assertThat(done).containsExactly("1 sells a", "2 sold a!");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void no_new_version_releases_a_change_that_a_person_has_to_decide_about(Database database) {
        var second = selling("2", null);
        try (var plant = new Plant(database, selling("1", null), second)) {
            plant.work(ORDERS, "a");
            takeOver(plant, second);
            assertThat(plant.blocked()).isEqualTo(Reason.INDETERMINATE);
            plant.stage.ask(pawl -> {
                pawl.resolve(plant.run, Answer.HAPPENED, Stage.json("seen"), "ann", "");
                return true;
            });
            plant.worker.drain();
            assertThat(done).containsExactly("1 sells a", "2 sold seen");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_version_that_changes_nothing_does_not_forget_a_change_that_was_begun(Database database) {
        var careless = define(
                "2",
                p -> p.consumer("sell", ORDERS)
                        .prepare(String.class, Plant::first)
                        .next((out, order) -> done.add("2 forgot " + order)));
        var third = selling("3", (order, key) -> Optional.of(order + "!"));
        Code.Reconcile<String, String> silent = (order, key) -> {
            throw new Failure.Transient("it cannot tell");
        };
        try (var plant = new Plant(database, selling("1", silent), careless, third)) {
            plant.work(ORDERS, "a");
            takeOver(plant, careless);
            plant.passSeconds(10);
            assertThat(plant.blocked()).isEqualTo(Reason.INDETERMINATE);
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            takeOver(plant, third);
            plant.stage.ask(pawl -> {
                pawl.resolve(plant.run, Answer.HAPPENED, Stage.json("seen"), "ann", "");
                return true;
            });
            plant.worker.drain();
            assertThat(done).containsExactly("1 sells a", "3 sold seen");
        }
    }
}
