package dev.pawl.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.schedule.Every;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What follows from the end of an activation, without a database. */
class PipelineRulesTest {

    private static final RunId RUN = RunId.parse("01J00000000000000000000000");

    private static final Outcome DONE = new Outcome.Succeeded(Payload.inline(Json.NULL), -1, null, List.of());

    private final Rules rules = rules(Lines.of("p", "c"));

    private static Rules rules(Pipeline pipeline) {
        return new Rules(pipeline.blueprint(), pipeline.limits());
    }

    private static Plan failed(Rules rules, Json state, int index, FailureClass failure, Retried how) {
        var problem = Problem.of(failure, "X", "it failed");
        return rules.advance(state, new TaskKey(RUN, "c", index), new Outcome.Failed(problem, null, how.facts()));
    }

    private static <T> List<T> all(Plan plan, Class<T> kind) {
        return plan.changes().stream().filter(kind::isInstance).map(kind::cast).toList();
    }

    private static Duration pause(Plan plan) {
        return all(plan, Plan.Create.class).getFirst().delay();
    }

    private static @Nullable Reason blocked(Plan plan) {
        return all(plan, Plan.Block.class).stream()
                .map(Plan.Block::reason)
                .findFirst()
                .orElse(null);
    }

    private static Run run(Json state, RunStatus status, @Nullable Reason reason) {
        return new Run(RUN, 1, status, reason, Placement.DEFAULT, state, 1, null, null, Run.Family.NONE, null);
    }

    @ParameterizedTest
    @EnumSource(names = {"TRANSIENT", "RATE_LIMITED", "TIMEOUT", "UNCLASSIFIED"})
    void k36_what_may_pass_is_tried_again_five_times(FailureClass failure) {
        Json state = rules.start().state();
        for (int n = 1; n <= 5; n++) {
            var plan = failed(rules, state, n - 1, failure, Retried.FROM_JOURNAL);
            assertThat(pause(plan)).isEqualTo(Duration.ofSeconds(10L << (n - 1)));
            assertThat(blocked(plan)).isNull();
            state = plan.state();
        }
        var sixth = failed(rules, state, 5, failure, Retried.FROM_JOURNAL);
        assertThat(blocked(sixth)).isEqualTo(Reason.FAILING);
        assertThat(pause(sixth)).isZero();
        var afterwards = failed(rules, sixth.state(), 6, failure, Retried.FROM_JOURNAL);
        assertThat(pause(afterwards)).as("counted from zero").isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void a_success_forgets_the_failures() {
        var once = failed(rules, rules.start().state(), 0, FailureClass.TRANSIENT, Retried.FROM_JOURNAL);
        var done = rules.advance(once.state(), new TaskKey(RUN, "c", 1), DONE);
        var again = failed(rules, done.state(), 2, FailureClass.TRANSIENT, Retried.FROM_JOURNAL);
        assertThat(pause(again)).isEqualTo(Duration.ofSeconds(10));
    }

    @ParameterizedTest
    @CsvSource({
        "LOGIC, REPAIR",
        "AUTH, AUTH",
        "PERMISSION, PERMISSION",
        "POLICY, POLICY",
        "STALLED, STALLED",
        "INTERNAL, FAILING",
        "INDETERMINATE, FAILING",
        "APPROVAL, FAILING",
        "DIVERGED, FAILING"
    })
    void k66_what_will_not_pass_stops_the_pipeline_at_once(FailureClass failure, Reason reason) {
        var plan = failed(rules, rules.start().state(), 0, failure, Retried.FROM_JOURNAL);
        assertThat(blocked(plan)).isEqualTo(reason);
        assertThat(pause(plan)).isZero();
    }

    @Test
    void k66_messages_are_released_only_if_it_certainly_changed_nothing() {
        var state = rules.start().state();
        var afresh = failed(rules, state, 0, FailureClass.TRANSIENT, Retried.afresh(List.of(7), true, 0));
        assertThat(all(afresh, Plan.Dispose.class))
                .containsExactly(new Plan.Dispose("c", MessageStatus.PENDING, List.of(7), List.of("IN")));
        assertThat(all(afresh, Plan.Inherit.class)).isEmpty();
        var kept = failed(rules, state, 0, FailureClass.TRANSIENT, Retried.FROM_JOURNAL);
        assertThat(all(kept, Plan.Dispose.class)).isEmpty();
        assertThat(all(kept, Plan.Inherit.class)).containsExactly(new Plan.Inherit("c", 0, 1));
    }

    @Test
    void k66_who_asks_to_wait_longer_is_heard() {
        var state = rules.start().state();
        var longer = failed(rules, state, 0, FailureClass.RATE_LIMITED, Retried.afresh(List.of(7), true, 60_000));
        assertThat(pause(longer)).isEqualTo(Duration.ofMinutes(1));
        var shorter = failed(rules, state, 0, FailureClass.RATE_LIMITED, Retried.afresh(List.of(7), true, 1_000));
        assertThat(pause(shorter)).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void k70_the_third_failure_of_the_code_needs_a_person() {
        var state = rules.start().state();
        for (int repair = 0; repair < 2; repair++) {
            var failed = failed(rules, state, repair, FailureClass.LOGIC, Retried.FROM_JOURNAL);
            assertThat(blocked(failed)).isEqualTo(Reason.REPAIR);
            state = rules.takeOver(run(failed.state(), RunStatus.BLOCKED, Reason.REPAIR), 2)
                    .state();
        }
        var third = failed(rules, state, 2, FailureClass.LOGIC, Retried.FROM_JOURNAL);
        assertThat(blocked(third)).isEqualTo(Reason.FAILING);
        var fourth = failed(rules, third.state(), 3, FailureClass.LOGIC, Retried.FROM_JOURNAL);
        assertThat(blocked(fourth)).as("counted from zero").isEqualTo(Reason.REPAIR);
    }

    @Test
    void a_version_that_repairs_nothing_is_no_repair() {
        var state = rules.start().state();
        for (int n = 0; n < 5; n++)
            state = rules.takeOver(run(state, RunStatus.RUNNING, null), 2).state();
        assertThat(blocked(failed(rules, state, 0, FailureClass.LOGIC, Retried.FROM_JOURNAL)))
                .isEqualTo(Reason.REPAIR);
    }

    @Test
    void the_end_of_what_is_not_open_changes_nothing() {
        var plan = failed(rules, rules.start().state(), 7, FailureClass.LOGIC, Retried.FROM_JOURNAL);
        assertThat(plan).isEqualTo(new Plan(rules.start().state(), List.of()));
    }

    // ---- another version ------------------------------------------------------------------------------------------

    @Test
    void handlers_go_and_come_with_the_version() {
        var before = rules(Lines.of("p", "c", "old")).start().state();
        var plan = rules(Lines.of("p", "c", "new")).takeOver(run(before, RunStatus.RUNNING, null), 2);
        assertThat(all(plan, Plan.Retire.class)).containsExactly(new Plan.Retire("old"));
        assertThat(all(plan, Plan.Await.class)).extracting(Plan.Await::name).containsExactly("new");
        assertThat(all(plan, Plan.Wake.class)).as("poll is not due").containsExactly(new Plan.Wake("c"));
        var back = rules(Lines.of("p", "c", "old")).takeOver(run(plan.state(), RunStatus.RUNNING, null), 2);
        assertThat(all(back, Plan.Await.class))
                .as("it goes on behind the activation that was cancelled")
                .extracting(wait -> wait.name() + wait.index())
                .containsExactly("old1");
    }

    @Test
    void another_schedule_runs_now() {
        var before = rules.start().state();
        var plan = rules(Lines.of("p", Every.minutes(6), "c")).takeOver(run(before, RunStatus.RUNNING, null), 2);
        assertThat(all(plan, Plan.Wake.class)).contains(new Plan.Wake("poll"));
        var line = Objects.requireNonNull(PipelineState.read(plan.state()).line("poll"));
        assertThat(line.schedule()).isEqualTo("every PT6M");
    }
}
