package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An activation that failed is followed by another one, which begins where nothing has to be done twice. */
class PipelineRetriesTest {

    private static final Duration FIRST_PAUSE = Duration.ofSeconds(10);

    private static Exception down() {
        return new IllegalStateException("down");
    }

    /** K30. One record for each try, oldest first; each says which one it retries, and none changes afterwards. */
    @ParameterizedTest
    @EnumSource
    void k30_tries_form_a_chain(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.addAll(List.of(down(), down()));
            line.badNexts.add(down());
            line.ordered("o1").work();
            for (int i = 0; i < 3; i++) line.pass(Line.LONG);
            assertThat(line.activations("append"))
                    .containsExactly("0 FAILED", "1 FAILED", "2 FAILED", "3 SUCCEEDED", "4 READY");
            assertThat(line.stage.told(line.run, "activation.retry"))
                    .containsExactly(
                            "{\"retryOf\":0,\"afresh\":false}",
                            "{\"retryOf\":1,\"afresh\":false}",
                            "{\"retryOf\":2,\"afresh\":false}");
            assertThat(line.stage.story(line.run))
                    .containsSubsequence(
                            "task.failed append[0]",
                            "activation.retry append[1]",
                            "task.failed append[1]",
                            "activation.retry append[2]",
                            "task.failed append[2]",
                            "activation.retry append[3]",
                            "task.succeeded append[3]");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(2), 1));
        }
    }

    /** K31. Reserving is the end of prepare: what fails before has reserved nothing, so there is nothing to release. */
    @ParameterizedTest
    @EnumSource
    void k31_a_failure_in_prepare_leaves_the_message_and_prepares_anew(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(down());
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 PENDING 1");
            assertThat(line.journal(1)).isEmpty();
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            line.pass(FIRST_PAUSE.minusMillis(1));
            assertThat(line.prepared).hasSize(1);
            line.pass(Duration.ofMillis(1));
            assertThat(line.prepared).containsExactly("o1", "o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(1), 1));
        }
    }

    /** K31. Something new does not cut the pause short. */
    @ParameterizedTest
    @EnumSource
    void k31_a_retry_waits_although_messages_come(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(down());
            line.ordered("o1").work().ordered("o2").work();
            assertThat(line.prepared).hasSize(1);
            line.pass(FIRST_PAUSE);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
        }
    }

    /** K32. */
    @ParameterizedTest
    @EnumSource
    void k32_a_failure_in_next_repeats_nothing_but_next(Database database) {
        try (var line = Line.on(database)) {
            line.badNexts.add(down());
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            assertThat(line.messages(Line.RECEIPTS)).isEmpty();
            assertThat(line.activations("append")).containsExactly("0 FAILED", "1 READY");
            assertThat(line.journal(1)).isEqualTo(line.journal(0));
            line.pass(FIRST_PAUSE);
            assertThat(line.prepared).containsExactly("o1");
            assertThat(line.till.calls).containsExactly(line.key(0));
            assertThat(line.told).containsExactly("o1: applied booked o1", "o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.messages(Line.RECEIPTS)).containsExactly("o1 CONSUMED 1");
        }
    }

    /** Books nothing, and says so. */
    private static Pipeline passing(Line line, String version) {
        return Pipeline.define(
                        "passing",
                        p -> p.consumer("append", Line.ORDERS)
                                .prepare(String.class, inbox -> {
                                    line.prepared.add("by " + version);
                                    return inbox.first()
                                            .map(order -> Prepared.of(order.payload(), order)
                                                    .unchanged())
                                            .orElse(Prepared.nothing());
                                })
                                .mutate(String.class, line.till::book)
                                .next(line::next))
                .version(version);
    }

    /** K33. There was no change; its messages stay reserved all the same, and what was prepared is gone on with. */
    @ParameterizedTest
    @EnumSource
    void k33_a_failure_in_next_without_a_change_repeats_next(Database database) {
        try (var line = Line.of(database, l -> passing(l, "1"))) {
            line.badNexts.add(down());
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.pass(FIRST_PAUSE);
            assertThat(line.prepared).containsExactly("by 1");
            assertThat(line.told).containsExactly("o1: none", "o1: none");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.calls).isEmpty();
        }
    }

    /** K33. Another version prepares it anew: it may want something else. */
    @ParameterizedTest
    @EnumSource
    void k33_another_version_prepares_anew_what_has_changed_nothing(Database database) {
        try (var line = Line.of(database, l -> passing(l, "1"))) {
            line.badNexts.add(new Failure.Logic("a bug"));
            line.ordered("o1").work();
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            var repaired = passing(line, "2");
            line.worker = line.stage.worker(repaired);
            line.worker.takeOver(line.run, repaired);
            line.work();
            assertThat(line.prepared).containsExactly("by 1", "by 2");
            assertThat(line.told).containsExactly("o1: none", "o1: none");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
            assertThat(line.till.calls).isEmpty();
        }
    }

    /** K34. A retry is planned by what has happened, not asked for: so that nobody can retry a change that was never made. */
    @ParameterizedTest
    @EnumSource
    void k34_nobody_can_ask_for_a_retry(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(down());
            line.ordered("o1").work();
            boolean unused = line.stage.ask(
                    pawl -> {
                        OnceTest.refused(Refused.Why.WRONG_STATUS, () -> pawl.retry(line.run, "ann"));
                        pawl.cancel(line.run, "ann", "");
                        assertThatThrownBy(() -> pawl.retry(line.run, "ann"))
                                .isInstanceOf(Failure.Logic.class)
                                .hasMessageContaining("start it anew");
                        return true;
                    },
                    line.pipeline);
            line.pass(Line.LONG);
            assertThat(line.till.calls).isEmpty();
        }
    }

    /** K35. Blocked in the transaction of the failure, released by the repair; the change is not made again. */
    @ParameterizedTest
    @EnumSource
    void k35_a_repaired_version_goes_on_behind_the_change(Database database) {
        try (var line = Line.on(database)) {
            line.badNexts.add(new Failure.Logic("a bug"));
            line.ordered("o1");
            assertThat(line.worker.step()).isTrue();
            assertThat(line.status()).isEqualTo(RunStatus.BLOCKED);
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.pass(Line.LONG);
            assertThat(line.told).hasSize(1);
            var repaired = Pipeline.define("line", p -> {
                        line.appends(p, "append", true).next((out, order, outcome) -> {
                            line.told.add("repaired: " + Line.words(outcome));
                            out.publish(Line.RECEIPTS, order, "better");
                        });
                        p.consumer("report", Line.RECEIPTS)
                                .prepare(
                                        String.class,
                                        inbox -> inbox.first()
                                                .map(one -> Prepared.of(one.payload(), one))
                                                .orElse(Prepared.nothing()))
                                .next((out, receipt) -> line.reported.add(receipt));
                    })
                    .version("2");
            line.worker = line.stage.worker(repaired);
            boolean repairs =
                    line.stage.ask(pawl -> Pipelines.of(pawl).by("ann").repair(repaired, "1"), line.pipeline, repaired);
            assertThat(repairs).isTrue();
            line.work();
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(line.told).containsExactly("o1: applied booked o1", "repaired: applied booked o1");
            assertThat(line.till.calls).containsExactly(line.key(0));
            assertThat(line.prepared).containsExactly("o1");
            assertThat(line.reported).contains("better");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.stage.told(line.run, "run.resumed").getLast())
                    .contains("\"actor\":\"ann\"", "repair of version 1");
        }
    }

    /** K35. Somebody who knows better may also go on with the same code. */
    @ParameterizedTest
    @EnumSource
    void k35_a_person_goes_on_behind_the_change(Database database) {
        try (var line = Line.on(database)) {
            line.badNexts.add(new Failure.Logic("the moon is full"));
            line.ordered("o1").work();
            line.worker.command(line.run, Verb.RESUME);
            line.work();
            assertThat(line.told).containsExactly("o1: applied booked o1", "o1: applied booked o1");
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** K36. */
    @ParameterizedTest
    @EnumSource
    void k36_the_sixth_failure_in_a_row_needs_somebody_and_keeps_what_was_done(Database database) {
        try (var line = Line.on(database)) {
            for (int i = 0; i < 6; i++) line.badNexts.add(down());
            line.ordered("o1").work();
            int tries = 1;
            for (int pause : List.of(10, 20, 40, 80, 160)) {
                line.pass(Duration.ofSeconds(pause).minusMillis(1));
                assertThat(line.told).hasSize(tries);
                assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
                line.pass(Duration.ofMillis(1));
                assertThat(line.told).hasSize(++tries);
            }
            assertThat(line.reason()).isEqualTo(Reason.FAILING);
            assertThat(line.problem(5).failureClass()).isEqualTo(FailureClass.UNCLASSIFIED);
            assertThat(line.stage.store.messages(
                            new Store.MessageFilter(line.run, "ORDERS", MessageStatus.RESERVED, 0, 10)))
                    .hasSize(1);
            line.pass(Duration.ofDays(1));
            assertThat(line.told).hasSize(6);
            line.worker.command(line.run, Verb.RESUME);
            line.work();
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }
}
