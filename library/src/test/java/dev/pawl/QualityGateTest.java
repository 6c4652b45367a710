package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.graph.Graph;
import dev.pawl.graph.QualityGate;
import dev.pawl.graph.QualityGate.Decision;
import dev.pawl.graph.QualityGate.Judgement;
import dev.pawl.graph.QualityGate.Outcome;
import dev.pawl.graph.QualityGate.Reason;
import dev.pawl.graph.QualityGate.Tries;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** E19: accept, do it over, or hand it to a person. */
class QualityGateTest {

    private static final QualityGate GATE = QualityGate.DEFAULT;

    private static Decision decide(double score, boolean verified, Tries tries, Reason... reasons) {
        return GATE.decide("run", "task", new Judgement(score, verified, List.of(reasons)), tries);
    }

    @Test
    void a_high_score_that_every_verifier_passes_is_accepted() {
        for (double score : new double[] {1.0, 0.9, 0.7}) {
            var decision = decide(score, true, Tries.NONE);
            assertThat(decision.outcome()).isEqualTo(Outcome.ACCEPT);
            assertThat(decision.key()).isEmpty();
        }
    }

    @Test
    void it_is_accepted_also_after_it_was_done_over() {
        var tries = decide(0.1, false, Tries.NONE, Reason.MISSING_EVIDENCE).tries();
        assertThat(decide(0.7, true, tries).outcome()).isEqualTo(Outcome.ACCEPT);
    }

    @Test
    void just_below_the_threshold_or_without_a_verifier_it_is_not() {
        assertThat(decide(0.6999, true, Tries.NONE).outcome()).isEqualTo(Outcome.RETRY);
        assertThat(decide(0.6999, true, Tries.NONE).reason()).isEqualTo("LOW_CONFIDENCE");
        assertThat(decide(1.0, false, Tries.NONE).outcome()).isEqualTo(Outcome.RETRY);
        assertThat(decide(1.0, false, Tries.NONE).reason()).isEqualTo("UNKNOWN");
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "POLICY_DEGRADED")
    void each_reason_has_it_done_over_as_often_as_it_says_and_then_hands_it_on(Reason reason) {
        var tries = Tries.NONE;
        for (int i = 0; i < Math.min(reason.retries(), 3); i++) {
            var decision = decide(0.2, false, tries, reason);
            assertThat(decision.outcome()).isEqualTo(Outcome.RETRY);
            assertThat(decision.reason()).isEqualTo(reason.name());
            assertThat(decision.key()).matches("[0-9a-f]{64}");
            tries = decision.tries();
        }
        var last = decide(0.2, false, tries, reason);
        assertThat(last.outcome()).isEqualTo(Outcome.ESCALATE);
        assertThat(last.key()).isEmpty();
        assertThat(last.tries()).isEqualTo(tries);
    }

    @Test
    void what_a_policy_objects_to_goes_to_a_person_at_once() {
        var decision = decide(0.2, false, Tries.NONE, Reason.POLICY_DEGRADED, Reason.FLAKY_PATTERN);
        assertThat(decision.outcome()).isEqualTo(Outcome.ESCALATE);
        assertThat(decision.reason()).isEqualTo("POLICY_DEGRADED");
    }

    @Test
    void all_reasons_together_have_a_limit_too() {
        var tries = Tries.NONE;
        for (var reason : List.of(Reason.SCHEMA_VIOLATION, Reason.FLAKY_PATTERN, Reason.INCONSISTENT)) {
            tries = decide(0.2, false, tries, reason).tries();
        }
        assertThat(tries.total()).isEqualTo(3);
        assertThat(decide(0.2, false, tries, Reason.MISSING_EVIDENCE).outcome()).isEqualTo(Outcome.ESCALATE);
    }

    @Test
    void limits_can_be_set() {
        var strict = new QualityGate(0.9, 1, Map.of(Reason.POLICY_DEGRADED, 1));
        var judged = new Judgement(0.8, true, List.of(Reason.POLICY_DEGRADED));
        var first = strict.decide("run", "task", judged, Tries.NONE);
        assertThat(first.outcome()).isEqualTo(Outcome.RETRY);
        assertThat(strict.decide("run", "task", judged, first.tries()).outcome())
                .isEqualTo(Outcome.ESCALATE);
    }

    @Test
    void the_same_judgement_gives_the_same_decision_in_whatever_order_its_reasons_stand() {
        var one = decide(0.4, false, Tries.NONE, Reason.TIMEOUT, Reason.INCONSISTENT, Reason.TIMEOUT);
        var other = decide(0.4, false, Tries.NONE, Reason.INCONSISTENT, Reason.TIMEOUT);
        assertThat(one).isEqualTo(other);
    }

    @Test
    void another_run_task_try_or_reason_has_another_key() {
        var judged = new Judgement(0.4, false, List.of(Reason.MISSING_EVIDENCE));
        var first = GATE.decide("run", "task", judged, Tries.NONE);
        var keys = new ArrayList<String>();
        keys.add(first.key());
        keys.add(GATE.decide("other", "task", judged, Tries.NONE).key());
        keys.add(GATE.decide("run", "other", judged, Tries.NONE).key());
        keys.add(GATE.decide("run", "task", judged, first.tries()).key());
        keys.add(decide(0.4, false, Tries.NONE, Reason.LOW_CONFIDENCE).key());
        assertThat(new HashSet<>(keys)).hasSize(5).noneMatch(String::isEmpty);
        assertThat(GATE.decide("run", "task", judged, Tries.NONE).key()).isEqualTo(first.key()); // a duplicate is seen
    }

    // ---- as a node ------------------------------------------------------------------------------------------------

    record Draft(String text, double score, String hint, Tries tries, String said) {}

    private static final Graph<Draft> GRAPH = Graph.define("judged", Draft.class, g -> {
        var draft = g.node(
                "draft",
                (state, io) -> new Draft(state.text() + "+", state.score() + 0.3, state.hint(), state.tries(), ""));
        var judge = g.node(
                "judge",
                GATE.node(
                        (Draft state) ->
                                new Judgement(state.score(), state.score() >= 0.7, List.of(Reason.LOW_CONFIDENCE)),
                        Draft::tries,
                        (state, decision) -> new Draft(
                                state.text(),
                                state.score(),
                                decision.is(Outcome.RETRY) ? "be bolder" : "",
                                decision.tries(),
                                decision.outcome().name())));
        var person = g.node("person", (state, io) -> state);
        g.start(draft);
        draft.then(judge);
        judge.endWhen("accepted", state -> state.said().equals("ACCEPT"))
                .when("again", state -> state.said().equals("RETRY"), draft)
                .otherwise(person);
        person.end();
    });

    @ParameterizedTest
    @EnumSource
    void as_a_node_it_leads_back_until_the_result_is_good_or_a_person_has_to_look(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(GRAPH);
            var good = worker.submit(GRAPH, draft(0.2));
            var bad = worker.submit(GRAPH, draft(-1));
            worker.drain();
            assertThat(stage.status(good)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.story(good)).contains("task.succeeded draft[3]").doesNotContain("task.succeeded draft[5]");
            assertThat(String.valueOf(worker.output(good))).contains("\"said\":\"ACCEPT\"", "\"text\":\"x++\"");
            assertThat(stage.story(bad)).contains("task.succeeded person[7]");
            assertThat(String.valueOf(worker.output(bad))).contains("\"said\":\"ESCALATE\"", "\"hint\":\"\"");
        }
    }

    private static Json draft(double score) {
        return new Json("{\"text\":\"x\",\"score\":" + score
                + ",\"hint\":\"\",\"tries\":{\"total\":0,\"byReason\":{}},\"said\":\"\"}");
    }
}
