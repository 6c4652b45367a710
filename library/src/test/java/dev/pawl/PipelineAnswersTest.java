package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.engine.TimeTravel;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.pipeline.Pipeline;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people say of changes of which nobody knows whether they happened, and what follows from it. */
class PipelineAnswersTest {

    /** Its one change has happened, and nobody knows. */
    private static Line unknown(Line line) {
        line.till.is(Till.LOSES_THE_ANSWER);
        line.till.keepsSilent(6);
        line.ordered("o1").work();
        for (int i = 0; i < 5; i++) line.pass(Line.LONG);
        assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
        assertThat(line.change(0)).isEqualTo(EffectStatus.INDETERMINATE);
        return line;
    }

    private static void told(Line line, String status) {
        assertThat(line.stage.told(line.run, "effect.resolved"))
                .containsExactly("{\"name\":\"append\",\"ordinal\":1,\"status\":\"" + status
                        + "\",\"actor\":\"ann\",\"comment\":\"looked it up\"}");
        assertThat(line.stage.told(line.run, "run.resumed").getLast()).contains("\"actor\":\"ann\"");
        assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
    }

    /** K25. The other system is asked no more: the person knows better, and what happens then is theirs. */
    @ParameterizedTest
    @EnumSource
    void k25_it_did_not_happen_so_it_is_prepared_anew(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.DID_NOT_HAPPEN, null);
            told(line, "FAILED");
            line.worker.step();
            assertThat(line.orders()).containsExactly("o1 PENDING 2");
            assertThat(line.activations("append")).containsExactly("0 FAILED", "1 READY");
            assertThat(line.journal(1)).isEmpty();
            line.work();
            assertThat(line.prepared).containsExactly("o1", "o1");
            assertThat(line.till.calls).containsExactly(line.key(0), line.key(1));
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 2");
        }
    }

    /** K25. A failure that somebody has looked at does not count towards giving up. */
    @ParameterizedTest
    @EnumSource
    void k25_it_did_not_happen_is_no_failure_of_the_pipeline(Database database) {
        try (var line = Line.unasked(database)) {
            for (int i = 0; i < 8; i++) {
                line.till.is(Till.LOSES_THE_CALL);
                line.ordered("o1").work();
                assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
                line.says(Answer.DID_NOT_HAPPEN, null);
            }
            line.work();
            assertThat(line.orders()).containsExactly("o1 CONSUMED 9");
            assertThat(line.till.done).isEqualTo(Map.of(line.key(8), 1));
        }
    }

    /** K26. */
    @ParameterizedTest
    @EnumSource
    void k26_it_is_skipped_and_next_hears_of_it(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.SKIP, null);
            told(line, "SKIPPED");
            line.work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.SKIPPED);
            assertThat(line.told).containsExactly("o1: skipped");
            assertThat(line.orders()).containsExactly("o1 SKIPPED 1");
            assertThat(line.messages(Line.RECEIPTS)).isEmpty();
            assertThat(line.prepared).containsExactly("o1");
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.activations("append")).containsExactly("0 SUCCEEDED", "1 READY");
            line.ordered("o2").work();
            assertThat(line.orders()).containsExactly("o1 SKIPPED 1", "o2 CONSUMED 1");
        }
    }

    /** K26. What was skipped stays skipped, although what follows from it fails. */
    @ParameterizedTest
    @EnumSource
    void k26_a_skip_outlives_a_failure_in_next(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.SKIP, null);
            line.badNexts.add(new IllegalStateException("down"));
            line.work();
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
            line.pass(Duration.ofSeconds(10));
            assertThat(line.told).containsExactly("o1: skipped", "o1: skipped");
            assertThat(line.orders()).containsExactly("o1 SKIPPED 1");
        }
    }

    /** K27. */
    @ParameterizedTest
    @EnumSource
    void k27_it_happened_and_this_came_back(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.HAPPENED, "receipt 7");
            told(line, "APPLIED");
            line.work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.APPLIED);
            assertThat(line.told).containsExactly("o1: applied receipt 7");
            assertThat(line.reported).containsExactly("receipt 7");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.prepared).hasSize(1);
        }
    }

    /** K27. */
    @ParameterizedTest
    @EnumSource
    void k27_it_happened_and_nobody_knows_what_came_back(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.HAPPENED, null);
            line.work();
            assertThat(line.told).containsExactly("o1: applied null");
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
            assertThat(line.till.calls).hasSize(1);
        }
    }

    /** Asked once more, as often as at first. */
    @ParameterizedTest
    @EnumSource
    void k27_again_asks_the_other_system_as_often_as_at_first(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.till.keepsSilent(6);
            line.says(Answer.AGAIN, null);
            told(line, "RECONCILING");
            line.work();
            assertThat(line.till.asked).hasSize(7);
            for (int i = 0; i < 5; i++) line.pass(Line.LONG);
            assertThat(line.till.asked).hasSize(12);
            assertThat(line.change(0)).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            line.says(Answer.AGAIN, null);
            line.work();
            assertThat(line.told).containsExactly("o1: applied booked o1");
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k27_again_is_refused_if_nobody_can_be_asked(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1").work();
            OnceTest.refused(Refused.Why.NOBODY_TO_ASK, () -> line.says(Answer.AGAIN, null));
            assertThat(line.change(0)).isEqualTo(EffectStatus.INDETERMINATE);
            assertThat(line.status()).isEqualTo(RunStatus.BLOCKED);
        }
    }

    /** K28. As long as the other system is being asked, and when all is known, people are not. */
    @ParameterizedTest
    @EnumSource
    void k28_an_answer_that_nobody_waits_for_is_refused(Database database) {
        try (var line = Line.on(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.till.keepsSilent(1);
            line.ordered("o1").work();
            assertThat(line.change(0)).isEqualTo(EffectStatus.RECONCILING);
            OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says(Answer.HAPPENED, null));
            line.pass(Line.LONG);
            assertThat(line.change(0)).isEqualTo(EffectStatus.APPLIED);
            for (var answer : Answer.values()) {
                OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says(answer, null));
            }
            assertThat(line.stage.story(line.run)).doesNotContain("effect.resolved append[0]");
        }
    }

    /** K28. Of two who answer, the first one counts. */
    @ParameterizedTest
    @EnumSource
    void k28_a_second_answer_is_refused(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.HAPPENED, "receipt 7");
            OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says(Answer.SKIP, null));
            line.work();
            assertThat(line.told).containsExactly("o1: applied receipt 7");
        }
    }

    // ---- what must not go round it --------------------------------------------------------------------------------

    /** Defect (j). */
    @ParameterizedTest
    @EnumSource
    void resuming_is_refused_while_nobody_knows(Database database) {
        try (var line = unknown(Line.on(database))) {
            OnceTest.refused(Refused.Why.UNKNOWN_OUTCOME, () -> line.worker.command(line.run, Verb.RESUME));
            line.pass(Line.LONG);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 RESERVED 1");
        }
    }

    /** A question to a person is no reason to be kept. Nothing of it is called again. */
    @ParameterizedTest
    @EnumSource
    void cancelling_is_allowed_while_nobody_knows(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.worker.command(line.run, Verb.CANCEL);
            assertThat(line.status()).isEqualTo(RunStatus.CANCELLED);
            OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says(Answer.HAPPENED, null));
            line.pass(Line.LONG);
            assertThat(line.till.calls).hasSize(1);
            assertThat(line.told).isEmpty();
        }
    }

    // ---- several at once ------------------------------------------------------------------------------------------

    /** Two consumers of the same orders, both in the middle of a change that nobody knows of. */
    private static Line twoUnknown(Database database) {
        var line = Line.of(
                database,
                l -> Pipeline.define("two", p -> {
                    l.appends(p, "append", false).next(l::next).publishes(Line.RECEIPTS);
                    l.appends(p, "print", false).next(l::next).publishes(Line.RECEIPTS);
                    p.consumer("report", Line.RECEIPTS)
                            .prepare(String.class, inbox -> dev.pawl.pipeline.Prepared.nothing());
                }));
        line.till.is(Till.LOSES_THE_ANSWER, Till.LOSES_THE_CALL);
        line.ordered("o1", "o2");
        var claims = line.worker.claim(2);
        var first = line.worker.attempt(claims.getFirst());
        var second = line.worker.attempt(claims.getLast());
        line.worker.end(claims.getFirst(), first);
        line.worker.end(claims.getLast(), second);
        assertThat(line.orders()).containsExactly("o1 RESERVED 1", "o2 RESERVED 1");
        assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
        return line;
    }

    @ParameterizedTest
    @EnumSource
    void with_two_unknown_changes_one_answer_is_not_enough(Database database) {
        try (var line = twoUnknown(database)) {
            OnceTest.refused(Refused.Why.SEVERAL, () -> line.says(Answer.HAPPENED, null));
            line.says("print", Answer.SKIP, null);
            assertThat(line.status()).isEqualTo(RunStatus.BLOCKED);
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
            OnceTest.refused(Refused.Why.UNKNOWN_OUTCOME, () -> line.worker.command(line.run, Verb.RESUME));
            line.pass(Line.LONG);
            assertThat(line.told).isEmpty();
            line.says(Answer.HAPPENED, "receipt 7"); // there is one left, so nothing has to be said about which
            assertThat(line.status()).isEqualTo(RunStatus.RUNNING);
            line.work();
            assertThat(line.told)
                    .hasSize(2)
                    .anyMatch(one -> one.endsWith("skipped"))
                    .anyMatch(one -> one.endsWith("applied receipt 7"));
            assertThat(line.till.calls).hasSize(2);
            assertThat(line.activations("append")).containsExactly("0 SUCCEEDED", "1 READY");
            assertThat(line.activations("print")).containsExactly("0 SUCCEEDED", "1 READY");
        }
    }

    /** By its task, its name or its key. */
    @ParameterizedTest
    @EnumSource
    void one_of_several_is_picked_by_its_task_or_its_key(Database database) {
        try (var line = twoUnknown(database)) {
            OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says("no such thing", Answer.SKIP, null));
            line.says("append[0]", Answer.SKIP, null);
            OnceTest.refused(Refused.Why.NOTHING_TO_RESOLVE, () -> line.says("append[0]", Answer.SKIP, null));
            line.says(line.key("print", 0), Answer.SKIP, null);
            assertThat(line.stage.story(line.run))
                    .containsSubsequence("effect.resolved append[0]", "effect.resolved print[0]", "run.resumed");
            line.work();
            assertThat(line.orders()).containsExactly("o1 SKIPPED 1", "o2 SKIPPED 1");
        }
    }

    /** A person holds the pipeline while another answers: it is known then, and goes on when it is released. */
    @ParameterizedTest
    @EnumSource
    void an_answer_does_not_release_what_a_person_holds(Database database) {
        try (var line = Line.unasked(database)) {
            line.till.is(Till.LOSES_THE_ANSWER);
            line.ordered("o1");
            var claim = line.worker.claim(1).getFirst();
            var verdict = line.worker.attempt(claim);
            line.worker.command(line.run, Verb.PAUSE);
            line.worker.end(claim, verdict);
            OnceTest.refused(Refused.Why.UNKNOWN_OUTCOME, () -> line.worker.command(line.run, Verb.RESUME));
            line.says(Answer.HAPPENED, "receipt 7");
            assertThat(line.status()).isEqualTo(RunStatus.PAUSED);
            line.pass(Line.LONG);
            assertThat(line.told).isEmpty();
            line.worker.command(line.run, Verb.RESUME);
            line.work();
            assertThat(line.told).containsExactly("o1: applied receipt 7");
        }
    }

    /** What a person says counts for good, so nobody may say something that the code cannot read. */
    @ParameterizedTest
    @EnumSource
    void a_value_that_the_code_cannot_read_is_refused_where_the_code_is_at_hand(Database database) {
        try (var line = unknown(Line.on(database))) {
            assertThatThrownBy(() -> line.stage.ask(
                            pawl -> {
                                pawl.resolve(line.run, Answer.HAPPENED, new Json("[1]"), "ann", "");
                                return true;
                            },
                            line.pipeline))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("What the change of consumer \"append\" gave back does not fit String");
            assertThat(line.reason()).isEqualTo(Reason.INDETERMINATE);
        }
    }

    /** Where it is not, the change has happened all the same, and what came back is not known. */
    @ParameterizedTest
    @EnumSource
    void a_value_that_the_code_cannot_read_is_as_good_as_none(Database database) {
        try (var line = unknown(Line.on(database))) {
            boolean unused = line.stage.ask(pawl -> {
                pawl.resolve(line.run, Answer.HAPPENED, new Json("[1]"), "ann", "");
                return true;
            });
            line.work();
            assertThat(line.told).containsExactly("o1: applied null");
            assertThat(line.stage.told(line.run, "change.unreadable")).hasSize(1);
            assertThat(line.orders()).containsExactly("o1 CONSUMED 1");
        }
    }

    /** Being asked again and again is nothing that a record could not say. */
    @ParameterizedTest
    @EnumSource
    void the_record_of_a_change_that_was_asked_about_often_holds(Database database) {
        try (var line = unknown(Line.on(database))) {
            line.says(Answer.SKIP, null);
            line.work();
            assertThat(line.stage
                            .ask(pawl -> TimeTravel.verify(pawl.history(line.run)), line.pipeline)
                            .flaws())
                    .isEmpty();
        }
    }
}
