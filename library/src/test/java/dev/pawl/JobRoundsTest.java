package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Job;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Jobs that go on for ever, as one run with a journal that begins anew in each round. */
class JobRoundsTest {

    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Integer> done = new ArrayList<>();

    private final Job<Integer, Integer> countdown = Job.define("countdown", Integer.class, Integer.class, (job, n) -> {
        job.call("round", () -> done.add(n));
        if (n == 0) return 100 + done.size();
        throw job.continueWith(n - 1);
    });

    @ParameterizedTest
    @EnumSource
    void fifty_rounds_are_one_run_that_remembers_only_the_last(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(countdown);
            var run = worker.submit(countdown, new Json("50"));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("151"));
            assertThat(done).hasSize(51).startsWith(50, 49).endsWith(0);
            assertThat(stage.store.tasks(run, "job", 0, 100))
                    .extracting(task -> task.task().key().index())
                    .containsExactly(49, 50);
            assertThat(stage.journal(run, "job", 48)).isEmpty();
            assertThat(stage.journal(run, "job", 50)).containsExactly("0 call round APPLIED");
            assertThat(stage.task(run, "job", 50).attempt()).isEqualTo(1);
            assertThat(stage.story(run)).contains("task.continued job[0]").endsWith("run.succeeded");
        }
    }

    @ParameterizedTest
    @EnumSource
    void whoever_waits_for_the_run_gets_the_output_of_the_last_round(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(countdown);
            assertThat(pawl.submit(countdown, 50).await(Fleet.PATIENCE)).isEqualTo(151);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_round_may_be_given_more_than_sits_in_a_row(Database database) {
        var program = Job.define(
                "large", new TypeRef<List<String>>() {}, TypeRef.of(Integer.class), (job, all) -> {
                    if (all.size() == 3) return all.stream().mapToInt(String::length).sum();
                    var more = new ArrayList<>(all);
                    more.add("x".repeat(300_000));
                    throw job.continueWith(more);
                });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("[]"));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("900000"));
        }
    }

    /** What nobody has taken is for the next round. */
    @ParameterizedTest
    @EnumSource
    void signals_and_children_outlive_a_round(Database database) {
        var program = Job.define("mail", Integer.class, Integer.class, (job, sum) -> {
            int next = job.await("add", Integer.class);
            if (next == 0) return sum;
            throw job.continueWith(sum + next);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("0"));
            for (int i = 1; i <= 5; i++) worker.signal(run, "add", new Json(String.valueOf(i)), null);
            worker.drain();
            worker.signal(run, "add", new Json("0"), null);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("15"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_in_a_round_repeats_nothing_of_the_rounds_before(Database database) {
        var program = Job.define("crash", Integer.class, Integer.class, (job, n) -> {
            job.call("round", () -> done.add(n));
            job.call("next", () -> {});
            if (n == 0) return 0;
            throw job.continueWith(n - 1);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("3"));
            for (int round = 0; round < 4; round++) {
                stage.die(worker);
                worker = stage.worker(program);
                worker.step();
            }
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(done).containsExactly(3, 2, 1, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_paused_job_begins_no_other_round(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(countdown);
            var run = worker.submit(countdown, new Json("1"));
            var claim = worker.claim(1).getFirst();
            worker.command(run, Verb.PAUSE);
            worker.end(claim, worker.attempt(claim));
            worker.drain();
            assertThat(done).containsExactly(1);
            assertThat(stage.open(run).key().index()).isEqualTo(1);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("102"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_checkpoint_of_a_round_is_its_own(Database database) {
        var program = Job.define("own", Integer.class, Integer.class, (job, n) -> {
            done.add(job.checkpoint(Integer.class).orElse(-1));
            job.checkpoint(n);
            job.sleep(HOUR);
            if (n == 0) return 0;
            throw job.continueWith(n - 1);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("1"));
            worker.drain();
            stage.pass(HOUR, worker);
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(done).containsExactly(-1, 1, -1, 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_goes_on_in_the_round_that_failed(Database database) {
        var broken = new AtomicInteger(1);
        var program = Job.define("broken", Integer.class, Integer.class, (job, n) -> {
            job.call("round", () -> done.add(n));
            job.call("shaky", () -> {
                if (n == 1 && broken.get() == 1) throw new Failure.Logic("broken");
            });
            if (n == 0) return 7;
            throw job.continueWith(n - 1);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("3"));
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            broken.set(0);
            var again = worker.submit(program, new Json("3"), null, null, run);
            worker.drain();
            assertThat(worker.output(again)).isEqualTo(new Json("7"));
            assertThat(done).containsExactly(3, 2, 1, 0);
            assertThat(stage.task(again, "job", 1).status()).isEqualTo(TaskStatus.SUCCEEDED);
        }
    }

    @ParameterizedTest
    @EnumSource
    void an_input_of_another_type_is_the_mistake_of_the_code(Database database) {
        var program = Job.define("mistake", Integer.class, Integer.class, (job, n) -> {
            throw job.continueWith("no number");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, new Json("3"));
            for (int i = 0; i < 4; i++) stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.problem(run).type()).isEqualTo("Logic");
            assertThat(stage.problem(run).message()).contains("The next input of job \"mistake\"");
        }
    }
}
