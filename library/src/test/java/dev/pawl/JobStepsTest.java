package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.io.StepFailed;
import dev.pawl.job.Job;
import dev.pawl.json.TypeRef;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Durable steps: done once, recorded, tried again as their failures say. */
class JobStepsTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Retry THRICE =
            Retry.times(3).base(Duration.ofSeconds(10)).jitter(0);

    private final List<String> done = new ArrayList<>();
    private final List<Object> seen = new ArrayList<>();

    private <T> T did(String what, T value) {
        done.add(what);
        return value;
    }

    @ParameterizedTest
    @EnumSource
    void a_step_is_done_once_however_often_the_code_runs_again(Database database) {
        var program = Job.define("steps", Integer.class, String.class, (job, n) -> {
            String a = job.call("a", String.class, () -> did("a", "A"));
            job.sleep(HOUR);
            String b = job.call("b", String.class, () -> did("b", "B"));
            job.sleep(HOUR);
            job.call("c", () -> did("c", ""));
            return a + b + n;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(new Json("\"AB1\""));
            assertThat(done).containsExactly("a", "b", "c");
            assertThat(stage.journal(run))
                    .containsExactly(
                            "0 call a APPLIED",
                            "1 sleep APPLIED",
                            "2 call b APPLIED",
                            "3 sleep APPLIED",
                            "4 call c APPLIED");
        }
    }

    /** What another step could have begun on is on disk before it begins. */
    @ParameterizedTest
    @EnumSource
    void only_the_step_whose_record_died_with_its_worker_is_done_again(Database database) {
        var program = Job.define("dies", Integer.class, String.class, (job, n) -> {
            String a = job.call("a", String.class, () -> did("a", "A"));
            return a + job.call("b", String.class, () -> did("b", "B"));
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            stage.die(worker);
            assertThat(stage.journal(run)).containsExactly("0 call a APPLIED");
            stage.worker(program).drain();
            assertThat(worker.output(run)).isEqualTo(new Json("\"AB\""));
            assertThat(done).containsExactly("a", "b", "b");
            assertThat(stage.task(run, "job", 0).lost()).isEqualTo(1);
            assertThat(stage.task(run, "job", 0).spent()).isEqualTo(1);
        }
    }

    /** X5: what looks like nothing is something, live and in the replay. */
    @ParameterizedTest
    @EnumSource
    void values_that_look_like_nothing_survive(Database database) {
        var maps = new TypeRef<Map<String, Integer>>() {};
        var lists = new TypeRef<List<Integer>>() {};
        var program = Job.define("falsy", new TypeRef<List<String>>() {}, maps, (job, input) -> {
            var values = Arrays.<Object>asList(
                    job.call("0", Integer.class, () -> 0),
                    job.call("false", Boolean.class, () -> false),
                    job.call("empty", String.class, () -> ""),
                    job.call("null", String.class, () -> null),
                    job.call("[]", lists, () -> List.of()),
                    job.call("{}", maps, () -> Map.of()),
                    input);
            seen.add(values);
            job.sleep(HOUR);
            return Map.of();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("[]"));
            worker.drain();
            stage.pass(HOUR, worker);
            var all = Arrays.<Object>asList(0, false, "", null, List.of(), Map.of(), List.of());
            assertThat(seen).containsExactly(all, all);
            assertThat(worker.output(run)).isEqualTo(new Json("{}"));
            assertThat(stage.effects(run, "job", 0))
                    .filteredOn(effect -> effect.kind().equals("call"))
                    .extracting(effect -> effect.value().stored())
                    .containsExactly("0", "false", "\"\"", "null", "[]", "{}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_may_give_back_null(Database database) {
        var program = Job.define("nothing", String.class, String.class, (job, input) -> {
            seen.add(Arrays.asList(input));
            return null;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, Json.NULL);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(worker.output(run)).isEqualTo(Json.NULL);
            assertThat(seen).containsExactly(Arrays.asList((Object) null));
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_output_over_the_inline_limit_is_kept_as_an_artifact(Database database) {
        String large = "x".repeat(1_000_000);
        var program = Job.define("large", Integer.class, Integer.class, (job, n) -> {
            String value = job.call("read", String.class, () -> did("read", large));
            seen.add(value.equals(large));
            job.checkpoint(value);
            job.sleep(HOUR);
            seen.add(job.checkpoint(String.class).orElse("").equals(large));
            return value.length();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.effects(run, "job", 0))
                    .filteredOn(effect ->
                            effect.kind().equals("call") || effect.kind().equals("checkpoint"))
                    .hasSize(2)
                    .allMatch(effect -> effect.value().isArtifact());
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(new Json("1000000"));
            assertThat(done).containsExactly("read");
            assertThat(seen).containsExactly(true, true, true);
        }
    }

    // ---- failures ------------------------------------------------------------------------------------------------

    /** The code takes the same way each time, because it catches the same. */
    @ParameterizedTest
    @EnumSource
    void a_checked_exception_passes_through_live_and_in_the_replay(Database database) {
        var program = Job.define("checked", Integer.class, String.class, (job, n) -> {
                    String way;
                    try {
                        way = job.call("read", String.class, () -> {
                            done.add("read");
                            throw new IOException("gone");
                        });
                    } catch (IOException gone) {
                        seen.add(gone.getClass() + " " + gone.getMessage());
                        way = job.call("other", String.class, () -> did("other", "fallback"));
                    }
                    job.sleep(HOUR);
                    return way;
                })
                .retry(Retry.never());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(new Json("\"fallback\""));
            assertThat(done).containsExactly("read", "other");
            assertThat(seen).containsExactly("class java.io.IOException gone", "class java.io.IOException gone");
        }
    }

    /** An exception that cannot be made again from its record. */
    @SuppressWarnings("serial")
    public static final class Peculiar extends RuntimeException {
        public Peculiar(int code, String why) {
            super(code + " " + why);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_exception_that_cannot_be_made_again_is_another_one_both_times(Database database) {
        var program = Job.define("peculiar", Integer.class, String.class, (job, n) -> {
                    try {
                        job.call("odd", () -> {
                            throw new Peculiar(7, "seven");
                        });
                    } catch (StepFailed failed) {
                        seen.add(failed.getMessage());
                    }
                    job.sleep(HOUR);
                    return "";
                })
                .retry(Retry.never());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            String message = "Step \"odd\" failed: Peculiar (UNCLASSIFIED): 7 seven";
            assertThat(seen).containsExactly(message, message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_step_is_tried_again_after_a_while_that_holds_no_thread(Database database) {
        var program = Job.define("retries", Integer.class, String.class, (job, n) -> {
                    job.call("first", () -> did("first", ""));
                    return job.call("shaky", String.class, () -> {
                        done.add("shaky");
                        if (done.size() < 4) throw new Failure.Transient("not yet");
                        return "ok";
                    });
                })
                .retry(THRICE);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var waiting = stage.task(run, "job", 0);
            assertThat(waiting.status()).isEqualTo(TaskStatus.READY);
            assertThat(waiting.wakeAt()).isEqualTo(stage.clock.now() + 10_000);
            stage.pass(Duration.ofMillis(9_999), worker);
            assertThat(done).containsExactly("first", "shaky");
            stage.pass(Duration.ofMillis(1), worker);
            assertThat(stage.task(run, "job", 0).wakeAt()).isEqualTo(stage.clock.now() + 20_000);
            stage.pass(Duration.ofSeconds(20), stage.worker(program));
            assertThat(worker.output(run)).isEqualTo(new Json("\"ok\""));
            assertThat(done).containsExactly("first", "shaky", "shaky", "shaky");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_fails_for_good_when_its_tries_are_spent_and_nothing_is_tried_again(Database database) {
        var program = Job.define(
                        "spent",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call(
                                "bad", TypeRef.of(String.class), Retry.times(2).base(Duration.ofSeconds(1)), () -> {
                                    done.add("bad");
                                    throw new IllegalArgumentException("wrong");
                                }))
                .retry(Retry.times(5));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(Duration.ofSeconds(2), worker);
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(done).hasSize(2);
            assertThat(stage.problem(run).type()).isEqualTo("IllegalArgumentException");
            assertThat(stage.problem(run).message()).startsWith("wrong");
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.UNCLASSIFIED);
        }
    }

    /** What comes out of the journal would come out of it again. */
    @ParameterizedTest
    @EnumSource
    void a_recorded_failure_that_leaves_the_code_in_another_exception_is_not_retried_either(Database database) {
        var program = Job.define("wrapped", Integer.class, String.class, (job, n) -> {
                    done.add("body");
                    try {
                        return job.call("bad", TypeRef.of(String.class), Retry.never(), () -> {
                            throw new IOException("no file");
                        });
                    } catch (IOException e) {
                        throw new IllegalStateException("cannot go on", e);
                    }
                })
                .retry(Retry.times(5));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(done).containsExactly("body");
            assertThat(stage.problem(run).message()).startsWith("cannot go on (cause: java.io.IOException: no file");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_logic_failure_is_not_tried_again(Database database) {
        var program = Job.define(
                        "logic",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call("bad", String.class, () -> {
                            done.add("bad");
                            throw new Failure.Logic("never");
                        }))
                .retry(Retry.times(5));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(done).hasSize(1);
            assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.LOGIC);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_rate_limited_step_waits_as_long_as_the_other_side_asked(Database database) {
        var program = Job.define(
                        "limited",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call("ask", String.class, () -> {
                            done.add("ask");
                            if (done.size() == 1) throw new Failure.RateLimited("slow down", Duration.ofMinutes(5));
                            return "ok";
                        }))
                .retry(THRICE);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(Duration.ofMinutes(5).minusMillis(1), worker);
            assertThat(done).hasSize(1);
            stage.pass(Duration.ofMillis(1), worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** Nothing that the code catches gets around the person who has to fix it. */
    @ParameterizedTest
    @EnumSource
    void a_step_without_the_right_to_go_on_blocks_the_run_until_somebody_resumes_it(Database database) {
        var fixed = new AtomicInteger();
        var program = Job.define("login", Integer.class, String.class, (job, n) -> {
                    try {
                        return job.call("login", String.class, () -> {
                            if (fixed.get() == 0) throw new Failure.Auth("token expired");
                            if (fixed.get() == 1) throw new Failure.Permission("not you");
                            return "in";
                        });
                    } catch (RuntimeException swallowed) {
                        return job.call("other", String.class, () -> did("other", "swallowed"));
                    }
                })
                .retry(Retry.never());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.AUTH);
            fixed.set(1);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.PERMISSION);
            fixed.set(2);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("\"in\""));
            assertThat(done).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_jobs_own_exceptions_are_retried_from_journal_and_checkpoint(Database database) {
        var program = Job.define("own", Integer.class, Integer.class, (job, n) -> {
                    int at = job.checkpoint(Integer.class).orElse(0);
                    job.call("once", () -> did("once", ""));
                    seen.add(at);
                    job.checkpoint(at + 1);
                    if (at < 2) throw new IllegalStateException("own");
                    return at;
                })
                .retry(THRICE);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.task(run, "job", 0).wakeAt()).isEqualTo(stage.clock.now() + 10_000);
            stage.pass(Duration.ofSeconds(10), worker);
            stage.pass(Duration.ofSeconds(20), worker);
            assertThat(worker.output(run)).isEqualTo(new Json("2"));
            assertThat(seen).containsExactly(0, 1, 2);
            assertThat(done).containsExactly("once");
            assertThat(stage.story(run)).contains("task.retry job[0]");
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_jobs_own_exceptions_fail_it_when_its_attempts_are_spent(Database database) {
        var program = Job.define("own", Integer.class, Integer.class, (job, n) -> {
                    done.add("body");
                    job.sleep(Duration.ofSeconds(1)); // a wait does not spend an attempt
                    throw new IllegalStateException("own");
                })
                .retry(THRICE);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 5; i++) stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(done).hasSize(4);
        }
    }

    /** More tries than fit on a page of the journal. */
    @ParameterizedTest
    @EnumSource
    void a_step_may_be_tried_a_thousand_times(Database database) {
        var often = Retry.times(2_000)
                .base(Duration.ofSeconds(1))
                .cap(Duration.ofSeconds(1))
                .jitter(0);
        var program = Job.define("often", Integer.class, String.class, (job, n) -> {
                    job.call("first", () -> {});
                    return job.call("shaky", String.class, () -> {
                        done.add("shaky");
                        if (done.size() < 1_100) throw new Failure.Transient("not yet");
                        return "ok";
                    });
                })
                .retry(often);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 1_100; i++) stage.pass(Duration.ofSeconds(1), worker);
            assertThat(worker.output(run)).isEqualTo(new Json("\"ok\""));
            assertThat(stage.journal(run)).containsExactly("0 call first APPLIED", "1 call shaky APPLIED");
        }
    }

    // ---- interruptions -------------------------------------------------------------------------------------------

    /** It did not happen, so nobody may find it recorded. */
    @ParameterizedTest
    @EnumSource
    void a_step_that_is_interrupted_by_a_shutdown_is_done_by_another_worker(Database database) throws Exception {
        var began = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var program = Job.define(
                        "interrupted",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call("slow", String.class, () -> {
                            if (calls.incrementAndGet() > 1) return "done";
                            began.countDown();
                            new CountDownLatch(1).await();
                            return "impossible";
                        }))
                .retry(Retry.never());
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.grace(Duration.ofMillis(10)), program);
            var run = first.submit(program, 1).id();
            began.await();
            fleet.close(first);
            var second = fleet.open(program);
            assertThat(second.handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("\"done\""));
            assertThat(second.tasks(run, 1).getFirst().task().spent()).isEqualTo(1);
        }
    }

    /** Code that hides its interruption in another exception spends no try either. */
    @ParameterizedTest
    @EnumSource
    void a_step_that_fails_because_of_a_shutdown_has_not_failed(Database database) throws Exception {
        var began = new CountDownLatch(1);
        var calls = new AtomicInteger();
        var program = Job.define(
                        "hidden",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call("slow", String.class, () -> {
                            if (calls.incrementAndGet() > 1) return "done";
                            began.countDown();
                            try {
                                new CountDownLatch(1).await();
                            } catch (InterruptedException hidden) {
                                throw new IllegalStateException("closed", hidden);
                            }
                            return "impossible";
                        }))
                .retry(Retry.never());
        try (var fleet = new Fleet(database)) {
            var first = fleet.worker(worker -> worker.grace(Duration.ofMillis(10)), program);
            var run = first.submit(program, 1).id();
            began.await();
            fleet.close(first);
            assertThat(fleet.open(program).handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("\"done\""));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_step_that_is_interrupted_by_a_timeout_is_not_taken_for_done(Database database) throws Exception {
        var calls = new AtomicInteger();
        var program = Job.define(
                        "late",
                        Integer.class,
                        String.class,
                        (job, n) -> job.call("slow", String.class, () -> {
                            if (calls.incrementAndGet() == 1) new CountDownLatch(1).await();
                            return "done";
                        }))
                .timeout(Duration.ofMillis(100))
                .retry(Retry.times(2).base(Duration.ofMillis(10)));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            assertThat(pawl.submit(program, 1).await(Fleet.PATIENCE)).isEqualTo("done");
            assertThat(calls).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_large_journal_is_read_in_pages(Database database) {
        var program = Job.define("many", Integer.class, Integer.class, (job, n) -> {
            int sum = 0;
            for (int i = 0; i < n; i++) {
                int value = i;
                sum += job.call("step", Integer.class, () -> did("step", value));
            }
            job.sleep(HOUR);
            return sum + job.call("last", Integer.class, () -> did("last", 0));
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("1250"));
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(new Json(String.valueOf(1250 * 1249 / 2)));
            assertThat(done).hasSize(1251);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_output_that_cannot_be_written_fails_the_step(Database database) {
        var program = Job.define("cycle", Integer.class, String.class, (job, n) -> {
                    job.call("bad", new TypeRef<List<Object>>() {}, () -> {
                        var cycle = new ArrayList<Object>();
                        cycle.add(cycle);
                        return cycle;
                    });
                    return "";
                })
                .retry(Retry.never());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.journal(run)).containsExactly("0 call bad FAILED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_input_that_does_not_fit_is_refused(Database database) {
        var program = Job.define("typed", Integer.class, Integer.class, (job, n) -> n);
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            assertThatThrownBy(() -> worker.submit(program, new Json("\"no number\"")))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("The input of job \"typed\"");
            await().until(() -> stage.store
                    .runs(new dev.pawl.spi.Store.RunFilter(null, null, null, 1))
                    .isEmpty());
        }
    }
}
