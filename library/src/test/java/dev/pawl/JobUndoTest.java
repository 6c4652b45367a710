package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Submit;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What was done is undone, the last first, when a job fails or is cancelled. */
class JobUndoTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<String> done = new ArrayList<>();
    private final AtomicInteger broken = new AtomicInteger();

    private void book(JobContext job, String what) {
        job.call(what, () -> done.add("book " + what));
        job.compensate("cancel " + what, () -> done.add("cancel " + what));
    }

    /** Books three things; the third fails. */
    private final Job<Integer, String> trip = Job.define("trip", Integer.class, String.class, (job, n) -> {
                book(job, "flight");
                book(job, "hotel");
                job.call("car", () -> {
                    throw new Failure.Logic("no car");
                });
                return "booked";
            })
            .retry(Retry.times(2).base(Duration.ofSeconds(1)).jitter(0));

    /** Books two things and waits. */
    private final Job<Integer, String> waiting = Job.define("waiting", Integer.class, String.class, (job, n) -> {
                book(job, "flight");
                book(job, "hotel");
                return job.await("go", String.class);
            })
            .retry(Retry.times(2).base(Duration.ofSeconds(1)).jitter(0));

    private static final String[] UNDONE = {"book flight", "book hotel", "cancel hotel", "cancel flight"};

    @ParameterizedTest
    @EnumSource
    void a_job_that_fails_undoes_what_it_did_the_last_first(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(trip);
            var run = worker.submit(trip, INPUT);
            worker.drain();
            assertThat(done).containsExactly(UNDONE);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("no car");
            assertThat(stage.journal(run, "undo", 0))
                    .containsExactly("0 call cancel hotel APPLIED", "1 call cancel flight APPLIED");
            assertThat(stage.story(run))
                    .containsSubsequence(
                            "undo.registered",
                            "task.failed job[0]",
                            "task.started undo[0]",
                            "task.succeeded undo[0]",
                            "run.failed");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_job_that_succeeds_undoes_nothing(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(waiting);
            var run = worker.submit(waiting, INPUT);
            worker.drain();
            worker.signal(run, "go", Stage.json("went"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("went"));
            assertThat(done).containsExactly("book flight", "book hotel");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_job_that_is_cancelled_undoes_what_it_did(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(waiting);
            var run = worker.submit(waiting, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            worker.drain();
            assertThat(done).containsExactly(UNDONE);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            assertThat(stage.story(run)).contains("run.cancelling").endsWith("run.cancelled");
        }
    }

    /** A client whose reply was lost asks again, and must not cut short what is being undone. */
    @ParameterizedTest
    @EnumSource
    void whoever_cancels_once_more_changes_nothing(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(waiting);
            var run = worker.submit(waiting, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            assertThat(done).containsExactly(UNDONE);
        }
    }

    /** Held or not, it was done. */
    @ParameterizedTest
    @EnumSource
    void a_paused_run_that_is_cancelled_undoes_what_it_did(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(waiting);
            var run = worker.submit(waiting, INPUT);
            worker.drain();
            worker.command(run, Verb.PAUSE);
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(done).containsExactly(UNDONE);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_blocked_run_that_is_cancelled_undoes_what_it_did(Database database) {
        var program = Job.define("blocked", Integer.class, String.class, (job, n) -> {
            book(job, "flight");
            book(job, "hotel");
            job.once("pay", String.class, key -> {
                throw new IllegalStateException("timed out");
            });
            book(job, "car");
            return "";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(done).containsExactly(UNDONE);
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            assertThat(worker.details(run).run().reason()).isNull();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_misses_its_deadline_undoes_what_it_did(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(waiting);
            var run = worker.submit(waiting, INPUT, null, stage.clock.now() + HOUR.toMillis(), null);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(done).containsExactly(UNDONE);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).isEqualTo("The run did not end before its deadline.");
        }
    }

    /** The deadline has passed for what undoes as well, and does not count there. */
    @ParameterizedTest
    @EnumSource
    void undoing_may_take_longer_than_the_deadline(Database database) throws Exception {
        var program = Job.define("late", Integer.class, String.class, (job, n) -> {
                    book(job, "flight");
                    job.compensate("slow", () -> {
                        if (broken.incrementAndGet() < 3) throw new Failure.Transient("not yet");
                        done.add("slow");
                    });
                    return job.await("go", String.class);
                })
                .retry(Retry.times(5).base(Duration.ofMillis(100)));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.poll(Duration.ofMillis(20)), program);
            var handle = pawl.submit(program, 1, Submit.NOW.within(Duration.ofMillis(300)));
            Fleet.fails(handle, "The run did not end before its deadline.");
            assertThat(done).containsExactly("book flight", "slow", "cancel flight");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_exception_of_the_jobs_own_code_undoes_what_it_did_when_its_attempts_are_spent(Database database) {
        var program = Job.define("own", Integer.class, String.class, (job, n) -> {
                    book(job, "flight");
                    throw new IllegalStateException("own");
                })
                .retry(Retry.times(2).base(HOUR).cap(HOUR).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(done).containsExactly("book flight");
            stage.pass(HOUR, worker);
            assertThat(done).containsExactly("book flight", "cancel flight");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
        }
    }

    /** Each undoing is as durable as any other step. */
    @ParameterizedTest
    @EnumSource
    void a_crash_in_the_middle_of_undoing_goes_on_where_it_was(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(trip);
            var run = worker.submit(trip, INPUT);
            worker.step();
            stage.die(worker);
            assertThat(done).containsExactly(UNDONE); // the last of them is not on disk
            stage.worker(trip).drain();
            assertThat(done)
                    .containsExactly("book flight", "book hotel", "cancel hotel", "cancel flight", "cancel flight");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void undoing_is_retried_and_one_that_fails_does_not_keep_the_others_from_being_done(Database database) {
        var program = Job.define("stubborn", Integer.class, String.class, (job, n) -> {
                    book(job, "flight");
                    job.compensate("stubborn", () -> {
                        done.add("stubborn");
                        throw new IllegalStateException("will not");
                    });
                    book(job, "hotel");
                    return job.await("go", String.class);
                })
                .retry(Retry.times(2).base(HOUR).cap(HOUR).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(done)
                    .containsExactly(
                            "book flight", "book hotel", "cancel hotel", "stubborn", "stubborn", "cancel flight");
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message())
                    .startsWith("It was cancelled. And what was done could not be undone: \"stubborn\"")
                    .contains("will not");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_job_that_cannot_be_undone_says_both(Database database) {
        var program = Job.define("both", Integer.class, String.class, (job, n) -> {
            job.compensate("stubborn", () -> {
                throw new Failure.Logic("will not");
            });
            throw new Failure.Logic("first");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.problem(run).message())
                    .contains("first")
                    .contains("And what was done could not be undone: \"stubborn\"")
                    .contains("will not");
        }
    }

    @ParameterizedTest
    @EnumSource
    void undoing_that_needs_somebody_waits_for_them(Database database) {
        var program = Job.define("auth", Integer.class, String.class, (job, n) -> {
            book(job, "flight");
            job.compensate("login", () -> {
                if (broken.get() == 0) throw new Failure.Auth("token expired");
                done.add("logged in");
            });
            return job.await("go", String.class);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.AUTH);
            broken.set(1);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(done).containsExactly("book flight", "logged in", "cancel flight");
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
        }
    }

    /** An undoing that has begun is not stopped by a relative that ends meanwhile. */
    @ParameterizedTest
    @EnumSource
    void a_parent_that_ends_does_not_stop_the_undoing_of_its_child(Database database) {
        var slow = Job.define("slow", Integer.class, String.class, (job, n) -> {
                    book(job, "flight");
                    job.compensate("slow", () -> {
                        if (broken.incrementAndGet() == 1) throw new Failure.Transient("not yet");
                        done.add("slow");
                    });
                    return job.await("go", String.class);
                })
                .retry(Retry.times(2).base(HOUR).cap(HOUR).jitter(0));
        var parent = Job.define("parent", Integer.class, String.class, (job, n) -> job.run(slow, n));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(parent, slow);
            var run = worker.submit(parent, INPUT);
            worker.drain();
            var child = stage.store.children(run, 1).getFirst().id();
            worker.command(child, Verb.CANCEL);
            worker.drain(); // it undoes, and waits for another try
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.CANCELLED);
            assertThat(stage.status(child)).isEqualTo(RunStatus.RUNNING);
            stage.pass(HOUR, worker);
            assertThat(done).containsExactly("book flight", "slow", "cancel flight");
            assertThat(stage.status(child)).isEqualTo(RunStatus.CANCELLED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_child_undoes_what_it_did_when_its_parent_is_cancelled(Database database) {
        var parent = Job.define("parent", Integer.class, String.class, (job, n) -> {
            book(job, "car");
            return job.run(waiting, n);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(parent, waiting);
            var run = worker.submit(parent, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            worker.drain();
            assertThat(done)
                    .containsExactlyInAnyOrder(
                            "book car", "book flight", "book hotel", "cancel car", "cancel hotel", "cancel flight");
            assertThat(stage.store.children(run, 1))
                    .extracting(RunDetails::status)
                    .containsExactly(RunStatus.CANCELLED);
        }
    }

    /** What it would keep is gone. */
    @ParameterizedTest
    @EnumSource
    void the_retry_of_a_run_that_was_undone_starts_from_scratch(Database database) {
        var program = Job.define("again", Integer.class, Integer.class, (job, n) -> {
            int begun = job.checkpoint(Integer.class).orElse(0);
            book(job, "flight");
            job.checkpoint(7);
            job.call("pay", () -> {
                if (broken.get() == 0) throw new Failure.Logic("no money");
            });
            return begun;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            broken.set(1);
            var again = worker.submit(program, INPUT, null, null, run);
            worker.drain();
            assertThat(done).containsExactly("book flight", "cancel flight", "book flight");
            assertThat(worker.output(again)).isEqualTo(new Json("0"));
        }
    }

    /** What was copied was done, and is undone like what the new run did itself. */
    @ParameterizedTest
    @EnumSource
    void a_fork_that_fails_undoes_also_what_it_took_over(Database database) {
        var program = Job.define("forked", Integer.class, String.class, (job, n) -> {
            book(job, "flight");
            job.call("pay", () -> {
                if (broken.get() == 1) throw new Failure.Logic("no money");
            });
            return "";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            broken.set(1);
            RunId fork =
                    stage.ask(pawl -> pawl.fork(run, "pay", Map.of(), "ann").id(), program);
            worker.drain();
            assertThat(stage.status(fork)).isEqualTo(RunStatus.FAILED);
            assertThat(done).containsExactly("book flight", "cancel flight");
        }
    }

    /** X1: wherever the process dies, everything is undone, and only what is not on disk is undone twice. */
    @ParameterizedTest
    @EnumSource
    void a_crash_at_any_write_undoes_everything_all_the_same(Database database) {
        try (var stage = new Stage(database)) {
            var crashing = new CrashingStore(stage.store);
            for (var how : CrashingStore.How.values()) {
                for (int write = 1; write <= 12; write++) {
                    done.clear();
                    var worker = new HandDriven(crashing.store(), stage.clock, List.of(trip));
                    var run = worker.submit(trip, INPUT);
                    crashing.plan(write, how);
                    try {
                        worker.drain();
                    } catch (Crash died) {
                        done.add("died");
                    }
                    crashing.behave();
                    stage.pass(Duration.ofSeconds(10), stage.worker(trip));
                    assertThat(stage.status(run)).as("%s %d", how, write).isEqualTo(RunStatus.FAILED);
                    assertThat(stage.problem(run).message()).isEqualTo("no car");
                    assertThat(done).containsSubsequence(UNDONE);
                    assertThat(stage.journal(run, "undo", 0))
                            .containsExactly("0 call cancel hotel APPLIED", "1 call cancel flight APPLIED");
                }
            }
        }
    }
}
