package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.exec.Verdict;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.schedule.Every;
import dev.pawl.testkit.Crash;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** How far an activation has come: phases follow each other, and none comes back. */
class PipelinePhasesTest {

    private final List<String> seen = new ArrayList<>();
    private final List<Runnable> meanwhile = new ArrayList<>();

    /** Reads from outside, and lets the test look around meanwhile. */
    private Pipeline reading(Line line) {
        return Pipeline.define("reading", p -> {
            p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> {
                int from = cursor == null ? 0 : cursor;
                out.publish(Line.ORDERS, "o" + from, "o" + from);
                if (!meanwhile.isEmpty()) meanwhile.removeFirst().run();
                return from + 1;
            });
            line.parts(p, true);
        });
    }

    /** Books what the first prepare has seen, while the test looks around in each phase. */
    private Pipeline watched(Line line) {
        return Pipeline.define(
                "watched",
                p -> p.consumer("append", Line.ORDERS)
                        .prepare(String.class, inbox -> {
                            var orders = inbox.peek();
                            if (orders.isEmpty()) return Prepared.nothing();
                            look(line, "prepare");
                            return Prepared.of(orders.getFirst().payload(), orders);
                        })
                        .mutate(String.class, (order, key) -> {
                            look(line, "mutate");
                            return line.till.book(order, key);
                        })
                        .next((out, order, outcome) -> {
                            if (order != null) look(line, "next");
                        }));
    }

    private void look(Line line, String phase) {
        seen.add(phase + " " + line.activations("append") + " " + line.orders() + " " + line.journal(0));
    }

    /** K1. Nothing can be asked of a run that is not there, and nothing is made of the attempt. */
    @ParameterizedTest
    @EnumSource
    void k1_a_run_that_is_not_there_is_refused_and_nothing_is_written(Database database) {
        try (var line = Line.on(database)) {
            var nobody = new RunId(1, 1);
            var order = new Plan.Publication("ORDERS", "o", Payload.inline(Json.NULL), List.of());
            OnceTest.refused(Refused.Why.NO_SUCH_RUN, () -> line.worker.publish(nobody, List.of(order)));
            OnceTest.refused(Refused.Why.NO_SUCH_RUN, () -> line.worker.command(nobody, Verb.RESUME));
            line.work();
            assertThat(line.stage.store.run(nobody)).isEmpty();
            assertThat(line.stage.store.events(nobody, 0, 10)).isEmpty();
        }
    }

    /** K2, K10. */
    @ParameterizedTest
    @EnumSource
    void k2_an_activation_that_is_committed_is_not_worked_on_again(Database database) {
        try (var line = Line.on(database)) {
            line.ordered("o1", "o2");
            var claim = line.worker.claim(1).getFirst();
            var verdict = line.worker.attempt(claim);
            assertThat(line.worker.end(claim, verdict)).isTrue();
            var late = line.worker.attempt(claim);
            assertThat(late).isInstanceOf(Verdict.HandedBack.class);
            assertThat(line.worker.end(claim, late)).isFalse();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 PENDING 1");
            assertThat(line.till.done).containsOnlyKeys(line.key(0));
        }
    }

    /** K2. Each try has its own record, which is never written again. */
    @ParameterizedTest
    @EnumSource
    void k2_a_failed_activation_is_not_worked_on_again(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(new IllegalStateException("down"));
            line.ordered("o1");
            var claim = line.worker.claim(1).getFirst();
            assertThat(line.worker.end(claim, line.worker.attempt(claim))).isTrue();
            assertThat(line.activations("append")).containsExactly("0 FAILED", "1 READY");
            assertThat(line.worker.end(claim, line.worker.attempt(claim))).isFalse();
            assertThat(line.activations("append")).containsExactly("0 FAILED", "1 READY");
            assertThat(line.till.calls).isEmpty();
        }
    }

    /** K2. */
    @ParameterizedTest
    @EnumSource
    void k2_nothing_of_a_paused_pipeline_begins(Database database) {
        try (var line = Line.on(database)) {
            line.ordered("o1").work();
            line.worker.command(line.run, Verb.PAUSE);
            line.ordered("o2").pass(Line.LONG);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 PENDING 1");
            line.worker.command(line.run, Verb.RESUME);
            assertThat(line.work().orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
        }
    }

    /** K3. */
    @ParameterizedTest
    @EnumSource
    void k3_a_producer_is_running_while_it_reads_and_has_published_nothing(Database database) {
        try (var line = Line.of(database, this::reading)) {
            meanwhile.add(() -> seen.add(line.activations("poll") + " " + line.orders()));
            line.pass(Duration.ofMinutes(5));
            assertThat(seen).containsExactly("[0 SUCCEEDED, 1 RUNNING] [o0 CONSUMED 1]");
            assertThat(line.activations("poll")).containsExactly("0 SUCCEEDED", "1 SUCCEEDED", "2 READY");
        }
    }

    /** K4. Its run ended while it read: nothing that it found counts. */
    @ParameterizedTest
    @EnumSource
    void k4_what_a_producer_finds_after_its_run_has_ended_is_not_published(Database database) {
        try (var line = Line.of(database, this::reading)) {
            meanwhile.add(() -> line.worker.command(line.run, Verb.CANCEL));
            line.pass(Duration.ofMinutes(5));
            assertThat(line.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(line.activations("poll")).containsExactly("0 SUCCEEDED", "1 CANCELLED");
            assertThat(line.orders()).containsExactly("o0 CONSUMED 1");
        }
    }

    /** K5. Who has not the code of the version in charge leaves it alone, and whoever has it goes on. */
    @ParameterizedTest
    @EnumSource
    void k5_a_worker_without_the_code_in_charge_touches_nothing(Database database) {
        try (var line = Line.on(database)) {
            var other = line.again().version("2");
            var newer = line.stage.worker(other);
            newer.takeOver(line.run, other);
            line.ordered("o1").pass(Line.LONG);
            assertThat(line.prepared).isEmpty();
            assertThat(line.orders()).containsExactly("o1 PENDING 1");
            newer.drain();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** K6, K8. Nothing is reserved before prepare has decided; all of it is before anything is changed. */
    @ParameterizedTest
    @EnumSource
    void k6_k8_messages_are_reserved_between_prepare_and_the_change(Database database) {
        try (var line = Line.of(database, this::watched)) {
            line.ordered("o1", "o2").work();
            assertThat(seen)
                    .containsExactly(
                            "prepare [0 RUNNING] [o1 PENDING 1, o2 PENDING 1] []",
                            "mutate [0 RUNNING] [o1 RESERVED 1, o2 RESERVED 1]"
                                    + " [0 prepare append APPLIED, 1 once append BEGUN]",
                            "next [0 RUNNING] [o1 RESERVED 1, o2 RESERVED 1]"
                                    + " [0 prepare append APPLIED, 1 once append APPLIED]");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
        }
    }

    /** K7. */
    @ParameterizedTest
    @EnumSource
    void k7_what_has_prepared_nothing_is_committed_and_next_ran(Database database) {
        try (var line = Line.on(database)) {
            line.ordered(Line.LATER).work();
            assertThat(line.prepared).containsExactly(Line.LATER);
            assertThat(line.told).containsExactly("null: none");
            assertThat(line.activations("append")).containsExactly("0 SUCCEEDED", "1 READY");
            assertThat(line.journal(0)).isEmpty();
            assertThat(line.orders()).containsExactly("later PENDING 1");
            line.pass(Line.LONG); // and it waits for something new
            assertThat(line.prepared).hasSize(1);
        }
    }

    /** K9. A worker that was thought dead comes back with an earlier phase, and finds that others have gone on. */
    @ParameterizedTest
    @EnumSource
    void k9_no_phase_is_recorded_over_a_later_one(Database database) {
        var lines = new ArrayList<Line>();
        var pipeline = Pipeline.define("slow", p -> {
            p.consumer("append", Line.ORDERS)
                    .prepare(String.class, inbox -> {
                        var first = inbox.first();
                        if (!meanwhile.isEmpty()) meanwhile.removeFirst().run();
                        return first.map(order -> Prepared.of(order.payload(), order))
                                .orElse(Prepared.nothing());
                    })
                    .mutate(String.class, (order, key) -> lines.getFirst().till.book(order, key))
                    .next((out, order, outcome) -> {});
        });
        try (var line = Line.of(database, ignored -> pipeline)) {
            lines.add(line);
            var other = line.stage.worker(pipeline);
            line.ordered("o1", "o2");
            meanwhile.add(() -> {
                line.stage.clock.advance(Duration.ofSeconds(10));
                assertThat(other.step()).isTrue(); // it books the first order
            });
            line.work();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
            assertThat(line.till.done.values()).containsExactly(1, 1);
            assertThat(line.journal(0)).containsExactly("0 prepare append APPLIED", "1 once append APPLIED");
        }
    }

    /** K10. */
    @ParameterizedTest
    @EnumSource
    void k10_committing_twice_counts_once(Database database) {
        try (var line = Line.on(database)) {
            line.ordered("o1");
            var claim = line.worker.claim(1).getFirst();
            var verdict = line.worker.attempt(claim);
            assertThat(line.worker.end(claim, verdict)).isTrue();
            assertThat(line.worker.end(claim, verdict)).isFalse();
            line.work();
            assertThat(line.messages(Line.RECEIPTS)).containsExactly("o1 CONSUMED 1");
            assertThat(line.reported).containsExactly("booked o1");
        }
    }

    /** K11. */
    @ParameterizedTest
    @EnumSource
    void k11_a_change_for_no_message_is_an_error_of_the_code(Database database) {
        var pipeline = Pipeline.define(
                "careless",
                p -> p.consumer("append", Line.ORDERS)
                        .prepare(String.class, inbox -> Prepared.of("something", List.of()))
                        .mutate(String.class, (order, key) -> {
                            seen.add(order);
                            return order;
                        })
                        .next((out, order, outcome) -> seen.add("next")));
        try (var line = Line.of(database, ignored -> pipeline)) {
            line.ordered("o1").work();
            assertThat(seen).isEmpty();
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            assertThat(line.stage.problem(line.run).message()).contains("for no message", "Prepared.nothing()");
            assertThat(line.orders()).containsExactly("o1 PENDING 1");
        }
    }

    /** K12. */
    @ParameterizedTest
    @EnumSource
    void k12_next_never_hears_of_a_change_that_failed(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.REFUSES);
            line.ordered("o1").work();
            assertThat(line.told).isEmpty();
            assertThat(line.activations("append")).containsExactly("0 FAILED", "1 READY");
        }
    }

    /** K13. */
    @ParameterizedTest
    @EnumSource
    void k13_a_consumer_and_a_producer_pass_all_their_phases(Database database) {
        try (var line = Line.of(database, this::reading)) {
            assertThat(line.stage.story(line.run))
                    .startsWith(
                            "run.queued",
                            "run.started",
                            "task.started poll[0]",
                            "task.succeeded poll[0]",
                            "message.published",
                            "task.started append[0]",
                            "message.reserved",
                            "task.succeeded append[0]",
                            "message.consumed",
                            "consumer.committed append[0]",
                            "message.published");
            assertThat(line.journal(0)).containsExactly("0 prepare append APPLIED", "1 once append APPLIED");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
            assertThat(line.orders()).containsExactly("o0 CONSUMED 1");
            assertThat(line.reported).containsExactly("booked o0");
        }
    }

    /** K13. Wherever it dies, what it has done stays done. */
    @ParameterizedTest
    @EnumSource
    void k13_who_dies_in_a_phase_goes_on_from_there(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(new Crash("in prepare"));
            line.till.is(Till.DIES_AFTER);
            line.badNexts.add(new Crash("in next"));
            line.ordered("o1").workAndDie().workAndDie().workAndDie().work();
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
            assertThat(line.prepared).containsExactly("o1", "o1");
            assertThat(line.told).containsExactly("o1: applied booked o1", "o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.activations("append")).containsExactly("0 SUCCEEDED", "1 READY");
        }
    }
}
