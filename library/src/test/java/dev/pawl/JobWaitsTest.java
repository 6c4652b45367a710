package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durable waits: over restarts, without a thread, and no longer than wanted. */
class JobWaitsTest {

    private static final Json INPUT = new Json("1");
    private static final Duration WEEK = Duration.ofDays(7);

    private final List<String> done = new ArrayList<>();

    private Job<Integer, String> waiting(Consumer<JobContext> wait) {
        return Job.define("waiting", Integer.class, String.class, (job, n) -> {
                    job.call("before", () -> done.add("before"));
                    wait.accept(job);
                    job.call("after", () -> done.add("after"));
                    return "slept";
                })
                .retry(Retry.times(2).jitter(0));
    }

    /** X12: it is due to the millisecond, in whatever process. */
    @ParameterizedTest
    @EnumSource
    void a_sleep_goes_on_over_restarts(Database database) {
        var program = waiting(job -> job.sleep(WEEK));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var asleep = stage.task(run, "job", 0);
            assertThat(asleep.status()).isEqualTo(TaskStatus.READY);
            assertThat(asleep.wakeAt()).isEqualTo(stage.clock.now() + WEEK.toMillis());
            stage.pass(WEEK.minusMillis(1), stage.worker(program));
            assertThat(done).containsExactly("before");
            stage.pass(Duration.ofMillis(1), stage.worker(program));
            assertThat(done).containsExactly("before", "after");
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.task(run, "job", 0).spent()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_job_sleeps_until_a_time_and_not_at_all_when_it_has_passed(Database database) {
        var until = Instant.ofEpochMilli(1_800_000_000_000L).plus(WEEK);
        var program = waiting(job -> {
            job.sleepUntil(until);
            job.sleepUntil(until);
            job.sleep(Duration.ZERO);
            job.sleep(Duration.ofSeconds(-1));
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(WEEK.minusMillis(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            stage.pass(Duration.ofMillis(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** As long as Java can say. */
    @ParameterizedTest
    @EnumSource
    void for_ever_is_a_time_like_others(Database database) {
        var forever = ChronoUnit.FOREVER.getDuration();
        for (var program : List.of(
                waiting(job -> job.sleep(forever)),
                waiting(job -> job.sleep(Duration.ofMillis(Long.MAX_VALUE))),
                waiting(job -> job.sleepUntil(Instant.MAX)),
                waiting(job -> job.await("never", String.class, forever)))) {
            try (var stage = new Stage(database)) {
                var worker = stage.worker(program);
                var run = worker.submit(program, INPUT);
                worker.drain();
                stage.pass(Duration.ofDays(365_000), worker);
                assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
                assertThat(stage.task(run, "job", 0).status()).isEqualTo(TaskStatus.READY);
                assertThat(stage.task(run, "job", 0).spent()).isZero();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_sleeping_job_is_cancelled_at_once(Database database) {
        var program = waiting(job -> job.sleep(WEEK));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            stage.pass(WEEK, worker);
            assertThat(done).containsExactly("before");
            assertThat(stage.story(run)).endsWith("task.cancelled job", "run.cancelled");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_sleep_that_ends_while_the_run_is_paused_ends_when_it_is_resumed(Database database) {
        var program = waiting(job -> job.sleep(WEEK));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.PAUSE);
            stage.pass(WEEK.plusDays(1), worker);
            assertThat(done).containsExactly("before");
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** Waiting and dying have nothing to do with each other: what was lost before a wait is not counted as an attempt. */
    @ParameterizedTest
    @EnumSource
    void leases_lost_before_a_wait_do_not_spend_attempts(Database database) {
        var program = Job.define("lost", Integer.class, String.class, (job, n) -> {
                    job.sleep(WEEK);
                    done.add("body");
                    if (done.size() < 2) throw new IllegalStateException("once");
                    return "done";
                })
                .retry(Retry.times(2).base(Duration.ofSeconds(1)).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.die(worker);
            stage.die(worker);
            worker.drain();
            assertThat(stage.task(run, "job", 0).spent()).isZero();
            stage.pass(WEEK, worker);
            stage.pass(Duration.ofSeconds(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(done).hasSize(2);
        }
    }

    /** One slot is enough for any number of jobs that wait. */
    @ParameterizedTest
    @EnumSource
    void waiting_jobs_hold_no_slot(Database database) throws Exception {
        var program = Job.define("parked", Integer.class, Integer.class, (job, n) -> {
            job.await("go", String.class, Duration.ofHours(1));
            return n;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(1), program);
            var handles = new ArrayList<dev.pawl.engine.Handle<Integer>>();
            for (int i = 0; i < 50; i++) handles.add(pawl.submit(program, i));
            for (var handle : handles.reversed()) pawl.signal(handle.id(), "go", Json.NULL, null, "ann");
            for (int i = 0; i < 50; i++)
                assertThat(handles.get(i).await(Fleet.PATIENCE)).isEqualTo(i);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_short_sleep_wakes_by_itself(Database database) throws Exception {
        var program = waiting(job -> job.sleep(Duration.ofMillis(30)));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> WorkerSettings.DEFAULT, program);
            assertThat(pawl.submit(program, 1).await(Fleet.PATIENCE)).isEqualTo("slept");
        }
    }
}
