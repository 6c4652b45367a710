package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Supervision.OnStall;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.spi.StoreException;
import java.sql.DriverManager;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Objects;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of jobs that hang, whose workers die, or that somebody wants to stop. */
class SupervisionTest {

    private static final Json INPUT = new Json("1");
    private static final Duration STALE = Duration.ofMillis(600);

    private final AtomicInteger begun = new AtomicInteger();
    private final ConcurrentLinkedQueue<Object> seen = new ConcurrentLinkedQueue<>();
    private final CountDownLatch never = new CountDownLatch(1);

    private interface Body {
        Object run(JobContext job, int attempt) throws Exception;
    }

    private Job<Integer, String> job(Body body) {
        return Job.define(
                        "watched",
                        Integer.class,
                        String.class,
                        (job, n) -> String.valueOf(body.run(job, begun.incrementAndGet())))
                .retry(Retry.never());
    }

    /** A worker that looks every few milliseconds. */
    private static Pawl watching(Fleet fleet, Job<?, ?> program) {
        return fleet.worker(worker -> worker.lease(Duration.ofMillis(600)).poll(Duration.ofMillis(50)), program);
    }

    private static Problem failure(Handle<?> handle) {
        var failure = new ArrayList<Problem>();
        assertThatThrownBy(() -> handle.await(Fleet.PATIENCE))
                .isInstanceOfSatisfying(
                        RunFailed.class,
                        failed -> failure.add(Problem.parse(Objects.requireNonNull(failed.problem()))));
        return failure.getFirst();
    }

    private static Task task(Pawl pawl, RunId run) {
        return pawl.store().tasks(run, "job", 0, 1).getFirst().task();
    }

    // ---- bodies that hang ----------------------------------------------------------------------------------------

    /** R9, R12: stale is who gives no sign of life; it goes on from its checkpoint, and no attempt is spent. */
    @ParameterizedTest
    @EnumSource
    void a_body_that_hangs_is_taken_up_again_from_its_checkpoint(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    int at = job.checkpoint(Integer.class).orElse(0);
                    seen.add(at);
                    job.checkpoint(at + 1);
                    if (attempt == 1) never.await();
                    return "done";
                })
                .staleAfter(STALE);
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("done");
            assertThat(seen).containsExactly(0, 1);
            assertThat(task(pawl, handle.id()).stalls()).isEqualTo(1);
            assertThat(task(pawl, handle.id()).spent()).isEqualTo(1);
            assertThat(Fleet.story(pawl, handle.id())).contains("task.stalled job[0]");
        }
    }

    /** R10. */
    @ParameterizedTest
    @EnumSource
    void a_body_that_hangs_without_a_checkpoint_fails(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    never.await();
                    return "";
                })
                .staleAfter(STALE);
        try (var fleet = new Fleet(database)) {
            var problem = failure(watching(fleet, program).submit(program, 1));
            assertThat(problem.failureClass()).isEqualTo(FailureClass.STALLED);
            assertThat(problem.message()).contains("no checkpoint available");
            assertThat(begun).hasValue(1);
        }
    }

    /** R11. */
    @ParameterizedTest
    @EnumSource
    void the_fourth_time_that_it_hangs_is_once_too_often(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    job.checkpoint(attempt);
                    never.await();
                    return "";
                })
                .staleAfter(STALE);
        try (var fleet = new Fleet(database)) {
            var problem = failure(watching(fleet, program).submit(program, 1));
            assertThat(problem.failureClass()).isEqualTo(FailureClass.STALLED);
            assertThat(problem.message()).contains("max recovery attempts exceeded");
            assertThat(begun).hasValue(4);
        }
    }

    /** R13. */
    @ParameterizedTest
    @EnumSource
    void a_run_that_was_forgiven_can_be_recovered_as_often_as_at_first(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    job.checkpoint(attempt);
                    if (attempt == 3) return "done";
                    never.await();
                    return "";
                })
                .staleAfter(STALE)
                .recoveries(1)
                .onStall(OnStall.PAUSE);
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            for (int i = 0; i < 2; i++) {
                await().atMost(Fleet.PATIENCE).until(() -> pawl.run(handle.id()).status() == RunStatus.PAUSED);
                assertThat(task(pawl, handle.id()).stalls()).isEqualTo(1);
                pawl.forgive(handle.id(), "ann", "it was my fault");
                assertThat(task(pawl, handle.id()).stalls()).isZero();
                assertThat(task(pawl, handle.id()).spent()).isZero();
                pawl.resume(handle.id(), "ann", "");
            }
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("done");
            assertThat(Fleet.story(pawl, handle.id())).contains("run.forgiven");
        }
    }

    /** R9: held with its checkpoint until somebody looks. */
    @ParameterizedTest
    @EnumSource
    void a_body_that_hangs_can_be_paused_for_a_person(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    int at = job.checkpoint(Integer.class).orElse(0);
                    job.checkpoint(at + 1);
                    if (attempt == 1) never.await();
                    return "from " + at;
                })
                .staleAfter(STALE)
                .onStall(OnStall.PAUSE);
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            await().atMost(Fleet.PATIENCE).until(() -> pawl.run(handle.id()).status() == RunStatus.PAUSED);
            assertThat(pawl.run(handle.id()).detail()).isEqualTo("Pawl: It gave no sign of life for " + STALE + ".");
            assertThat(pawl.store().effects(new TaskKey(handle.id(), "job", 0), -1, 1))
                    .hasSize(1);
            pawl.resume(handle.id(), "ann", "");
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("from 1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_body_that_hangs_can_be_failed(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    job.checkpoint(1);
                    never.await();
                    return "";
                })
                .staleAfter(STALE)
                .onStall(OnStall.FAIL);
        try (var fleet = new Fleet(database)) {
            var problem = failure(watching(fleet, program).submit(program, 1));
            assertThat(problem.failureClass()).isEqualTo(FailureClass.STALLED);
            assertThat(problem.message()).isEqualTo("It gave no sign of life for " + STALE + ".");
        }
    }

    /** R12: whoever says that it lives is never stale, nor is one that waits or has ended. */
    @ParameterizedTest
    @EnumSource
    void signs_of_life_and_waits_keep_a_job_from_being_stale(Database database) throws Exception {
        var program = job((job, attempt) -> {
                    for (int i = 0; i < 12; i++) {
                        assertThat(never.await(STALE.toMillis() / 6, TimeUnit.MILLISECONDS))
                                .isFalse();
                        switch (i % 3) {
                            case 0 -> job.alive();
                            case 1 -> job.progress(i, 12, "working");
                            default -> job.checkpoint(i);
                        }
                    }
                    job.await("never", String.class, STALE.multipliedBy(2));
                    return "alive";
                })
                .staleAfter(STALE);
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("alive");
            assertThat(task(pawl, handle.id()).stalls()).isZero();
        }
    }

    // ---- workers that die ----------------------------------------------------------------------------------------

    /** A budget of its own: one attempt is all that the job has. */
    @ParameterizedTest
    @EnumSource
    void a_lost_lease_spends_no_attempt_and_too_many_without_progress_fail_the_job(Database database) {
        var program = job((job, attempt) -> "never comes to its end");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 4; i++) stage.die(stage.worker(program));
            assertThat(stage.task(run, "job", 0).lost()).isEqualTo(3);
            stage.worker(program).drain();
            assertThat(begun).hasValue(4);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.STALLED);
            assertThat(stage.problem(run).message())
                    .isEqualTo("Its worker died 4 times, and it was taken up again 3 times without getting anywhere.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void progress_between_lost_leases_earns_more_of_them(Database database) {
        var program = job((job, attempt) -> {
            for (int i = 0; i < attempt; i++) job.call("step", () -> seen.add("step"));
            return "done";
        });
        try (var stage = new Stage(database)) {
            var run = stage.worker(program).submit(program, INPUT);
            for (int i = 0; i < 12; i++) stage.die(stage.worker(program));
            stage.worker(program).drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.task(run, "job", 0).lost()).isEqualTo(12);
            assertThat(stage.task(run, "job", 0).spent()).isEqualTo(1);
        }
    }

    /** R13. */
    @ParameterizedTest
    @EnumSource
    void forgiving_counts_lost_leases_from_zero(Database database) {
        var program = job((job, attempt) -> "done");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 3; i++) stage.die(stage.worker(program));
            worker.command(run, Verb.FORGIVE);
            for (int i = 0; i < 2; i++) stage.die(stage.worker(program));
            stage.worker(program).drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** R19, X2. */
    @ParameterizedTest
    @EnumSource
    void a_sign_of_life_does_not_revive_a_cancelled_run(Database database) throws Exception {
        var stopped = new CountDownLatch(1);
        var program = job((job, attempt) -> {
            job.checkpoint(1);
            seen.add("begun");
            try {
                never.await();
            } catch (InterruptedException cancelled) {
                try {
                    job.checkpoint(2);
                } finally {
                    stopped.countDown();
                }
            }
            return "revived";
        });
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            await().until(() -> !seen.isEmpty());
            pawl.cancel(handle.id(), "ann", "");
            assertThat(stopped.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(pawl.store()
                            .effects(new TaskKey(handle.id(), "job", 0), -1, 1)
                            .getFirst()
                            .value()
                            .stored())
                    .isEqualTo("1");
            assertThat(Fleet.story(pawl, handle.id())).endsWith("run.cancelled");
        }
    }

    // ---- checkpoint and progress ---------------------------------------------------------------------------------

    /** R5. */
    @ParameterizedTest
    @EnumSource
    void progress_stays_between_nothing_and_all(Database database) {
        var program = job((job, attempt) -> {
            job.progress(-5, 100, "before");
            job.await("a", String.class);
            job.progress(150, 100, "after");
            job.await("b", String.class);
            job.progress(3, -1, "of nothing");
            return "";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(progress(stage, run)).isEqualTo("{\"done\":0,\"total\":100,\"what\":\"before\"}");
            worker.signal(run, "a", Json.NULL, null);
            worker.drain();
            assertThat(progress(stage, run)).isEqualTo("{\"done\":100,\"total\":100,\"what\":\"after\"}");
            worker.signal(run, "b", Json.NULL, null);
            worker.drain();
            assertThat(progress(stage, run)).isEqualTo("{\"done\":0,\"total\":0,\"what\":\"of nothing\"}");
        }
    }

    private static String progress(Stage stage, RunId run) {
        return stage.effects(run, "job", 0).stream()
                .filter(effect -> effect.kind().equals("progress"))
                .findFirst()
                .orElseThrow()
                .request()
                .text();
    }

    /** R6, and X5 in it. */
    @ParameterizedTest
    @EnumSource
    void the_newest_checkpoint_is_there_after_a_crash_a_pause_and_a_wait(Database database) {
        var program = job((job, attempt) -> {
            seen.add(job.checkpoint(Integer.class).map(String::valueOf).orElse("none"));
            job.checkpoint(attempt - 1);
            job.call("step", () -> {});
            job.await("go", String.class);
            return "done";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.die(worker);
            stage.worker(program).drain();
            worker.command(run, Verb.PAUSE);
            worker.command(run, Verb.RESUME);
            worker.signal(run, "go", Json.NULL, null);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(seen).containsExactly("none", "0", "1");
        }
    }

    // ---- pause and resume ----------------------------------------------------------------------------------------

    /** R1: the time at which it began is that of the first time. */
    @ParameterizedTest
    @EnumSource
    void pause_and_resume_do_not_change_when_a_run_began(Database database) {
        var program = job((job, attempt) -> job.await("go", String.class));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var began = worker.details(run).run().startedAt();
            assertThat(began).isEqualTo(stage.clock.now());
            stage.clock.advance(Duration.ofHours(1));
            worker.command(run, Verb.PAUSE);
            worker.command(run, Verb.RESUME);
            worker.signal(run, "go", Json.NULL, null);
            worker.drain();
            assertThat(worker.details(run).run().startedAt()).isEqualTo(began);
        }
    }

    /** Also when the worker is another process than the one that was asked. */
    @ParameterizedTest
    @EnumSource
    void a_pause_takes_effect_at_the_next_safe_point_in_whatever_process(Database database) throws Exception {
        var spin = new CountDownLatch(1);
        var program = job((job, attempt) -> {
            job.call("step", () -> seen.add("step"));
            job.checkpoint(attempt);
            while (spin.getCount() > 0) {
                job.alive();
                spin.await(5, TimeUnit.MILLISECONDS);
            }
            return "after " + job.checkpoint(Integer.class).orElseThrow() + " attempts";
        });
        try (var fleet = new Fleet(database)) {
            var working = watching(fleet, program);
            var asking = fleet.client(program);
            var handle = asking.submit(program, 1);
            for (int i = 1; i <= 2; i++) {
                int attempt = i;
                await().atMost(Fleet.PATIENCE).until(() -> begun.get() == attempt && seen.contains("step"));
                await().atMost(Fleet.PATIENCE)
                        .until(() -> asking.run(handle.id()).status() == RunStatus.RUNNING);
                asking.pause(handle.id(), "ann", "lunch");
                await().atMost(Fleet.PATIENCE)
                        .until(() -> task(working, handle.id()).status() == TaskStatus.READY);
                assertThat(asking.run(handle.id()).detail()).isEqualTo("ann: lunch");
                assertThat(Fleet.story(asking, handle.id())).endsWith("run.paused", "task.returned job[0]");
                asking.resume(handle.id(), "ann", "");
            }
            spin.countDown();
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("after 3 attempts");
            assertThat(seen).containsExactly("step");
            assertThat(task(working, handle.id()).spent()).isEqualTo(1);
        }
    }

    /** A body cannot talk its way past a pause. */
    @ParameterizedTest
    @EnumSource
    void a_pause_that_the_body_swallows_is_a_pause_all_the_same(Database database) throws Exception {
        var held = new CountDownLatch(1);
        var program = job((job, attempt) -> {
            job.call("wait", () -> {
                seen.add("waiting");
                held.await();
            });
            try {
                job.checkpoint(1);
            } catch (Throwable swallowed) {
                seen.add("swallowed");
            }
            job.call("after", () -> seen.add("after"));
            return "done";
        });
        try (var fleet = new Fleet(database)) {
            var pawl = watching(fleet, program);
            var handle = pawl.submit(program, 1);
            await().until(() -> seen.contains("waiting"));
            pawl.pause(handle.id(), "ann", "");
            held.countDown();
            await().atMost(Fleet.PATIENCE).until(() -> task(pawl, handle.id()).status() == TaskStatus.READY);
            assertThat(seen).containsExactly("waiting", "swallowed");
            pawl.resume(handle.id(), "ann", "");
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("done");
            assertThat(seen).containsExactly("waiting", "swallowed", "after");
        }
    }

    // ---- shutdown ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_worker_that_stops_hands_a_running_job_over_within_a_second(Database database) throws Exception {
        var program = job((job, attempt) -> {
            job.call("step", () -> seen.add("step"));
            job.checkpoint(attempt);
            if (attempt == 1) never.await();
            return "done";
        });
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.grace(Duration.ofMillis(200)), program);
            var run = first.submit(program, 1).id();
            await().until(() -> begun.get() == 1);
            var second = fleet.worker(worker -> worker.slots(0), program);
            long begin = System.nanoTime();
            fleet.close(first);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .isLessThan(Duration.ofSeconds(4)); // what ignores its interruption takes five
            assertThat(task(second, run).status()).isEqualTo(TaskStatus.READY);
            assertThat(task(second, run).spent()).isZero();
            assertThat(fleet.open(program).handle(run).await(Fleet.PATIENCE)).isEqualTo(Stage.json("done"));
            assertThat(seen).containsExactly("step");
            assertThat(Fleet.story(second, run)).doesNotContain("task.lost job[0]");
        }
    }

    // ---- records of other versions -------------------------------------------------------------------------------

    /** R20: what an older Pawl wrote is read as it was meant; what a newer one wrote is left alone. */
    @ParameterizedTest
    @EnumSource
    void runs_of_an_older_pawl_are_read_and_those_of_a_newer_one_refused(Database database) throws Exception {
        var program = job((job, attempt) -> job.await("go", String.class));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            format(stage.url, 1);
            worker.signal(run, "go", Json.NULL, null);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            format(stage.url, 3);
            assertThatThrownBy(() -> stage.status(run))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessage(
                            "Run " + run + " was written by a newer Pawl, in form 3; this version reads up to form 2."
                                    + " Use the newer version.");
        }
    }

    private static void format(String url, int version) throws Exception {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("update run set format = " + version);
        }
    }

    /** One run that it cannot read does not keep a worker from the others. */
    @ParameterizedTest
    @EnumSource
    void a_run_of_a_newer_pawl_does_not_stop_the_others(Database database) throws Exception {
        var program = job((job, attempt) -> "done");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var newer = worker.submit(program, INPUT);
            format(stage.url, 3);
            var own = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(own)).isEqualTo(RunStatus.SUCCEEDED);
            format(stage.url, 2);
            assertThat(stage.status(newer)).isEqualTo(RunStatus.QUEUED);
            worker.drain();
            assertThat(stage.status(newer)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }
}
