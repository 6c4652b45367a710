package dev.pawl;

import static dev.pawl.job.Branch.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Branch;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several things at once: they overlap, and a replay takes the way that the first run took. */
class JobParallelTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);
    private final CountDownLatch interrupted = new CountDownLatch(1);

    private final Job<Integer, Integer> patient =
            Job.define("patient", Integer.class, Integer.class, (job, n) -> n + job.await("go", Integer.class));

    private final Job<Integer, Integer> twice = Job.define("twice", Integer.class, Integer.class, (job, n) -> 2 * n);

    private Branch<String> quick(String name) {
        return call(name, String.class, () -> {
            done.add(name);
            return name;
        });
    }

    private Branch<String> failing(String name) {
        return call(name, String.class, () -> {
            done.add(name);
            throw new IOException(name + " broke");
        });
    }

    private Branch<String> stuck(String name) {
        return call(name, String.class, () -> {
            done.add(name);
            try {
                never.await();
            } catch (InterruptedException stopped) {
                interrupted.countDown();
                throw stopped;
            }
            return name;
        });
    }

    private interface Body {
        Object run(JobContext job) throws Exception;
    }

    /** Does it, sleeps for an hour, and gives back what it came to, in words. */
    private Job<Integer, String> job(Body body) {
        return Job.define("parallel", Integer.class, String.class, (job, n) -> {
                    String end;
                    try {
                        end = String.valueOf(body.run(job));
                    } catch (Exception e) {
                        end = e.getClass().getSimpleName() + " " + e.getMessage();
                    }
                    job.sleep(HOUR);
                    return end;
                })
                .retry(Retry.never());
    }

    private void endsAs(Database database, Job<Integer, String> program, String end, String... calls) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient, twice);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json(end));
            assertThat(done).containsExactlyInAnyOrder(calls);
        }
    }

    // ---- all -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void branches_overlap_and_their_outputs_stand_in_their_order(Database database) {
        var together = new CyclicBarrier(3);
        endsAs(
                database,
                job(job -> job.all(List.of(
                        call("a", String.class, () -> "a" + (together.await(30, TimeUnit.SECONDS) & 0)),
                        call("b", String.class, () -> "b" + (together.await(30, TimeUnit.SECONDS) & 0)),
                        call("c", String.class, () -> "c" + (together.await(30, TimeUnit.SECONDS) & 0))))),
                "[a0, b0, c0]");
    }

    @ParameterizedTest
    @EnumSource
    void all_of_nothing_is_nothing_and_null_keeps_its_place(Database database) {
        endsAs(
                database,
                job(job -> Arrays.asList(
                        job.all(List.of()), job.all(List.of(quick("a"), call("n", String.class, () -> null))))),
                "[[], [a, null]]",
                "a");
    }

    @ParameterizedTest
    @EnumSource
    void all_throws_what_the_first_in_order_threw_when_all_have_ended(Database database) {
        endsAs(
                database,
                job(job -> job.all(List.of(quick("a"), failing("b"), quick("c"), failing("d")))),
                "IOException b broke",
                "a",
                "b",
                "c",
                "d");
    }

    @ParameterizedTest
    @EnumSource
    void only_the_branch_that_failed_is_tried_again(Database database) {
        var tries = new AtomicInteger();
        var program = Job.define(
                        "retried",
                        Integer.class,
                        String.class,
                        (job, n) -> String.join(
                                "",
                                job.all(List.of(
                                        quick("a"),
                                        call("shaky", String.class, () -> {
                                            if (tries.incrementAndGet() < 3) throw new Failure.Transient("not yet");
                                            return "s";
                                        }),
                                        quick("c")))))
                .retry(Retry.times(3).base(HOUR).cap(HOUR).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.journal(run))
                    .containsExactly("0 call a APPLIED", "1 call shaky BEGUN", "2 call c APPLIED");
            assertThat(stage.task(run, "job", 0).wakeAt()).isEqualTo(stage.clock.now() + HOUR.toMillis());
            stage.pass(HOUR.minusMillis(1), worker);
            assertThat(tries).hasValue(1);
            stage.pass(Duration.ofMillis(1), worker);
            stage.pass(HOUR, stage.worker(program));
            assertThat(worker.output(run)).isEqualTo(Stage.json("asc"));
            assertThat(done).containsExactlyInAnyOrder("a", "c");
        }
    }

    /** A branch that has ended is done with, however long the others take and whatever becomes of the worker. */
    @ParameterizedTest
    @EnumSource
    void what_a_branch_gave_back_is_on_disk_while_others_still_run(Database database) throws Exception {
        var program = Job.define(
                        "long",
                        Integer.class,
                        Integer.class,
                        (job, n) -> job.all(List.of(quick("a"), stuck("b"))).size())
                .retry(Retry.never());
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var run = pawl.submit(program, 1).id();
            await().atMost(Duration.ofSeconds(10))
                    .until(() -> pawl.store()
                                    .effects(new TaskKey(run, "job", 0), 0, 10)
                                    .size()
                            == 1);
            fleet.close(pawl);
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
            never.countDown();
            var other = fleet.open(program);
            assertThat(other.handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("2"));
            assertThat(done).containsExactlyInAnyOrder("a", "b", "b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void calls_and_children_go_on_beside_each_other(Database database) {
        var program = Job.define("mixed", Integer.class, String.class, (job, n) -> {
            var one = job.start(twice, 1);
            var two = job.start(patient, 2);
            List<Branch<? extends Object>> branches = List.of(quick("a"), one, two, quick("b"));
            return job.all(branches).toString();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, twice, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.journal(run))
                    .containsExactly(
                            "0 start job:twice APPLIED",
                            "1 start job:patient APPLIED",
                            "2 call a APPLIED",
                            "3 ended job:twice APPLIED",
                            "4 ended job:patient BEGUN",
                            "5 call b APPLIED");
            worker.signal(stage.store.children(run, 10).get(1).id(), "go", new Json("40"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("[a, 2, 42, b]"));
            assertThat(done).containsExactlyInAnyOrder("a", "b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_branch_that_needs_somebody_blocks_the_run_and_the_others_are_kept(Database database) {
        var allowed = new AtomicInteger();
        var program = job(job -> job.all(List.of(quick("a"), call("login", String.class, () -> {
            if (allowed.get() == 0) throw new Failure.Auth("token expired");
            return "in";
        }))));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.AUTH);
            allowed.set(1);
            worker.command(run, Verb.RESUME);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("[a, in]"));
        }
    }

    // ---- the first -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void the_first_to_succeed_wins_and_the_others_are_stopped(Database database) throws Exception {
        var program = job(job -> job.any(List.of(stuck("a"), failing("b"), quick("c"))));
        endsAs(database, program, "c", "a", "b", "c");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void any_throws_what_the_last_one_threw_if_all_fail(Database database) {
        endsAs(database, job(job -> job.any(List.of(failing("a"), failing("b")))), "IOException b broke", "a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void the_first_to_end_wins_a_race_also_by_failing(Database database) throws Exception {
        endsAs(database, job(job -> job.race(List.of(stuck("a"), failing("b")))), "IOException b broke", "a", "b");
        assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void a_race_of_nobody_is_a_mistake(Database database) {
        endsAs(
                database,
                job(job -> job.race(List.<Branch<String>>of())),
                "IllegalArgumentException job.race needs at least one branch.");
    }

    /** Who won is on disk before anything follows from it; what comes after stands where it stood. */
    @ParameterizedTest
    @EnumSource
    void the_winner_stays_the_winner_after_a_crash(Database database) {
        var program = Job.define("winner", Integer.class, String.class, (job, n) -> {
            String winner = job.any(List.of(failing("a"), quick("b"), stuck("c"), stuck("d")));
            return winner
                    + job.call("after", String.class, () -> "!")
                    + job.now().toEpochMilli();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.die(worker);
            stage.worker(program).drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("b!" + (1_800_000_000_000L + 10_000)));
            assertThat(done).containsOnlyOnce("b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_call_that_wins_against_a_child_cancels_it(Database database) {
        var program = Job.define("call-wins", Integer.class, String.class, (job, n) -> {
            var child = job.start(patient, n);
            List<Branch<? extends Object>> branches = List.of(child, quick("call"));
            var won = job.any(branches);
            job.sleep(HOUR);
            return won.toString();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var child = stage.store.children(run, 10).getFirst();
            assertThat(child.status()).isEqualTo(RunStatus.CANCELLED);
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("call"));
            assertThat(stage.story(run)).endsWith("run.succeeded");
        }
    }

    /** Wherever the worker dies. */
    @ParameterizedTest
    @EnumSource
    void who_won_and_the_end_of_those_who_did_not_are_one_transaction(Database database) {
        var program = Job.define("call-wins", Integer.class, String.class, (job, n) -> {
            var child = job.start(patient, n);
            List<Branch<? extends Object>> branches = List.of(child, quick("call"));
            var won = job.any(branches);
            job.call("after", () -> {});
            return won.toString();
        });
        try (var stage = new Stage(database)) {
            var crashing = new CrashingStore(stage.store);
            for (int write = 1; write <= 12; write++) {
                var worker = new HandDriven(crashing.store(), stage.clock, List.of(program, patient));
                var run = worker.submit(program, INPUT);
                crashing.plan(write, CrashingStore.How.AFTER);
                try {
                    worker.drain();
                } catch (Crash died) {
                    assertThat(died).hasMessage("after write " + write);
                }
                crashing.behave();
                stage.pass(Duration.ofSeconds(10), stage.worker(program, patient));
                assertThat(worker.output(run)).as("write %d", write).isEqualTo(Stage.json("call"));
                assertThat(stage.store.children(run, 10))
                        .extracting(RunDetails::status)
                        .containsExactly(RunStatus.CANCELLED);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_child_that_wins_against_a_call_stops_it(Database database) throws Exception {
        var program = Job.define("child-wins", Integer.class, String.class, (job, n) -> {
            var child = job.start(twice, n);
            List<Branch<? extends Object>> branches = List.of(stuck("call"), child);
            return job.race(branches).toString();
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program, twice);
            assertThat(pawl.submit(program, 4).await(Fleet.PATIENCE)).isEqualTo("8");
            assertThat(interrupted.await(10, TimeUnit.SECONDS)).isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_first_of_several_children_wins_without_holding_a_thread(Database database) {
        var program = Job.define("children", Integer.class, Integer.class, (job, n) -> {
            var first = job.start(patient, 1);
            var second = job.start(patient, 2);
            return job.any(List.of(first, second));
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var children = stage.store.children(run, 10);
            worker.signal(children.get(1).id(), "go", new Json("40"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("42"));
            assertThat(stage.status(children.get(0).id())).isEqualTo(RunStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_branch_may_be_tried_again_while_it_can_still_win(Database database) {
        var tries = new AtomicInteger();
        var program = Job.define(
                        "second-chance",
                        Integer.class,
                        String.class,
                        (job, n) -> job.any(List.of(
                                call("shaky", String.class, () -> {
                                    if (tries.incrementAndGet() < 2) throw new Failure.Transient("not yet");
                                    return "late";
                                }),
                                failing("b"))))
                .retry(Retry.times(2).base(HOUR).cap(HOUR).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("late"));
        }
    }

    /** The positions of branches that lost have no effect; there may be more of them than fit on a page. */
    @ParameterizedTest
    @EnumSource
    void a_race_with_more_branches_than_a_page_of_the_journal_is_replayed(Database database) {
        var program = Job.define("crowd", Integer.class, Integer.class, (job, n) -> {
            for (int i = 0; i < 498; i++) job.call("before", () -> {});
            var branches = new ArrayList<Branch<Integer>>();
            for (int i = 0; i < 700; i++) branches.add(call("b", Integer.class, () -> 7));
            int won = job.any(branches);
            job.call("after", () -> done.add("after"));
            job.sleep(HOUR);
            return won;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(new Json("7"));
            assertThat(done).containsExactly("after");
        }
    }
}
