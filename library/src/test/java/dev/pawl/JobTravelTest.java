package dev.pawl;

import static dev.pawl.Travels.confirmed;
import static dev.pawl.Travels.history;
import static dev.pawl.Travels.moments;
import static dev.pawl.Travels.replay;
import static dev.pawl.Travels.timeline;
import static dev.pawl.Travels.what;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.TimeTravel;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Branch;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Recorded runs of jobs: told effect by effect, and executed again along their journals. */
class JobTravelTest {

    private static final Json INPUT = new Json("1");

    private final AtomicInteger calls = new AtomicInteger();

    private interface Body {
        Object run(JobContext job) throws Exception;
    }

    private static Job<Integer, String> job(Body body) {
        return Job.define("travelled", Integer.class, String.class, (job, n) -> String.valueOf(body.run(job)))
                .retry(Retry.never());
    }

    private String step(JobContext job, String name) {
        return job.call(name, String.class, () -> name + calls.incrementAndGet());
    }

    private static RunId run(Stage stage, Job<Integer, String> job) {
        var worker = stage.worker(job);
        var run = worker.submit(job, INPUT);
        worker.drain();
        return run;
    }

    private final Job<Integer, String> sleeper = job(job -> {
        String first = step(job, "a");
        job.sleep(Duration.ofDays(3));
        job.progress(1, 2, "half");
        job.checkpoint("half");
        return first + step(job, "b") + job.now();
    });

    @ParameterizedTest
    @EnumSource
    void a_run_is_told_and_executed_again_and_recorded_sleeps_are_over(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, sleeper);
            stage.pass(Duration.ofDays(3), stage.worker(sleeper));
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            var told = timeline(stage, run);
            assertThat(what(told)).containsExactly("the beginning", "call \"a\"", "sleep", "call \"b\"", "now");
            assertThat(told.state(0)).isEqualTo(new Json("{\"input\":1,\"recorded\":[]}"));
            assertThat(told.state(1).text()).contains("\"name\":\"a\"", "\"value\":\"a1\"");
            assertThat(told.effects(3)).hasSize(1);
            int before = calls.get();
            for (int i = 0; i < 100; i++) {
                assertThat(confirmed(history(stage, run), sleeper)).isEqualTo(moments(told));
            }
            assertThat(calls).hasValue(before);
            assertThat(replay(stage, run, sleeper).end()).isEqualTo("It ended as recorded.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_sleeping_run_waits_which_is_no_divergence(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, sleeper);
            var replay = replay(stage, run, sleeper);
            assertThat(replay.divergence()).isNull();
            assertThat(replay.end()).isEqualTo("It waits at sleep until 2027-01-18T08:00:00Z.");
            assertThat(replay.moments()).isEqualTo(3);
            assertThat(calls).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_waits_for_a_signal_says_so_and_goes_on_when_it_has_come(Database database) {
        var job = job(j -> step(j, "a") + j.await("go", String.class) + step(j, "b"));
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(replay(stage, run, job).end()).isEqualTo("It waits for await \"go\".");
            stage.worker(job).signal(run, "go", Stage.json("now"), null);
            stage.worker(job).drain();
            assertThat(replay(stage, run, job).end()).isEqualTo("It ended as recorded.");
            assertThat(calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void another_call_and_another_output_are_found(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, job(j -> step(j, "a") + step(j, "b")));
            var renamed = replay(stage, run, job(j -> step(j, "a") + step(j, "c")));
            assertThat(renamed.moments()).isEqualTo(2);
            assertThat(renamed.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.moment()).isEqualTo(2);
                assertThat(found.position()).isEqualTo(1);
                assertThat(found.type()).isEqualTo("call");
                assertThat(found.message())
                        .contains(run.toString(), "job[0]", "position 1", "call \"c\"", "call \"b\"");
            });
            var reversed = replay(stage, run, job(j -> {
                String a = step(j, "a");
                return step(j, "b") + a;
            }));
            assertThat(reversed.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.type()).isEqualTo("end");
                assertThat(found.differences()).containsExactly("It was \"a1b2\" and is now \"b2a1\".");
            });
            var longer = replay(stage, run, job(j -> step(j, "a") + step(j, "b") + step(j, "c")));
            assertThat(longer.divergence()).isNotNull().satisfies(found -> {
                assertThat(found.position()).isEqualTo(2);
                assertThat(found.message()).contains("call \"c\"", "nothing is recorded");
            });
            var shorter = replay(stage, run, job(j -> step(j, "a")));
            assertThat(shorter.divergence())
                    .isNotNull()
                    .satisfies(found -> assertThat(found.position()).isEqualTo(1));
            assertThat(calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void branches_are_replayed_the_way_they_were_decided(Database database) {
        var job = job(j -> j.any(List.of(
                        Branch.call("x", String.class, () -> {
                            calls.incrementAndGet();
                            throw new dev.pawl.core.Failure.Logic("no");
                        }),
                        Branch.call("y", String.class, () -> "y" + calls.incrementAndGet())))
                + j.all(List.of(
                        Branch.call("p", String.class, () -> "p" + calls.incrementAndGet()),
                        Branch.call("q", String.class, () -> "q"))));
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            int before = calls.get();
            assertThat(replay(stage, run, job).divergence()).isNull();
            assertThat(calls).hasValue(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_run_is_replayed_with_what_was_undone(Database database) {
        var job = job(j -> {
            step(j, "book");
            j.progress(1, 2, "booked");
            j.compensate("unbook", () -> calls.incrementAndGet());
            throw new IllegalStateException("no room");
        });
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(calls).hasValue(2);
            assertThat(what(timeline(stage, run)))
                    .containsExactly(
                            "the beginning", "call \"book\"", "compensate \"unbook\"", "undo: call \"unbook\"");
            var replay = replay(stage, run, job);
            assertThat(replay.divergence()).isNull();
            assertThat(replay.moments()).isEqualTo(4);
            assertThat(calls).hasValue(2);
            var other = job(j -> {
                step(j, "book");
                j.compensate("unbook", () -> calls.incrementAndGet());
                return "fine";
            });
            assertThat(replay(stage, run, other).divergence())
                    .isNotNull()
                    .satisfies(found -> assertThat(found.type()).isEqualTo("end"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_later_round_is_replayed_from_its_own_input(Database database) {
        var job = Job.define("rounds", Integer.class, Integer.class, (j, n) -> {
            int next = j.call("add", Integer.class, () -> n + calls.incrementAndGet());
            if (n < 3) throw j.continueWith(next);
            return next;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            int before = calls.get();
            assertThat(timeline(stage, run).at(0).what()).isEqualTo("the beginning of round 2");
            assertThat(replay(stage, run, job).end()).isEqualTo("It ended as recorded.");
            assertThat(calls).hasValue(before);
            assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_cancelled_run_is_replayed_as_far_as_it_got(Database database) {
        try (var stage = new Stage(database)) {
            var run = run(stage, sleeper);
            stage.worker(sleeper).command(run, Verb.CANCEL);
            assertThat(replay(stage, run, sleeper).divergence()).isNull();
            assertThat(replay(stage, run, job(j -> step(j, "z"))).divergence()).isNotNull();
        }
    }

    /** What the code throws because a step failed for good is made again from the record. */
    @ParameterizedTest
    @EnumSource
    void a_run_whose_step_failed_for_good_fails_again_as_recorded_and_so_does_its_retry(Database database) {
        var works = new AtomicInteger();
        var job = job(j -> step(j, "a")
                + j.call("pay", String.class, () -> {
                    calls.incrementAndGet();
                    if (works.get() == 0) throw new dev.pawl.core.Failure.Logic("no money");
                    return "paid";
                }));
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(replay(stage, run, job).divergence()).isNull();
            assertThat(replay(stage, run, job).end()).isEqualTo("It failed as recorded: Logic (LOGIC): no money.");
            works.set(1);
            assertThat(replay(stage, run, job).divergence()).isNull();
            var retried = stage.ask(pawl -> pawl.retry(run, "test").id(), job);
            stage.worker(job).drain();
            assertThat(stage.status(retried)).isEqualTo(RunStatus.SUCCEEDED);
            int before = calls.get();
            works.set(0);
            assertThat(replay(stage, retried, job).end()).isEqualTo("It ended as recorded.");
            assertThat(TimeTravel.verify(history(stage, retried)).flaws()).isEmpty();
            assertThat(calls).hasValue(before);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_that_waits_for_its_next_try_says_so(Database database) {
        var job = job(j -> j.call("flaky", dev.pawl.json.TypeRef.of(String.class), Retry.times(5), () -> {
            calls.incrementAndGet();
            throw new dev.pawl.core.Failure.Transient("busy");
        }));
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(replay(stage, run, job).end()).startsWith("It waits at call \"flaky\" until 2027-01-15T08:00:0");
            assertThat(calls).hasValue(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void children_and_changes_that_happen_once_are_not_started_again(Database database) {
        var child = Job.define("child", Integer.class, Integer.class, (j, n) -> n + calls.incrementAndGet());
        var parent = job(j -> j.once("pay", String.class, key -> "paid" + calls.incrementAndGet())
                + j.await(j.start(child, 1))
                + j.uuid());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(parent, child);
            var run = worker.submit(parent, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(replay(stage, run, parent).end()).isEqualTo("It ended as recorded.");
            assertThat(calls).hasValue(2);
            assertThat(TimeTravel.verify(history(stage, run)).flaws()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_was_taken_up_again_after_a_crash_is_replayed(Database database) {
        var job = job(j -> {
            String first = step(j, "a");
            j.sleep(Duration.ofHours(1));
            return first + step(j, "b");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(job);
            var run = worker.submit(job, INPUT);
            stage.die(worker);
            worker.drain();
            stage.clock.advance(Duration.ofHours(1));
            stage.die(worker);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            int before = calls.get();
            assertThat(replay(stage, run, job).end()).isEqualTo("It ended as recorded.");
            assertThat(calls).hasValue(before);
        }
    }

    /** A long journal is told and replayed in one go. */
    @ParameterizedTest
    @EnumSource
    void five_thousand_effects_are_no_trouble(Database database) {
        var job = job(j -> {
            long sum = 0;
            for (int i = 0; i < 5_000; i++) sum += j.random().nextInt(10);
            return sum;
        });
        try (var stage = new Stage(database)) {
            var run = run(stage, job);
            assertThat(confirmed(history(stage, run), job)).hasSize(5_001);
            assertThat(replay(stage, run, job).divergence()).isNull();
        }
    }
}
