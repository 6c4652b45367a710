package dev.pawl;

import static dev.pawl.job.Branch.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Code that runs again over its journal: the same code gets the same answers, and other code is found out. */
class JobReplayTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    private final List<Object> seen = new ArrayList<>();

    private interface Body {
        Object run(JobContext job) throws Exception;
    }

    private static Job<Integer, String> job(Body body) {
        return Job.define("changing", Integer.class, String.class, (job, n) -> String.valueOf(body.run(job)))
                .retry(Retry.never());
    }

    private String step(JobContext job, String name) {
        return job.call(name, String.class, () -> {
            done.add(name);
            return name;
        });
    }

    /** The code that recorded: a, b, then an hour of sleep. */
    private final Job<Integer, String> old = job(job -> {
        String both = step(job, "a") + step(job, "b");
        job.sleep(HOUR);
        return both + step(job, "c");
    });

    /**
     * Goes on with other code: the run is blocked before anything new happens, the message says all of this, and with the
     * old code it goes on as if nothing had been.
     */
    private void diverges(Database database, Body changed, String... parts) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            var journal = stage.journal(run);
            stage.pass(HOUR, stage.worker(job(changed)));
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.DIVERGED);
            assertThat(done).containsExactly("a", "b");
            assertThat(stage.journal(run)).isEqualTo(journal);
            var problem = stage.problem(run);
            assertThat(problem.failureClass()).isEqualTo(FailureClass.DIVERGED);
            assertThat(problem.message()).contains("Job \"changing\" version 1").contains(parts);
            worker.command(run, Verb.RESUME);
            stage.worker(old).drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("abc"));
            assertThat(done).containsExactly("a", "b", "c");
        }
    }

    // ---- divergence ----------------------------------------------------------------------------------------------

    /** E9: what was not recorded like this is no answer, and the error names it. */
    @ParameterizedTest
    @EnumSource
    void another_name_is_found_out(Database database) {
        diverges(
                database,
                job -> step(job, "a") + step(job, "x"),
                "at position 1",
                "the code asks for call \"x\" (JobReplayTest.java:",
                "where call \"b\" was recorded",
                "version(…)");
    }

    @ParameterizedTest
    @EnumSource
    void another_kind_is_found_out(Database database) {
        diverges(
                database,
                job -> step(job, "a") + job.await("b", String.class),
                "at position 1",
                "the code asks for await \"b\"",
                "where call \"b\" was recorded");
    }

    @ParameterizedTest
    @EnumSource
    void another_order_is_found_out(Database database) {
        diverges(database, job -> step(job, "b") + step(job, "a"), "at position 0", "call \"b\"", "call \"a\"");
    }

    @ParameterizedTest
    @EnumSource
    void a_step_in_between_is_found_out(Database database) {
        diverges(
                database,
                job -> step(job, "a") + step(job, "b") + step(job, "new"),
                "at position 2",
                "call \"new\"",
                "where sleep was recorded");
    }

    @ParameterizedTest
    @EnumSource
    void a_step_that_is_gone_is_found_out(Database database) {
        diverges(database, job -> step(job, "b"), "at position 0", "call \"b\"", "call \"a\"");
    }

    @ParameterizedTest
    @EnumSource
    void an_end_that_comes_too_early_is_found_out(Database database) {
        diverges(
                database,
                job -> step(job, "a"),
                "at position 1",
                "the code came to its end, where call \"b\" was recorded");
        done.clear();
        diverges(
                database,
                job -> {
                    throw job.continueWith(step(job, "a").length());
                },
                "at position 1",
                "the code came to its end");
    }

    /** A failure of the code that comes too early is not the failure of the run. */
    @ParameterizedTest
    @EnumSource
    void nobody_can_swallow_a_divergence(Database database) {
        diverges(
                database,
                job -> {
                    try {
                        return step(job, "x");
                    } catch (Throwable swallowed) {
                        return "swallowed";
                    }
                },
                "at position 0");
        done.clear();
        diverges(
                database,
                job -> {
                    for (String name : List.of("x", "a", "b")) {
                        try {
                            step(job, name);
                        } catch (Exception swallowed) {
                            seen.add(name);
                        }
                    }
                    return "swallowed";
                },
                "at position 0",
                "call \"x\"");
        assertThat(seen).containsExactly("x", "a", "b");
    }

    @ParameterizedTest
    @EnumSource
    void other_branches_are_found_out(Database database) {
        Body three = job -> {
            String winner = job.any(List.of(branch("p"), branch("p"), branch("p")));
            job.sleep(HOUR);
            return winner + step(job, "c");
        };
        Body two = job -> {
            String winner = job.any(List.of(branch("p"), branch("p")));
            job.sleep(HOUR);
            return winner + step(job, "c");
        };
        Body other = job -> {
            String winner = job.any(List.of(branch("q"), branch("q"), branch("q")));
            job.sleep(HOUR);
            return winner + step(job, "c");
        };
        for (Body changed : List.of(two, other)) {
            try (var stage = new Stage(database)) {
                var worker = stage.worker(job(three));
                var run = worker.submit(job(three), INPUT);
                worker.drain();
                stage.pass(HOUR, stage.worker(job(changed)));
                assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
                assertThat(stage.problem(run).failureClass()).isEqualTo(FailureClass.DIVERGED);
            }
        }
    }

    private dev.pawl.job.Branch<String> branch(String name) {
        return call(name, String.class, () -> name);
    }

    @ParameterizedTest
    @EnumSource
    void another_step_at_the_end_is_no_divergence(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            var longer = job(job -> {
                String both = step(job, "a") + step(job, "b");
                job.sleep(HOUR);
                return both + step(job, "x") + step(job, "y");
            });
            stage.pass(HOUR, stage.worker(longer));
            assertThat(worker.output(run)).isEqualTo(Stage.json("abxy"));
            assertThat(done).containsExactly("a", "b", "x", "y");
        }
    }

    // ---- versions ------------------------------------------------------------------------------------------------

    private Job<Integer, String> versioned(int oldest, int newest) {
        return job(job -> {
            String so = step(job, "a");
            int version = job.version("greet", oldest, newest);
            so += version == 0 ? step(job, "b") : step(job, "b" + version);
            job.sleep(HOUR);
            return so + job.version("greet", oldest, newest) + step(job, "c");
        });
    }

    @ParameterizedTest
    @EnumSource
    void runs_that_had_passed_before_the_change_go_on_as_they_began(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            stage.pass(HOUR, stage.worker(versioned(0, 2)));
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab0c"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void new_runs_get_the_newest_version_and_keep_it(Database database) {
        try (var stage = new Stage(database)) {
            var program = versioned(0, 1);
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.journal(run))
                    .containsExactly(
                            "0 call a APPLIED", "1 version greet APPLIED", "2 call b1 APPLIED", "3 sleep APPLIED");
            stage.pass(HOUR, stage.worker(versioned(1, 2)));
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab11c"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_too_old_for_the_code_is_blocked_and_told_so(Database database) {
        try (var stage = new Stage(database)) {
            var program = versioned(0, 1);
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, stage.worker(versioned(2, 3)));
            assertThat(stage.status(run)).isEqualTo(RunStatus.BLOCKED);
            assertThat(worker.details(run).run().reason()).isEqualTo(Reason.DIVERGED);
            assertThat(stage.problem(run).message())
                    .contains(
                            "Run " + run + " is at version 1 of change \"greet\", and this code goes on with 2 to 3.");
            worker.command(run, Verb.RESUME);
            stage.worker(versioned(1, 3)).drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
        }
    }

    /** A run that waits before the change has not passed it. */
    @ParameterizedTest
    @EnumSource
    void a_run_that_has_not_come_to_the_change_gets_the_newest_version(Database database) {
        var before = job(job -> {
            String so = step(job, "a");
            job.sleep(HOUR);
            return so + step(job, "b");
        });
        var after = job(job -> {
            String so = step(job, "a");
            job.sleep(HOUR);
            return so + job.version("late", 0, 5) + step(job, "x");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(before);
            var run = worker.submit(before, INPUT);
            worker.drain();
            stage.pass(HOUR, stage.worker(after));
            assertThat(worker.output(run)).isEqualTo(Stage.json("a5x"));
        }
    }

    // ---- what would differ ---------------------------------------------------------------------------------------

    /** E4, E5: what was recorded comes back. */
    @ParameterizedTest
    @EnumSource
    void time_and_chance_are_the_same_in_every_replay(Database database) {
        var program = job(job -> {
            var random = job.random();
            var values = List.of(
                    job.now().toEpochMilli(),
                    random.nextLong(),
                    random.nextInt(),
                    job.random().nextLong(),
                    job.uuid(),
                    job.uuid());
            seen.add(values);
            job.sleep(HOUR);
            return job.now().toEpochMilli();
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(seen).hasSize(2);
            assertThat(seen.get(0)).isEqualTo(seen.get(1));
            assertThat((List<?>) seen.get(0)).doesNotHaveDuplicates();
            assertThat(worker.output(run)).isEqualTo(Stage.json(String.valueOf(1_800_000_000_000L + 3_600_000)));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_line_is_noted_once(Database database) {
        var program = job(job -> {
            job.log("a line with \"quotes\" and\nbreaks");
            job.sleep(HOUR);
            return "";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.effects(run, "job", 0).getFirst().value().stored())
                    .isEqualTo("\"a line with \\\"quotes\\\" and\\nbreaks\"");
        }
    }

    /** Nothing that catches everything gets around a wait. */
    @ParameterizedTest
    @EnumSource
    void a_wait_that_the_code_catches_is_a_wait_all_the_same(Database database) {
        var program = job(job -> {
            try {
                job.sleep(HOUR);
            } catch (Throwable swallowed) {
                seen.add("swallowed");
            }
            return "awake";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("awake"));
            assertThat(seen).containsExactly("swallowed");
        }
    }

    /** The line is where the code asks, not somewhere in ours. */
    @ParameterizedTest
    @EnumSource
    void the_line_in_the_message_is_that_of_the_code(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(old);
            var run = worker.submit(old, INPUT);
            worker.drain();
            int[] line = new int[1];
            stage.pass(HOUR, stage.worker(job(job -> {
                line[0] = new Throwable().getStackTrace()[0].getLineNumber() + 1;
                return job.run(old, 1);
            })));
            assertThat(stage.problem(run).message())
                    .containsPattern(Pattern.quote("(JobReplayTest.java:" + line[0] + ")"));
        }
    }

    // ---- rounds --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_journal_of_five_thousand_effects_is_replayed(Database database) {
        var program = Job.define("loop", Integer.class, Integer.class, (job, n) -> {
            int sum = 0;
            for (int i = 0; i < n; i++) sum += (int) (job.now().toEpochMilli() % 7);
            job.sleep(HOUR);
            return sum + job.call("last", Integer.class, () -> 1);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("5000"));
            worker.drain();
            stage.pass(HOUR, worker);
            long sum = LongStream.range(0, 5_000)
                    .map(i -> (1_800_000_000_000L + i) % 7)
                    .sum();
            assertThat(worker.output(run)).isEqualTo(new Json(String.valueOf(1 + sum)));
            assertThat(stage.effects(run, "job", 0)).hasSize(5_002);
        }
    }
}
