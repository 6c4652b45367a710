package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.schedule.Timing;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an older system of this kind got wrong, letter by letter; ours must not. Letter e: {@link PipelineReservingTest}. */
class PipelineDefectsTest {

    private final List<Runnable> meanwhile = new ArrayList<>();
    private final List<String> seen = new ArrayList<>();

    private void look() {
        if (!meanwhile.isEmpty()) meanwhile.removeFirst().run();
    }

    /** Messages were released as soon as the outcome was unknown, and then changed once more. */
    @ParameterizedTest
    @EnumSource
    void defect_a_no_message_is_released_while_an_outcome_is_unknown(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(6);
            line.ordered("o1").work();
            for (int i = 0; i < 6; i++) {
                assertThat(line.orders()).containsExactly("o1 RESERVED 1");
                line.pass(Line.LONG);
            }
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            line.says(Answer.AGAIN, null);
            line.work();
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.till.calls).containsExactly(line.key(0));
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.stage.story(line.run)).doesNotContain("message.released");
        }
    }

    /** A retry was told that there had been no change. */
    @ParameterizedTest
    @EnumSource
    void defect_b_every_retry_is_told_what_became_of_the_change(Database database) {
        try (var line = Line.on(database)) {
            for (int i = 0; i < 3; i++) line.badNexts.add(new IllegalStateException("down"));
            line.ordered("o1").work();
            for (int i = 0; i < 3; i++) {
                line.worker = line.stage.worker(line.pipeline);
                line.pass(Line.LONG);
            }
            assertThat(line.told).hasSize(4).containsOnly("o1: applied booked o1");
            assertThat(line.reported).containsExactly("booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** A definite failure came out as an internal error. */
    @ParameterizedTest
    @EnumSource
    void defect_c_a_failed_change_keeps_its_class(Database database) {
        var how = Map.of(
                new Failure.Logic("no such account"), Reason.REPAIR,
                new Failure.Permission("not yours"), Reason.PERMISSION);
        how.forEach((failure, reason) -> {
            try (var line = Line.on(database)) {
                line.till.is(Till.fails(failure));
                line.ordered("o1").work();
                assertThat(line.problem(0).failureClass()).isEqualTo(failure.failureClass());
                assertThat(line.problem(0).message()).isEqualTo(failure.getMessage());
                assertThat(line.reason()).isEqualTo(reason);
                assertThat(line.stage.problem(line.run)).isEqualTo(line.problem(0));
                assertThat(line.orders()).containsExactly("o1 PENDING 2");
            }
        });
    }

    /** Without anything reserved, {@code next} did not run, and nothing was remembered. */
    @ParameterizedTest
    @EnumSource
    void defect_d_next_runs_and_remembers_although_nothing_was_prepared(Database database) {
        var pipeline = Pipeline.define(
                "counting",
                p -> p.consumer("append", Line.ORDERS)
                        .prepare(String.class, inbox -> {
                            seen.add("prepare " + inbox.remembered(Integer.class));
                            return Prepared.nothing();
                        })
                        .mutate(String.class, (order, key) -> order)
                        .next((out, order, outcome) -> {
                            seen.add("next " + Line.words(outcome));
                            out.remember(out.remembered(Integer.class).orElse(0) + 1);
                        }));
        try (var line = Line.of(database, ignored -> pipeline)) {
            line.ordered("o1").work().ordered("o2").work();
            assertThat(seen).containsExactly("prepare Optional.empty", "next none", "prepare Optional[1]", "next none");
        }
    }

    /** A time to wake at that was not said again came back after a restart. */
    @ParameterizedTest
    @EnumSource
    void defect_f_a_time_to_wake_at_counts_once(Database database) {
        var pipeline = Pipeline.define(
                "waking",
                p -> p.consumer("append", Line.ORDERS).prepare(String.class, inbox -> {
                    seen.add("prepare");
                    Prepared<String> nothing = Prepared.nothing();
                    return seen.size() == 1
                            ? nothing.wakeAt(
                                    Instant.ofEpochMilli(1_800_000_000_000L).plus(Duration.ofHours(1)))
                            : nothing;
                }));
        try (var line = Line.of(database, ignored -> pipeline)) {
            line.ordered("o1").work();
            line.pass(Duration.ofMinutes(30));
            line.ordered("o2").work();
            assertThat(seen).hasSize(2);
            line.worker = line.stage.worker(pipeline);
            line.pass(Duration.ofHours(1)).pass(Duration.ofDays(1));
            assertThat(seen).hasSize(2);
        }
    }

    /** A retry that begins anew did not say what it retries. */
    @ParameterizedTest
    @EnumSource
    void defect_g_a_retry_from_nothing_says_what_it_retries(Database database) {
        try (var line = Line.on(database)) {
            line.badPrepares.add(new IllegalStateException("down"));
            line.till.is(Till.REFUSES);
            line.ordered("o1").work().pass(Line.LONG);
            assertThat(line.stage.told(line.run, "activation.retry"))
                    .containsExactly("{\"retryOf\":0,\"afresh\":false}", "{\"retryOf\":1,\"afresh\":true}");
            assertThat(line.stage.story(line.run)).contains("activation.retry append[1]", "activation.retry append[2]");
        }
    }

    /** A change that was under way when the process died was never looked at again. */
    @ParameterizedTest
    @EnumSource
    void defect_h_what_was_under_way_is_asked_about_at_once_after_a_restart(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.DIES_AFTER);
            line.ordered("o1").workAndDie();
            assertThat(line.change(0)).isEqualTo(EffectStatus.BEGUN);
            line.work();
            assertThat(line.till.asked).containsExactly(line.key(0));
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** What became of a change could be overwritten by who was late. */
    @ParameterizedTest
    @EnumSource
    void defect_i_what_a_person_has_said_is_not_overwritten(Database database) {
        try (var line = Line.of(
                database,
                l -> Pipeline.define(
                        "late",
                        p -> p.consumer("append", Line.ORDERS)
                                .prepare(
                                        String.class,
                                        inbox -> inbox.first()
                                                .map(order -> Prepared.of(order.payload(), order))
                                                .orElse(Prepared.nothing()))
                                .mutate(String.class, (order, key) -> {
                                    look();
                                    return l.till.book(order, key);
                                })
                                .next(l::next)
                                .publishes(Line.ORDERS)))) {
            var other = line.stage.worker(line.pipeline);
            meanwhile.add(() -> {
                line.stage.clock.advance(Duration.ofSeconds(10));
                other.drain();
                assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
                line.says(Answer.SKIP, null);
                other.drain();
            });
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.SKIPPED);
            assertThat(line.orders()).containsExactly("o1 SKIPPED 1");
            assertThat(line.told).containsExactly("o1: skipped");
        }
    }

    /** Resuming went round an unknown outcome; here with everything that releases a pipeline. */
    @ParameterizedTest
    @EnumSource
    void defect_j_nothing_but_an_answer_releases_what_nobody_knows(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1").work();
            OnceTest.refused(Refused.Why.UNKNOWN_OUTCOME, () -> line.worker.command(line.run, Verb.RESUME));
            var next = line.again().version("2");
            line.worker = line.stage.worker(next);
            line.worker.takeOver(line.run, next);
            line.ordered("o2").pass(Line.LONG);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 RESERVED 1", "o2 PENDING 1");
            line.says(Answer.HAPPENED, "receipt 7");
            line.work();
            assertThat(line.told).containsExactly("o1: applied receipt 7", "o2: applied booked o2");
        }
    }

    /** One consumer has failed in its code, and another one waits for an answer: the repair mends only the first. */
    @ParameterizedTest
    @EnumSource
    void defect_j_a_repair_takes_over_and_the_answer_is_still_waited_for(Database database) {
        try (var line = Line.of(database, l -> twoConsumers(l))) {
            line.badNexts.add(new Failure.Logic("a bug"));
            line.till.is(Till.LOSES_THE_ANSWER, Till.LOSES_THE_ANSWER);
            line.ordered("o1", "o2");
            var claims = line.worker.claim(2);
            var asks = line.worker.attempt(claims.getFirst()); // it finds out, and fails behind it
            var waits = line.worker.attempt(claims.getLast());
            line.worker.end(claims.getFirst(), asks);
            line.worker.end(claims.getLast(), waits);
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            var repaired = twoConsumers(line).version("2");
            line.worker = line.stage.worker(repaired);
            line.worker.takeOver(line.run, repaired);
            assertThat(line.worker.details(line.run).version()).isEqualTo("2");
            assertThat(line.status()).isEqualTo(RunStatus.BLOCKED);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            line.says(Answer.HAPPENED, "receipt 7");
            line.work();
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
            assertThat(line.till.done.values()).containsExactly(1, 1);
            assertThat(line.told).contains("o1: applied booked o1", "o2: applied receipt 7");
        }
    }

    private static Pipeline twoConsumers(Line line) {
        return Pipeline.define("two", p -> {
            line.appends(p, "append", true).next(line::next);
            line.appends(p, "blind", false).next(line::next);
            p.consumer("report", Line.RECEIPTS).prepare(String.class, inbox -> Prepared.nothing());
        });
    }

    /** The time of the wall was used, and not the one that was asked about. */
    @ParameterizedTest
    @EnumSource
    void defect_k_a_cron_producer_goes_by_the_clock_of_the_database(Database database) {
        var pipeline = Pipeline.define("early", p -> {
            p.producer("poll", Timing.cron("30 8 * * *", ZoneOffset.UTC), Integer.class, (out, cursor) -> {
                seen.add("poll");
                return 1;
            });
        });
        try (var line = Line.of(database, ignored -> pipeline)) { // at 08:00
            assertThat(seen).hasSize(1);
            line.pass(Duration.ofMinutes(30).minusMillis(1));
            assertThat(seen).hasSize(1);
            line.pass(Duration.ofMillis(1));
            assertThat(seen).hasSize(2);
            line.pass(Duration.ofDays(5)); // missed times are not made up
            assertThat(seen).hasSize(3);
        }
    }

    /** The tests did not agree with the code on whether an applied change whose phase was not over goes on. It does. */
    @ParameterizedTest
    @EnumSource
    void defect_l_an_applied_change_goes_on_although_its_activation_did_not_end(Database database) {
        try (var line = Line.on(database)) {
            line.ordered("o1");
            line.stage.die(line.worker);
            assertThat(line.journal(0)).containsExactly("0 prepare append APPLIED", "1 once append APPLIED");
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.work();
            assertThat(line.prepared).containsExactly("o1");
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.till.asked).isEmpty();
            assertThat(line.told).containsExactly("o1: applied booked o1", "o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }
}
