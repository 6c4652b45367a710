package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a failure in each phase leads to, by its class. */
class PipelineFailuresTest {

    private final List<String> done = new ArrayList<>();
    private @Nullable Exception inPrepare;
    private @Nullable Exception inMutate;
    private @Nullable Exception inNext;

    private final Pipeline plain = pipeline(false);
    private final Pipeline asking = pipeline(true);

    private Pipeline pipeline(boolean asks) {
        return Pipeline.define("shop", p -> {
            var mutation = p.consumer("c", ORDERS)
                    .prepare(String.class, inbox -> {
                        var prepared = Plant.first(inbox);
                        if (prepared.data() != null) fail("prepare " + prepared.data(), inPrepare);
                        return prepared;
                    })
                    .mutate(String.class, (order, key) -> {
                        fail("mutate " + order, inMutate);
                        return order + "!";
                    });
            if (asks) {
                mutation.reconcile((order, key) -> {
                    done.add("ask " + order);
                    return Optional.empty();
                });
            }
            mutation.next((out, order, outcome) -> {
                if (order != null) fail("next " + outcome.result(), inNext);
            });
        });
    }

    private void fail(String what, @Nullable Exception failure) throws Exception {
        done.add(what);
        if (failure != null) throw failure;
    }

    @ParameterizedTest
    @EnumSource
    void k36_what_may_pass_in_next_is_tried_again_after_growing_pauses(Database database) {
        try (var plant = new Plant(database, plain)) {
            inNext = new Failure.Transient("mail server restarts");
            plant.work(ORDERS, "a");
            for (long pause : new long[] {10, 20, 40, 80, 160}) {
                assertThat(plant.dueIn("c")).isEqualTo(Duration.ofSeconds(pause));
                plant.passSeconds(pause - 1);
                assertThat(plant.blocked()).isNull();
                plant.everyReservedMessageHasAnOpenActivation();
                plant.passSeconds(1);
            }
            assertThat(plant.blocked()).isEqualTo(Reason.FAILING);
            assertThat(done).containsOnlyOnce("prepare a", "mutate a").hasSize(2 + 6);
            // The older engine forgets then what it has changed. Ours keeps it: who resumes goes on with it.
            inNext = null;
            plant.resume();
            assertThat(done).containsOnlyOnce("prepare a", "mutate a").endsWith("next a!");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(plant.stage.status(plant.run)).isEqualTo(RunStatus.RUNNING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k56_what_one_consumer_has_committed_stays_when_the_other_fails(Database database) {
        var billing = Pipeline.define("billing", p -> {
            p.consumer("c", ORDERS).prepare(String.class, Plant::first).next((out, order) -> {
                if (order != null) out.publish(BILLS, order, order);
            });
            p.consumer("d", BILLS).prepare(String.class, Plant::first).next((out, bill) -> {
                if (bill != null) fail("bill " + bill, inNext);
            });
        });
        try (var plant = new Plant(database, billing)) {
            inNext = new Failure.Logic("no such customer");
            plant.work(ORDERS, "a");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "BILLS a RESERVED");
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            plant.everyReservedMessageHasAnOpenActivation();
            plant.work(ORDERS, "b");
            assertThat(plant.messages()).as("all of it stands still").endsWith("ORDERS b PENDING");
            inNext = null;
            plant.resume();
            assertThat(plant.messages()).allMatch(message -> message.endsWith("CONSUMED"));
            assertThat(done).containsExactly("bill a", "bill a", "bill b");
        }
    }

    /** Class by class: what is thrown, what the pipeline needs, and the pause if it needs nothing. */
    static Stream<Arguments> classes() {
        return Stream.of(
                        rule(FailureClass.TRANSIENT, () -> new Failure.Transient("x"), null, 10),
                        rule(FailureClass.TIMEOUT, () -> new Failure.Timeout("x"), null, 10),
                        rule(
                                FailureClass.RATE_LIMITED,
                                () -> new Failure.RateLimited("x", Duration.ofMinutes(1)),
                                null,
                                60),
                        rule(FailureClass.UNCLASSIFIED, () -> new java.io.IOException("x"), null, 10),
                        rule(FailureClass.AUTH, () -> new Failure.Auth("x"), Reason.AUTH, 0),
                        rule(FailureClass.PERMISSION, () -> new Failure.Permission("x"), Reason.PERMISSION, 0),
                        rule(FailureClass.LOGIC, () -> new Failure.Logic("x"), Reason.REPAIR, 0),
                        rule(FailureClass.POLICY, () -> new Failure.Policy("x"), Reason.POLICY, 0),
                        rule(FailureClass.INTERNAL, () -> new Failure.Internal("x", null), Reason.FAILING, 0))
                .flatMap(rule -> Stream.of(Database.values()).map(database -> {
                    var all = new ArrayList<Object>(List.of(rule.get()));
                    all.addFirst(database);
                    return Arguments.of(all.toArray());
                }));
    }

    private static Arguments rule(
            FailureClass failure, Supplier<Exception> thrown, @Nullable Reason reason, long pause) {
        return Arguments.of(failure, thrown, Optional.ofNullable(reason), pause);
    }

    @ParameterizedTest
    @MethodSource("classes")
    void k66_a_failure_in_prepare_leads_where_its_class_says(
            Database database, FailureClass failure, Supplier<Exception> thrown, Optional<Reason> reason, long pause) {
        try (var plant = new Plant(database, plain)) {
            inPrepare = thrown.get();
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).isEqualTo(reason.orElse(null));
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING");
            assertThat(plant.stage.story(plant.run))
                    .as("somebody hears of it")
                    .anyMatch(event -> event.matches("task.failed c\\[0]|task.returned c\\[0]"));
            assertThat(plant.told("task.failed").isEmpty() ? plant.told("task.returned") : plant.told("task.failed"))
                    .singleElement()
                    .asString()
                    .contains(failure.name(), inPrepare.getClass().getSimpleName());
            inPrepare = null;
            assertThat(plant.dueIn("c")).isLessThanOrEqualTo(Duration.ofSeconds(pause));
            release(plant, reason, pause);
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(plant.deliveries("a")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @MethodSource("classes")
    void k66_a_failure_in_next_leads_there_too_and_keeps_what_was_changed(
            Database database, FailureClass failure, Supplier<Exception> thrown, Optional<Reason> reason, long pause) {
        try (var plant = new Plant(database, plain)) {
            inNext = thrown.get();
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).isEqualTo(reason.orElse(null));
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            plant.everyReservedMessageHasAnOpenActivation();
            inNext = null;
            release(plant, reason, pause);
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(done).containsExactly("prepare a", "mutate a", "next a!", "next a!");
        }
    }

    private static void release(Plant plant, Optional<Reason> reason, long pause) {
        reason.ifPresent(ignored -> plant.resume());
        plant.passSeconds(pause);
    }

    /** Only what says by its type that nothing happened is definite. */
    static Stream<Arguments> definite() {
        return classes()
                .filter(arguments -> List.of(FailureClass.LOGIC, FailureClass.PERMISSION, FailureClass.RATE_LIMITED)
                        .contains((FailureClass) arguments.get()[1]));
    }

    static Stream<Arguments> uncertain() {
        return classes()
                .filter(arguments -> !List.of(FailureClass.LOGIC, FailureClass.PERMISSION, FailureClass.RATE_LIMITED)
                        .contains((FailureClass) arguments.get()[1]));
    }

    @ParameterizedTest
    @MethodSource("definite")
    void k67_a_definite_failure_of_the_change_releases_its_messages(
            Database database, FailureClass failure, Supplier<Exception> thrown, Optional<Reason> reason, long pause) {
        try (var plant = new Plant(database, asking)) {
            inMutate = thrown.get();
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).isEqualTo(reason.orElse(null));
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING");
            assertThat(plant.deliveries("a")).isEqualTo(2);
            assertThat(done).as("nobody has to be asked").containsExactly("prepare a", "mutate a");
            assertThat(effect(plant, 0)).isEqualTo(EffectStatus.FAILED);
            inMutate = null;
            release(plant, reason, pause);
            assertThat(done)
                    .as("after %s all is prepared anew", failure)
                    .containsExactly("prepare a", "mutate a", "prepare a", "mutate a", "next a!");
        }
    }

    @ParameterizedTest
    @MethodSource("uncertain")
    void k67_any_other_failure_of_the_change_is_no_proof(
            Database database, FailureClass failure, Supplier<Exception> thrown, Optional<Reason> reason, long pause) {
        try (var plant = new Plant(database, plain)) {
            inMutate = thrown.get();
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).as("%s is no proof", failure).isEqualTo(Reason.INDETERMINATE);
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            assertThat(effect(plant, 0)).isEqualTo(EffectStatus.INDETERMINATE);
            plant.everyReservedMessageHasAnOpenActivation();
            plant.pass(Duration.ofDays(2));
            assertThat(done).as("never again").containsExactly("prepare a", "mutate a");
        }
    }

    private static EffectStatus effect(Plant plant, int activation) {
        return plant.stage.effects(plant.run, "c", activation).stream()
                .filter(effect -> effect.ordinal() == 1)
                .findFirst()
                .orElseThrow()
                .status();
    }

    @ParameterizedTest
    @EnumSource
    void k67_what_is_definite_but_asked_of_the_inbox_is_no_proof(Database database) {
        var leaking = Pipeline.define("leaking", p -> {
            var leaked = new ArrayList<dev.pawl.pipeline.Inbox<String>>();
            p.consumer("c", ORDERS)
                    .prepare(String.class, inbox -> {
                        leaked.add(inbox);
                        return inbox.first()
                                .map(order -> Prepared.of(order.payload(), order))
                                .orElse(Prepared.nothing());
                    })
                    .mutate(
                            String.class,
                            (order, key) -> leaked.getLast().peek().toString())
                    .next((out, order, outcome) -> done.add("next"));
        });
        try (var plant = new Plant(database, leaking)) {
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).isEqualTo(Reason.INDETERMINATE);
            assertThat(done).isEmpty();
        }
    }
}
