package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Refused;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.flow.Flow;
import dev.pawl.graph.Graph;
import dev.pawl.job.Job;
import dev.pawl.spi.Policy;
import dev.pawl.spi.Program;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies at the four points, and people who approve. */
class PolicyTest {

    private static final Json INPUT = new Json("1");
    private static final String HASH = "0123456789abcdef".repeat(4);

    private final List<String> asked = new ArrayList<>();
    private final List<String> done = new ArrayList<>();

    /** Answers by what stands in the document. */
    private Policy policy(String part, Policy.Answer answer) {
        return new Policy() {
            @Override
            public String hash() {
                return HASH;
            }

            @Override
            public Decision decide(Json document) {
                asked.add(document.text());
                return document.text().contains(part)
                        ? new Decision(answer, List.of("it says so"))
                        : new Decision(Answer.ALLOW, List.of());
            }
        };
    }

    private final Job<Integer, String> job = Job.define("pay", Integer.class, String.class, (job, n) -> {
        job.call("look", String.class, () -> {
            done.add("look");
            return "seen";
        });
        return job.call("charge", new Amount(500), String.class, amount -> {
            done.add("charge");
            return "charged " + amount.amount();
        });
    });

    record Amount(int amount) {}

    private static HandDriven worker(Stage stage, Policy policy, Program... programs) {
        return new HandDriven(stage.store, stage.clock, List.of(programs), WorkerSettings.DEFAULT, policy);
    }

    private static void approve(Stage stage, RunId run, boolean approved) {
        var unused = stage.ask(pawl -> {
            pawl.approve(run, approved, "ann", "looked at it");
            return true;
        });
    }

    @ParameterizedTest
    @EnumSource
    void an_effect_that_is_denied_does_not_happen_and_fails_the_run(Database database) {
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"amount\":500", Policy.Answer.DENY), job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            assertThat(done).containsExactly("look");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.POLICY);
            assertThat(stage.problem(run).message())
                    .isEqualTo("The policy denies \"charge\" in task job[0]: it says so (policy 0123456789ab).");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_effect_that_wants_approval_waits_and_then_happens_once(Database database) {
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"amount\":500", Policy.Answer.APPROVAL), job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            assertThat(done).containsExactly("look");
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(stage.store.run(run).orElseThrow().run().reason()).isEqualTo(Reason.APPROVAL);
            var question = stage.ask(pawl -> pawl.questions(run)).getFirst().effect();
            assertThat(String.valueOf(question.request())).contains("\"request\":{\"amount\":500}");
            assertThat(stage.problem(run).message())
                    .isEqualTo("The policy wants somebody to approve \"charge\" in task job[0]:"
                            + " it says so (policy 0123456789ab).");
            approve(stage, run, true);
            worker.drain();
            assertThat(done).containsExactly("look", "charge");
            assertThat(worker.output(run)).isEqualTo(Stage.json("charged 500"));
            assertThat(stage.told(run, "approval.given"))
                    .containsExactly("{\"name\":\"charge\",\"actor\":\"ann\",\"comment\":\"looked at it\"}");
        }
    }

    /** Nobody approves ten and pays ten thousand. */
    @ParameterizedTest
    @EnumSource
    void an_approval_is_for_what_was_asked_and_for_nothing_else(Database database) {
        var greedy = Job.define("pay", Integer.class, String.class, (job, n) -> {
            var amount = new Amount(job.attempt() == 1 ? 500 : 5_000);
            return job.call("charge", amount, String.class, asked -> {
                done.add("charge");
                return "charged " + asked.amount();
            });
        });
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"amount\":500", Policy.Answer.APPROVAL), greedy);
            var run = worker.submit(greedy, INPUT);
            worker.drain();
            approve(stage, run, true);
            worker.drain();
            assertThat(done).isEmpty();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.DIVERGED);
            assertThat(stage.problem(run).message()).contains("Something else was approved", "5000");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_a_person_refuses_fails_the_run_and_never_happens(Database database) {
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"amount\":500", Policy.Answer.APPROVAL), job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            approve(stage, run, false);
            worker.drain();
            assertThat(done).containsExactly("look");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("ann refused: looked at it");
            assertThat(stage.told(run, "approval.refused")).hasSize(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_journal_is_the_same_with_and_without_a_policy(Database database) {
        try (var stage = new Stage(database)) {
            var with = worker(stage, policy("nothing", Policy.Answer.DENY), job);
            var first = with.submit(job, INPUT);
            with.drain();
            var without = stage.worker(job);
            var second = without.submit(job, INPUT);
            without.drain();
            assertThat(stage.journal(first)).isEqualTo(stage.journal(second));
        }
    }

    @ParameterizedTest
    @EnumSource
    void each_decision_is_kept_with_the_hash_of_the_policy(Database database) {
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("nothing", Policy.Answer.DENY), job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            for (int place : List.of(Effect.GATE_BEFORE, Effect.GATE_AFTER, Effect.gate(0), Effect.gate(1))) {
                var kept = stage.store
                        .effects(stage.task(run, "job", 0).key(), place, 1)
                        .getFirst();
                assertThat(kept.ordinal()).isEqualTo(place);
                assertThat(kept.request())
                        .isEqualTo(new Json("{\"policy\":\"" + HASH + "\",\"answer\":\"ALLOW\",\"reasons\":[]}"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_task_is_asked_about_before_its_code_runs(Database database) {
        var flow = Flow.define(
                "plain",
                Integer.class,
                (f, n) -> f.step("work", Integer.class, n, value -> {
                    done.add("work");
                    return value + 1;
                }));
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"point\":\"before\"", Policy.Answer.APPROVAL), flow);
            var run = worker.submit(flow, INPUT);
            worker.drain();
            assertThat(done).isEmpty();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            approve(stage, run, true);
            worker.drain();
            assertThat(done).containsExactly("work");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** What other engines do again once somebody has approved, is not done again here. */
    @ParameterizedTest
    @EnumSource
    void what_waits_behind_the_gate_after_a_task_is_not_done_again(Database database) {
        var flow = Flow.define(
                "plain",
                Integer.class,
                (f, n) -> f.map(
                        "each",
                        Integer.class,
                        f.list("split", Integer.class, n, value -> {
                            done.add("split");
                            return List.of(value, value + 1);
                        }),
                        value -> value * 2));
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"output\":[1,2]", Policy.Answer.APPROVAL), flow);
            var run = worker.submit(flow, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(stage.problem(run).message())
                    .startsWith("The policy wants somebody to approve what task split[0] gave back");
            approve(stage, run, true);
            worker.drain();
            assertThat(done).containsExactly("split");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.store.tasks(run, "each", 0, 10)).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_of_a_graph_waits_behind_the_gate_with_its_facts(Database database) {
        var graph = Graph.define("counted", Amount.class, g -> {
            var count = g.node("count", (state, io) -> {
                done.add("count");
                return new Amount(state.amount() + 1);
            });
            g.start(count);
            count.when(state -> state.amount() < 2, count).otherwiseEnd();
        });
        try (var stage = new Stage(database)) {
            var worker = worker(stage, policy("\"output\":{\"amount\":1}", Policy.Answer.APPROVAL), graph);
            var run = worker.submit(graph, new Json("{\"amount\":0}"));
            worker.drain();
            approve(stage, run, true);
            worker.drain();
            assertThat(done).containsExactly("count", "count");
            assertThat(worker.output(run)).isEqualTo(new Json("{\"amount\":2}"));
        }
    }

    // ---- submitting -----------------------------------------------------------------------------------------------

    private Pawl pawl(Stage stage, Policy policy) {
        return Pawl.over(Database.open(stage.url), Settings.CLIENT.policy(policy), List.of(job));
    }

    /** E15: a blocked program is denied. */
    @ParameterizedTest
    @EnumSource
    void a_run_that_is_denied_is_not_submitted(Database database) {
        try (var stage = new Stage(database);
                var pawl = pawl(stage, policy("\"name\":\"job:pay\"", Policy.Answer.DENY))) {
            assertThatThrownBy(() -> pawl.submit(job, 1, Submit.NOW.by("bob")))
                    .isInstanceOf(Failure.Policy.class)
                    .hasMessage("The policy denies a run of job:pay: it says so (policy 0123456789ab).");
            assertThat(pawl.list(new dev.pawl.spi.Store.RunFilter(null, null, null, 10)))
                    .isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_wants_approval_begins_when_somebody_has_approved(Database database) {
        try (var stage = new Stage(database);
                var pawl = pawl(stage, policy("\"team\":\"red\"", Policy.Answer.APPROVAL))) {
            var run = pawl.submit(job, 1, Submit.NOW.by("bob").label("team", "red"))
                    .id();
            var worker = stage.worker(job);
            worker.drain();
            assertThat(done).isEmpty();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(asked.getFirst()).contains("\"actor\":\"bob\",\"labels\":{\"team\":\"red\"}", "\"input\":1");
            approve(stage, run, true);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_refused_has_failed_and_did_nothing(Database database) {
        try (var stage = new Stage(database);
                var pawl = pawl(stage, policy("job:pay", Policy.Answer.APPROVAL))) {
            var run = pawl.submit(job, 1).id();
            approve(stage, run, false);
            stage.worker(job).drain();
            assertThat(done).isEmpty();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("ann refused the run: looked at it");
        }
    }

    // ---- when it is broken ----------------------------------------------------------------------------------------

    /** E15: a policy that fails denies. */
    @ParameterizedTest
    @EnumSource
    void a_policy_that_has_no_answer_denies(Database database) {
        var broken = new Policy() {
            @Override
            public String hash() {
                return HASH;
            }

            @Override
            public Decision decide(Json document) {
                throw new IllegalStateException("undefined");
            }
        };
        try (var stage = new Stage(database);
                var pawl = pawl(stage, broken)) {
            assertThatThrownBy(() -> pawl.submit(job, 1))
                    .isInstanceOf(Failure.Policy.class)
                    .hasMessageContaining("the policy has no answer: java.lang.IllegalStateException: undefined");
        }
    }

    /** E15: no policy allows everything. */
    @ParameterizedTest
    @EnumSource
    void without_a_policy_everything_is_allowed(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    // ---- people whom code asks ------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void code_may_ask_a_person_and_goes_on_with_the_answer(Database database) {
        var asking = Job.define("asking", Integer.class, String.class, (job, n) -> {
            job.call("before", () -> {
                done.add("before");
            });
            var said = job.approval("refund", new Amount(n));
            return said.approved() + " by " + said.by() + ": " + said.comment();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(asking);
            var yes = worker.submit(asking, INPUT);
            var no = worker.submit(asking, INPUT);
            worker.drain();
            assertThat(stage.status(yes)).isEqualTo(RunStatus.BLOCKED);
            var question = stage.ask(pawl -> pawl.questions(yes)).getFirst().effect();
            assertThat(question.name()).isEqualTo("refund");
            assertThat(question.request()).isEqualTo(new Json("{\"request\":{\"amount\":1}}"));
            approve(stage, yes, true);
            approve(stage, no, false);
            worker.drain();
            assertThat(worker.output(yes)).isEqualTo(Stage.json("true by ann: looked at it"));
            assertThat(worker.output(no)).isEqualTo(Stage.json("false by ann: looked at it"));
            assertThat(done).containsExactly("before", "before");
        }
    }

    private static Graph<Amount> impatient() {
        return Graph.define("impatient", Amount.class, g -> {
            g.deadline(Duration.ofDays(2));
            var ask = g.node(
                    "ask",
                    (state, io) -> new Amount(io.approval("refund", state).approved() ? 1 : 0));
            g.start(ask);
            ask.end();
        });
    }

    @ParameterizedTest
    @EnumSource
    void nobody_is_waited_for_longer_than_the_deadline(Database database) {
        var graph = impatient();
        try (var stage = new Stage(database)) {
            var run = stage.ask(pawl -> pawl.submit(graph, new Amount(7)).id(), graph);
            var worker = stage.worker(graph);
            worker.drain();
            stage.pass(Duration.ofDays(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            stage.pass(Duration.ofDays(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("The run did not end before its deadline.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_approves_in_time_is_heard_before_the_deadline(Database database) {
        var graph = impatient();
        try (var stage = new Stage(database)) {
            var run = stage.ask(pawl -> pawl.submit(graph, new Amount(7)).id(), graph);
            var worker = stage.worker(graph);
            worker.drain();
            approve(stage, run, true);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("{\"amount\":1}"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void who_answers_what_nobody_asked_is_told_so(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, INPUT);
            assertThatThrownBy(() -> approve(stage, run, true))
                    .isInstanceOf(Refused.class)
                    .hasMessage("Run " + run + " has nothing that somebody has to approve.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void runs_are_found_by_their_labels(Database database) {
        try (var stage = new Stage(database);
                var pawl = pawl(stage, policy("nothing", Policy.Answer.DENY))) {
            var red = pawl.submit(job, 1, Submit.NOW.label("team", "red_%").label("area", "x"))
                    .id();
            var unused = pawl.submit(job, 1, Submit.NOW.label("team", "redxx")).id();
            var found = pawl.list(
                    new dev.pawl.spi.Store.RunFilter(null, null, java.util.Map.entry("team", "red_%"), null, 10));
            assertThat(found).hasSize(1);
            assertThat(Objects.requireNonNull(found.getFirst().labels()).text())
                    .isEqualTo("{\"area\":\"x\",\"team\":\"red_%\"}");
            assertThat(found.getFirst().id()).isEqualTo(red);
        }
    }

    @ParameterizedTest
    @EnumSource
    void runs_that_a_run_starts_have_its_labels(Database database) throws Exception {
        var parent = Job.define("parent", Integer.class, String.class, (io, n) -> io.run(job, n));
        try (var pawl = Pawl.open(database.url(), job, parent)) {
            var run = pawl.submit(parent, 1, Submit.NOW.label("team", "red"));
            assertThat(run.await(Duration.ofSeconds(60))).isEqualTo("charged 500");
            assertThat(pawl.children(run.id(), 10).getFirst().labels()).isEqualTo(new Json("{\"team\":\"red\"}"));
        }
    }
}
