package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Verdict;
import dev.pawl.flow.Exhausted;
import dev.pawl.flow.FailureMode;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A parent, its children, and what they wait for, step by step on a clock that stands still. */
class FanOutTest {

    private static final Json INPUT = new Json("[1,2,3]");

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final List<Integer> failing = new ArrayList<>();
    private final Retry twice = Retry.times(2).base(Duration.ofSeconds(1)).jitter(0);

    private final Flow<List<Integer>, Integer> fanOut = Flow.defineList("fan-out", Integer.class, (f, numbers) -> {
        var children = f.map("child", Integer.class, numbers, this::work).retry(Retry.never());
        return f.step("sum", Integer.class, children, FanOutTest::sum);
    });

    private Store store;

    private HandDriven worker(Database database, Program program) {
        if (store == null) store = Database.open(database.url());
        return new HandDriven(store, clock, List.of(program));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private int work(int number) {
        if (failing.contains(number)) throw new IllegalStateException("no " + number);
        return 10 * number;
    }

    private static int sum(List<Integer> all) {
        return all.stream().mapToInt(Integer::intValue).sum();
    }

    private List<TaskStatus> statuses(RunId run) {
        return store.tasks(run, null, 0, 100).stream()
                .map(task -> task.task().status())
                .toList();
    }

    /** O1, O2, O3, O16: fanned out, done, brought together. */
    @ParameterizedTest
    @EnumSource
    void a_run_with_children_succeeds_when_all_of_them_have(Database database) {
        var worker = worker(database, fanOut);
        var run = worker.submit(fanOut, INPUT);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.output(run)).isEqualTo(new Json("60"));
        assertThat(store.tasks(run, null, 0, 100))
                .extracting(task -> task.task().key().label())
                .containsExactly("child[0]", "child[1]", "child[2]", "sum[0]");
    }

    /** O4, P15, P32: some of them are not enough. */
    @ParameterizedTest
    @EnumSource
    void what_waits_for_a_map_waits_for_its_last_task(Database database) {
        var worker = worker(database, fanOut);
        var run = worker.submit(fanOut, INPUT);
        worker.step();
        worker.step();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.RUNNING);
        assertThat(statuses(run)).containsExactly(TaskStatus.SUCCEEDED, TaskStatus.SUCCEEDED, TaskStatus.READY);
        worker.step();
        assertThat(store.tasks(run, "sum", 0, 1)).hasSize(1);
    }

    /** O5, O6, O7: the others are waited for if the flow says so, and the reason is the child's. */
    @ParameterizedTest
    @EnumSource
    void a_failed_child_fails_its_run(Database database) {
        failing.add(1);
        var patient = fanOut.failure(FailureMode.WAIT_ALL);
        var worker = worker(database, patient);
        var run = worker.submit(patient, INPUT);
        worker.drain();
        var details = worker.details(run);
        assertThat(details.status()).isEqualTo(RunStatus.FAILED);
        assertThat(String.valueOf(details.problem())).contains("Step \\\"child\\\" failed at element 0: no 1");
    }

    /** O8: nobody waits for a cancelled child for ever. */
    @ParameterizedTest
    @EnumSource
    void cancelling_a_run_cancels_its_children_and_leaves_nothing_open(Database database) {
        var worker = worker(database, fanOut);
        var run = worker.submit(fanOut, INPUT);
        worker.step();
        worker.claim(1);
        worker.command(run, Verb.CANCEL);
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(statuses(run)).containsExactly(TaskStatus.SUCCEEDED, TaskStatus.CANCELLED, TaskStatus.CANCELLED);
        assertThat(worker.claim(10)).isEmpty();
    }

    /** O9, O10, O11, P47: each within its own budget. */
    @ParameterizedTest
    @EnumSource
    void steps_with_different_budgets_are_retried_each_within_its_own(Database database) {
        failing.addAll(List.of(1, 2));
        var flow = Flow.define("budgets", Integer.class, (f, number) -> {
                    var once =
                            f.step("once", Integer.class, number, n -> work(1)).retry(Retry.never());
                    var two =
                            f.step("twice", Integer.class, number, n -> work(2)).retry(twice);
                    return f.step("sum", Integer.class, once, two, Integer::sum);
                })
                .failure(FailureMode.WAIT_ALL);
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("0"));
        worker.drain();
        assertThat(statuses(run)).containsExactly(TaskStatus.FAILED, TaskStatus.READY);
        clock.advance(Duration.ofSeconds(1));
        worker.drain();
        assertThat(store.tasks(run, null, 0, 10))
                .extracting(task -> task.task().attempt())
                .containsExactly(1, 2);
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.FAILED);
    }

    /** O12. */
    @ParameterizedTest
    @EnumSource
    void a_new_task_has_no_attempts_no_problem_and_three_tries(Database database) {
        var flow = Flow.defineList("plain", Integer.class, (f, numbers) -> f.map("m", Integer.class, numbers, n -> n));
        var worker = worker(database, flow);
        var run = worker.submit(flow, INPUT);
        assertThat(store.tasks(run, null, 0, 10))
                .hasSize(3)
                .allMatch(task -> task.task().attempt() == 0)
                .allMatch(task -> task.problem() == null && task.output() == null && task.startedAt() == null);
        assertThat(flow.options("m").retry().maxAttempts()).isEqualTo(3);
    }

    /** P17: what runs or has ended is nobody else's. */
    @ParameterizedTest
    @EnumSource
    void only_waiting_tasks_are_claimed(Database database) {
        var worker = worker(database, fanOut);
        worker.submit(fanOut, INPUT);
        worker.step();
        assertThat(worker.claim(1)).hasSize(1);
        assertThat(worker.claim(10)).hasSize(1);
        assertThat(worker.claim(10)).isEmpty();
    }

    /** P25, P37: an end of a task that nobody claimed writes nothing. */
    @ParameterizedTest
    @EnumSource
    void a_task_that_was_never_claimed_cannot_be_ended(Database database) {
        var worker = worker(database, fanOut);
        var run = worker.submit(fanOut, INPUT);
        var claims = worker.claim(1);
        var unclaimed = store.tasks(run, null, 1, 1).getFirst().task();
        var forged = new Tx.Claim(unclaimed, claims.getFirst().run(), null);
        var done = new Verdict.Ended(new Outcome.Succeeded(Payload.inline(new Json("666")), -1));
        assertThat(worker.end(forged, done)).isFalse();
        assertThat(store.tasks(run, null, 0, 10))
                .extracting(TaskDetails::output)
                .containsOnlyNulls();
    }

    /** P74, P76, X12: within its lease a task is its worker's; afterwards it is taken over, and the loss is counted. */
    @ParameterizedTest
    @EnumSource
    void a_task_whose_worker_is_silent_is_taken_over_when_its_lease_ends(Database database) {
        var worker = worker(database, fanOut);
        var run = worker.submit(fanOut, new Json("[1]"));
        var silent = worker.claim(1).getFirst();
        clock.advance(Duration.ofSeconds(4).minusMillis(1));
        assertThat(worker(database, fanOut).claim(1)).isEmpty();
        clock.advance(Duration.ofMillis(1));
        var taken = worker(database, fanOut).claim(1).getFirst();
        assertThat(taken.lostBy()).isEqualTo(silent.task().worker());
        assertThat(taken.task().attempt()).isEqualTo(2);
        assertThat(worker.claim(1)).isEmpty();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.RUNNING);
    }

    /** P75, probe E: the older system left such a step open for ever. */
    @ParameterizedTest
    @EnumSource
    void a_step_that_stalls_too_often_ends_as_it_says(Database database) {
        var flow = Flow.define("stalling", Integer.class, (f, number) -> {
            var deadly =
                    f.step("deadly", Integer.class, number, n -> n).retry(twice).onExhausted(Exhausted.SKIP);
            return f.step("after", String.class, deadly.optional(), n -> "after " + n);
        });
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("7"));
        for (int died = 0; died < 4; died++) {
            assertThat(worker(database, flow).claim(1)).hasSize(1);
            clock.advance(Duration.ofSeconds(6));
        }
        worker.drain();
        assertThat(worker.output(run)).isEqualTo(new Json("\"after Optional.empty\""));
        assertThat(String.valueOf(store.tasks(run, "deadly", 0, 1).getFirst().problem()))
                .contains("STALLED")
                .contains("died 4 times");
    }

    /** Trying again cannot help, so the attempts that are left are not used. */
    @ParameterizedTest
    @EnumSource
    void a_logical_failure_is_not_tried_again(Database database) {
        var flow = Flow.define(
                "logical",
                Integer.class,
                (f, number) -> f.step("bad", Integer.class, number, n -> {
                    throw new Failure.Logic("never");
                }));
        var worker = worker(database, flow);
        var run = worker.submit(flow, new Json("7"));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(store.tasks(run, null, 0, 1).getFirst().task().attempt()).isEqualTo(1);
    }
}
