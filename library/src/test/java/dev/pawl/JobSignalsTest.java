package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.job.Job;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CyclicBarrier;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Signals: durable, in order, once each, and as welcome before the wait as during it. */
class JobSignalsTest {

    private static final Json INPUT = new Json("1");
    private static final Duration DAY = Duration.ofDays(1);

    private final List<String> done = new ArrayList<>();

    private final Job<Integer, String> two = Job.define("two", Integer.class, String.class, (job, n) -> {
        String first = job.await("go", String.class);
        String second = job.await("go", String.class);
        return first + second;
    });

    private final Job<Integer, String> timed = Job.define("timed", Integer.class, String.class, (job, n) -> {
        String first = job.await("go", String.class, DAY).orElse("nobody");
        String second = job.await("go", String.class, DAY).orElse("nobody");
        return first + "," + second;
    });

    @ParameterizedTest
    @EnumSource
    void signals_that_came_before_the_wait_count_in_their_order(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.signal(run, "go", Stage.json("a"), null);
            worker.signal(run, "go", Stage.json("b"), null);
            worker.signal(run, "go", Stage.json("c"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
            assertThat(stage.store.messages(run, null, 10)).hasSize(1);
            assertThat(stage.told(run, "signal.received").getFirst()).isEqualTo("{\"name\":\"go\",\"actor\":\"test\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_wakes_the_wait(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.drain();
            assertThat(stage.journal(run)).containsExactly("0 await go BEGUN");
            worker.signal(run, "go", Stage.json("a"), null);
            worker.drain();
            assertThat(stage.journal(run)).containsExactly("0 await go APPLIED", "1 await go BEGUN");
            stage.clock.advance(DAY);
            stage.worker(two).signal(run, "go", Stage.json("b"), null);
            stage.worker(two).drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_with_the_same_id_is_dropped_also_when_the_first_was_taken_long_ago(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            assertThat(worker.signal(run, "go", Stage.json("a"), "1")).isTrue();
            assertThat(worker.signal(run, "go", Stage.json("x"), "1")).isFalse();
            worker.drain();
            assertThat(worker.signal(run, "go", Stage.json("y"), "1")).isFalse();
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            assertThat(worker.signal(run, "go", Stage.json("b"), "2")).isTrue();
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
            assertThat(stage.told(run, "signal.received")).hasSize(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void names_keep_signals_apart(Database database) {
        var program = Job.define("names", Integer.class, String.class, (job, n) -> {
            String left = job.await("left", String.class);
            return left + job.await("right", String.class);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.signal(run, "right", Stage.json("R"), null);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            worker.signal(run, "left", Stage.json("L"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("LR"));
        }
    }

    /** Each wait has its own time, which a restart does not begin anew. */
    @ParameterizedTest
    @EnumSource
    void a_wait_gives_up_after_its_time(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(timed);
            var run = worker.submit(timed, INPUT);
            worker.drain();
            stage.pass(Duration.ofHours(12), stage.worker(timed));
            assertThat(stage.journal(run)).containsExactly("0 await go BEGUN");
            stage.pass(Duration.ofHours(12), stage.worker(timed));
            assertThat(stage.journal(run)).containsExactly("0 await go APPLIED", "1 await go BEGUN");
            stage.clock.advance(Duration.ofHours(23));
            worker.signal(run, "go", Stage.json("late"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("nobody,late"));
        }
    }

    /** Another signal makes the code look, and look again when its time has come. */
    @ParameterizedTest
    @EnumSource
    void a_signal_of_another_name_does_not_end_a_wait(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(timed);
            var run = worker.submit(timed, INPUT);
            worker.drain();
            worker.signal(run, "stop", Json.NULL, null);
            worker.drain();
            assertThat(stage.task(run, "job", 0).wakeAt()).isEqualTo(stage.clock.now() + DAY.toMillis());
            stage.pass(DAY, worker);
            stage.pass(DAY, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("nobody,nobody"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_wait_of_no_time_takes_what_is_there(Database database) {
        var program = Job.define(
                "poll",
                Integer.class,
                String.class,
                (job, n) -> job.await("go", String.class, Duration.ZERO).orElse("nothing")
                        + job.await("go", String.class, Duration.ZERO).orElse("nothing"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.signal(run, "go", Stage.json("a"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("anothing"));
        }
    }

    /** The moment that a wait without memory would miss. */
    @ParameterizedTest
    @EnumSource
    void a_signal_between_looking_and_parking_is_not_missed(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            for (String text : List.of("a", "b")) {
                var claim = worker.claim(1).getFirst();
                var verdict = worker.attempt(claim); // nothing is there
                worker.signal(run, "go", Stage.json(text), null);
                worker.end(claim, verdict);
            }
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
        }
    }

    /** X5. */
    @ParameterizedTest
    @EnumSource
    void a_signal_may_carry_null_and_is_one_all_the_same(Database database) {
        var program = Job.define("null", Integer.class, String.class, (job, n) -> {
            String nothing = job.await("go", String.class);
            job.sleep(DAY);
            return nothing + job.await("go", String.class) + "!";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.signal(run, "go", Json.NULL, null);
            worker.signal(run, "go", Stage.json(""), null);
            worker.drain();
            stage.pass(DAY, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("null!"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_does_not_hurry_a_step_that_waits_for_its_next_try(Database database) {
        var program = Job.define("backoff", Integer.class, String.class, (job, n) -> {
                    job.call("shaky", () -> {
                        done.add("shaky");
                        if (done.size() < 2) throw new Failure.Transient("not yet");
                    });
                    return job.await("go", String.class);
                })
                .retry(Retry.times(2).base(DAY).cap(DAY).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.signal(run, "go", Stage.json("a"), null);
            worker.drain();
            assertThat(done).hasSize(1);
            assertThat(stage.task(run, "job", 0).wakeAt()).isEqualTo(stage.clock.now() + DAY.toMillis());
            stage.pass(DAY, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_does_not_hurry_a_job_that_waits_for_its_next_attempt_nor_one_that_sleeps(Database database) {
        var program = Job.define("again", Integer.class, String.class, (job, n) -> {
                    done.add("body");
                    if (done.size() < 2) throw new IllegalStateException("own");
                    job.sleep(DAY);
                    return job.await("go", String.class);
                })
                .retry(Retry.times(2).base(DAY).cap(DAY).jitter(0));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.signal(run, "go", Stage.json("a"), null);
            worker.drain();
            assertThat(done).hasSize(1);
            stage.pass(DAY, worker);
            worker.signal(run, "go", Stage.json("b"), null);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.RUNNING);
            stage.pass(DAY, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("a"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_to_a_paused_run_waits_for_it(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.drain();
            worker.command(run, Verb.PAUSE);
            worker.signal(run, "go", Stage.json("a"), null);
            worker.signal(run, "go", Stage.json("b"), null);
            stage.pass(DAY, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.PAUSED);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_to_a_run_that_has_ended_or_never_was_is_refused(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.command(run, Verb.CANCEL);
            assertThatThrownBy(() -> worker.signal(run, "go", Json.NULL, null))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.WRONG_STATUS));
            assertThatThrownBy(() -> worker.signal(new RunId(1, 1), "go", Json.NULL, null))
                    .isInstanceOfSatisfying(
                            Refused.class, refused -> assertThat(refused.why()).isEqualTo(Refused.Why.NO_SUCH_RUN));
        }
    }

    /** A crash after a signal was taken does not lose it, nor is it taken twice. */
    @ParameterizedTest
    @EnumSource
    void a_signal_that_was_taken_by_a_worker_that_died_is_taken_again(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.signal(run, "go", Stage.json("a"), null);
            stage.die(worker);
            assertThat(stage.journal(run)).containsExactly("0 await go APPLIED");
            worker.signal(run, "go", Stage.json("b"), null);
            stage.die(worker);
            assertThat(stage.store.messages(run, "go", 10)).hasSize(1);
            stage.worker(two).drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("ab"));
            assertThat(stage.store.messages(run, "go", 10)).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_signal_that_does_not_fit_fails_the_job_instead_of_being_lost(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(two);
            var run = worker.submit(two, INPUT);
            worker.signal(run, "go", new Json("{\"x\":1}"), null);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).message()).contains("\"go\"").contains("does not fit String");
        }
    }

    @ParameterizedTest
    @EnumSource
    void many_signals_from_many_threads_arrive_each_once(Database database) throws Exception {
        var program = Job.define("many", Integer.class, Integer.class, (job, n) -> {
            int sum = 0;
            for (int i = 0; i < n; i++)
                sum += job.await("add", Integer.class, Duration.ofHours(1)).orElse(-1_000_000);
            return sum;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var handle = pawl.submit(program, 200);
            var together = new CyclicBarrier(4);
            var threads = new ArrayList<Thread>();
            for (int t = 0; t < 4; t++) {
                threads.add(Thread.ofVirtual().start(() -> {
                    try {
                        together.await();
                    } catch (Exception broken) {
                        throw new IllegalStateException(broken);
                    }
                    for (int i = 0; i < 50; i++)
                        pawl.signal(handle.id(), "add", new Json(String.valueOf(i)), null, "t");
                }));
            }
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(4 * 50 * 49 / 2);
            for (var thread : threads) thread.join();
            assertThat(Optional.of(pawl.run(handle.id()).status())).contains(RunStatus.SUCCEEDED);
        }
    }
}
