package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Reconciling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The one change of an activation: called once, and when nobody knows what became of it, neither forgotten nor repeated. */
class PipelineChangeTest {

    /** K14. Nobody can be asked, so a person is. */
    @ParameterizedTest
    @EnumSource
    void k14_a_restart_finds_a_change_under_way_and_blocks(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.DIES_AFTER);
            line.ordered("o1").workAndDie().work();
            assertThat(line.status()).isEqualTo(RunStatus.BLOCKED);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(line.journal(0)).containsExactly("0 prepare append APPLIED", "1 once append INDETERMINATE");
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            assertThat(line.activations("append")).containsExactly("0 READY");
            assertThat(line.till.calls).containsExactly(line.key(0));
            assertThat(line.stage.problem(line.run).message())
                    .contains("\"Book o1\" (key " + line.key(0) + ")")
                    .contains("pawl resolve RUN happened|did-not-happen|skip")
                    .doesNotContain("again");
        }
    }

    /** K15. */
    @ParameterizedTest
    @EnumSource
    void k15_a_change_that_certainly_failed_releases_its_messages(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.REFUSES);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.FAILED);
            assertThat(line.problem(0).failureClass()).isEqualTo(FailureClass.LOGIC);
            assertThat(line.orders()).containsExactly("o1 PENDING 2");
            assertThat(line.reason()).isEqualTo(Reason.REPAIR);
            assertThat(line.till.asked).isEmpty();
            line.worker.command(line.run, Verb.RESUME); // somebody has opened the account
            line.work();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(1), 1));
        }
    }

    /** K15. What asks to wait says that it did nothing, and is not asked before that time. */
    @ParameterizedTest
    @EnumSource
    void k15_a_change_that_has_to_wait_is_prepared_again_later(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.fails(new Failure.RateLimited("too many", Duration.ofMinutes(3))));
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 PENDING 2");
            line.pass(Duration.ofSeconds(179));
            assertThat(line.prepared).hasSize(1);
            line.pass(Duration.ofSeconds(1));
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
        }
    }

    /** K16. */
    @ParameterizedTest
    @EnumSource
    void k16_what_nobody_knows_is_not_tried_again(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1").work();
            for (int day = 0; day < 3; day++) line.pass(Duration.ofDays(1));
            line.ordered("o2").pass(Duration.ofDays(1));
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.told).isEmpty();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1", "o2 PENDING 1");
        }
    }

    /** K17, K19, K21. Not a second too early, and not a question too many. */
    @ParameterizedTest
    @EnumSource
    void k17_k19_k21_it_is_asked_after_growing_pauses_and_then_a_person_is(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(100);
            line.ordered("o1").work();
            assertThat(line.till.asked).hasSize(1);
            int asked = 1;
            for (int pause : List.of(10, 20, 40, 80, 160)) {
                assertThat(line.change(0)).isEqualTo(EffectStatus.RECONCILING);
                assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
                line.pass(Duration.ofSeconds(pause).minusMillis(1));
                assertThat(line.till.asked).hasSize(asked);
                line.pass(Duration.ofMillis(1));
                assertThat(line.till.asked).hasSize(++asked);
            }
            assertThat(line.till.asked).containsOnly(line.key(0));
            assertThat(line.change(0)).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(line.activations("append")).containsExactly("0 READY");
            line.pass(Duration.ofDays(1));
            assertThat(line.till.asked).hasSize(6);
        }
    }

    /** K19. A new version wakes consumers, and the other system is none the more asked for that. */
    @ParameterizedTest
    @EnumSource
    void k19_a_new_version_does_not_ask_earlier(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(1);
            line.ordered("o1").work();
            var next = line.again().version("2");
            line.worker = line.stage.worker(next);
            line.worker.takeOver(line.run, next);
            line.work();
            assertThat(line.till.asked).hasSize(1);
            line.pass(Duration.ofSeconds(10));
            assertThat(line.till.asked).hasSize(2);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
        }
    }

    /** K17. */
    @ParameterizedTest
    @EnumSource
    void k17_a_pipeline_may_ask_otherwise(Database database) {
        var how = Reconciling.DEFAULT.times(2).pauses(Duration.ofSeconds(1), Duration.ofSeconds(1));
        try (var line = Line.of(
                database,
                l -> Pipeline.define("own", p -> l.appends(p, "append", false).reconcile(how, l.till::ask)))) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(100);
            line.ordered("o1").work();
            line.pass(Duration.ofSeconds(1)).pass(Duration.ofSeconds(1));
            assertThat(line.till.asked).hasSize(3);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
        }
    }

    /** K18. An answer that does not come in time is none. */
    @ParameterizedTest
    @EnumSource
    void k18_a_question_that_takes_too_long_is_asked_again(Database database) {
        var never = new CountDownLatch(1);
        var how = Reconciling.DEFAULT.limit(Duration.ofMillis(20));
        var questions = new ArrayList<String>();
        try (var line = Line.of(
                database,
                l -> Pipeline.define(
                        "slow",
                        p -> l.appends(p, "append", false).reconcile(how, (order, key) -> {
                            questions.add(key);
                            if (questions.size() == 1) never.await();
                            return l.till.ask(order, key);
                        })))) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.RECONCILING);
            line.pass(Duration.ofSeconds(10));
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
        }
    }

    /** K18, K24. */
    @ParameterizedTest
    @EnumSource
    void k18_k24_a_timeout_without_anybody_to_ask_is_unknown_and_no_failure(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.LOSES_THE_CALL);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            assertThat(line.stage.problem(line.run).message()).contains("Timeout (TIMEOUT): no answer");
        }
    }

    /** K24. Only what says by its type that nothing happened is a failure: credentials may expire while it works. */
    @ParameterizedTest
    @EnumSource
    void k24_what_does_not_say_that_nothing_happened_is_unknown(Database database) {
        var unsure = List.of(
                new Failure.Auth("expired"),
                new Failure.Transient("reset"),
                new IllegalArgumentException("400"),
                new Failure.Internal("a bug", null));
        try (var line = Line.unasked(database)) {
            for (int i = 0; i < unsure.size(); i++) {
                line.till.is(Till.fails(unsure.get(i)));
                line.ordered("o" + i).work();
                assertThat(line.change(i)).isEqualTo(EffectStatus.INDETERMINATE);
                assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
                line.says(Answer.SKIP, null);
                line.work();
            }
            assertThat(line.till.done).isEmpty();
        }
    }

    /** K20. */
    @ParameterizedTest
    @EnumSource
    void k20_a_change_that_is_found_to_have_happened_goes_on_with_its_result(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.APPLIED);
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            assertThat(line.stage.told(line.run, "change.reconciled").getFirst())
                    .contains("\"status\":\"APPLIED\"", line.key(0));
            assertThat(line.stage.story(line.run)).doesNotContain("run.blocked");
        }
    }

    /** K20. The other way round: it is proved that it did not happen. */
    @ParameterizedTest
    @EnumSource
    void k20_a_change_that_is_found_not_to_have_happened_begins_anew(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_CALL);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.FAILED);
            assertThat(line.orders()).containsExactly("o1 PENDING 2");
            line.pass(Duration.ofSeconds(10));
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(1), 1));
            assertThat(line.told).containsExactly("o1: applied booked o1");
        }
    }

    /** K22. {@code next} is told what happened; a change that failed or is unknown never comes there. */
    @ParameterizedTest
    @EnumSource
    void k22_next_is_told_what_became_of_the_change(Database database) {
        try (var line = Line.of(
                database,
                l -> Pipeline.define("told", p -> {
                    l.appends(p, "append", false)
                            .reconcile(Reconciling.DEFAULT.times(0), l.till::ask)
                            .next(l::next)
                            .publishes(Line.RECEIPTS);
                    p.consumer("silent", Line.RECEIPTS)
                            .prepare(
                                    String.class,
                                    inbox -> inbox.first()
                                            .map(one -> Prepared.of(one.payload(), one))
                                            .orElse(Prepared.nothing()))
                            .mutate(String.class, (receipt, key) -> null)
                            .next((out, receipt, outcome) -> l.reported.add(Line.words(outcome)));
                }))) {
            line.ordered("done").work();
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(1);
            line.ordered("skipped").work();
            assertThat(line.told).containsExactly("done: applied booked done"); // and nothing of what nobody knows
            line.says(Answer.SKIP, null);
            line.till.is(Till.REFUSES);
            line.work().ordered("refused").work();
            assertThat(line.told).hasSize(2); // nor of what failed
            line.worker.command(line.run, Verb.RESUME);
            line.work().ordered(Line.LATER).work();
            assertThat(line.told)
                    .containsExactly(
                            "done: applied booked done",
                            "skipped: skipped",
                            "refused: applied booked refused",
                            "null: none");
            assertThat(line.reported).containsExactly("applied null", "applied null");
        }
    }

    /** K23. By its types, an activation has one change; and of two workers that think they have it, one makes it. */
    @ParameterizedTest
    @EnumSource
    void k23_two_workers_make_one_change_between_them(Database database) {
        var lines = new ArrayList<Line>();
        var pipeline = Pipeline.define(
                "slow",
                p -> p.consumer("append", Line.ORDERS)
                        .prepare(
                                String.class,
                                inbox -> inbox.first()
                                        .map(order -> Prepared.of(order.payload(), order))
                                        .orElse(Prepared.nothing()))
                        .mutate(String.class, (order, key) -> {
                            var line = lines.getFirst();
                            String receipt = line.till.book(order, key);
                            line.stage.clock.advance(Duration.ofSeconds(10)); // its lease runs out
                            line.stage.worker(line.pipeline).drain();
                            return receipt + " late";
                        })
                        .reconcile((order, key) -> lines.getFirst().till.ask(order, key))
                        .next((out, order, outcome) -> lines.getFirst().told.add(Line.words(outcome))));
        try (var line = Line.of(database, ignored -> pipeline)) {
            lines.add(line);
            line.ordered("o1").work();
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.told).containsExactly("applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** K29, defect (a). */
    @ParameterizedTest
    @EnumSource
    void k29_a_crash_in_the_change_and_a_late_answer_lead_to_one_change(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.DIES_AFTER);
            line.till.keepsSilent(2);
            line.ordered("o1", "o2").workAndDie().work();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1", "o2 PENDING 1");
            line.pass(Duration.ofSeconds(10)).pass(Duration.ofSeconds(20));
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1, line.key(1), 1));
            assertThat(line.told).containsExactly("o1: applied booked o1", "o2: applied booked o2");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1", "o2 CONSUMED 1");
            assertThat(line.reported).containsExactly("booked o1", "booked o2");
        }
    }

    /** K29. The same when it had not happened: then it happens once, under the key of another activation. */
    @ParameterizedTest
    @EnumSource
    void k29_a_crash_before_the_change_leads_to_one_change(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.DIES_BEFORE);
            line.till.keepsSilent(2);
            line.ordered("o1").workAndDie().work();
            line.pass(Duration.ofSeconds(10)).pass(Duration.ofSeconds(20)).pass(Line.LONG);
            assertThat(line.till.done).isEqualTo(Map.of(line.key(1), 1));
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
        }
    }

    /** X9. */
    @ParameterizedTest
    @EnumSource
    void x9_an_uncertain_change_is_found_at_the_third_question_and_happens_once(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(2);
            line.ordered("o1").work();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.pass(Duration.ofSeconds(10));
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            assertThat(line.told).isEmpty();
            line.pass(Duration.ofSeconds(20));
            assertThat(line.till.asked).containsExactly(line.key(0), line.key(0), line.key(0));
            assertThat(line.till.done).isEqualTo(Map.of(line.key(0), 1));
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.messages(Line.RECEIPTS)).containsExactly("o1 CONSUMED 1");
            assertThat(line.stage.told(line.run, "message.consumed")).hasSize(2);
            assertThat(line.activations("append")).containsExactly("0 SUCCEEDED", "1 READY");
        }
    }
}
