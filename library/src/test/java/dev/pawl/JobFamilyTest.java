package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.flow.Flow;
import dev.pawl.job.ChildFailed;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.spi.Store.RunFilter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs that runs start: what parents get from their children, and what becomes of one when the other ends. */
class JobFamilyTest {

    private static final Json INPUT = new Json("3");
    private static final Duration HOUR = Duration.ofHours(1);

    private final List<Object> seen = new ArrayList<>();

    private final Job<Integer, Integer> twice = Job.define("twice", Integer.class, Integer.class, (job, n) -> 2 * n);

    /** Waits for a signal that may never come. */
    private final Job<Integer, Integer> patient =
            Job.define("patient", Integer.class, Integer.class, (job, n) -> n + job.await("go", Integer.class));

    private final Job<Integer, Integer> broken = Job.define("broken", Integer.class, Integer.class, (job, n) -> {
        throw new Failure.Logic("no " + n);
    });

    private final Job<Integer, Integer> chain = Job.define("chain", Integer.class, Integer.class, this::descend);

    private static RunDetails child(Stage stage, RunId parent, int number) {
        return stage.store.children(parent, 100).get(number);
    }

    // ---- ends of children ----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_run_of_any_model_can_be_started_and_waited_for(Database database) {
        var flow =
                Flow.define("triple", Integer.class, (f, n) -> f.step("times", Integer.class, n, number -> 3 * number));
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var first = job.start(flow, n);
            var second = job.start(twice, n);
            return job.await(second) + job.await(first) + job.run(twice, 100);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, flow, twice);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("215"));
            assertThat(stage.store.children(run, 10))
                    .extracting(RunDetails::program)
                    .containsExactly("flow:triple", "job:twice", "job:twice");
            assertThat(stage.journal(run))
                    .containsExactly(
                            "0 start flow:triple APPLIED",
                            "1 start job:twice APPLIED",
                            "2 ended job:twice APPLIED",
                            "3 ended flow:triple APPLIED",
                            "4 start job:twice APPLIED",
                            "5 ended job:twice APPLIED");
            assertThat(stage.told(child(stage, run, 0).id(), "run.queued").getFirst())
                    .contains("\"parent\":\"" + run + "\"");
        }
    }

    /** X5. */
    @ParameterizedTest
    @EnumSource
    void a_child_may_give_back_null(Database database) {
        var nothing = Job.define("nothing", String.class, String.class, (job, s) -> null);
        var program = Job.define("parent", Integer.class, String.class, (job, n) -> "<" + job.run(nothing, null) + ">");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, nothing);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(Stage.json("<null>"));
        }
    }

    /** It would fail the same way again, so no attempt is spent on that. */
    @ParameterizedTest
    @EnumSource
    void the_failure_of_a_child_fails_its_parent_at_once(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
                    seen.add("body");
                    return job.run(broken, n);
                })
                .retry(Retry.times(5));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, broken);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(seen).hasSize(2);
            assertThat(stage.problem(run).type()).isEqualTo("ChildFailed");
            assertThat(stage.problem(run).message())
                    .isEqualTo("Run %s of job:broken failed: Logic (LOGIC): no 3"
                            .formatted(child(stage, run, 0).id()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_parent_that_catches_the_failure_of_a_child_takes_the_same_way_in_the_replay(Database database) {
        var program = Job.define("parent", Integer.class, String.class, (job, n) -> {
            try {
                job.run(patient, n);
            } catch (ChildFailed failed) {
                seen.add(failed.status() + " " + failed.getMessage());
            }
            job.sleep(HOUR);
            return "went on";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var child = child(stage, run, 0).id();
            worker.command(child, Verb.CANCEL);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(worker.output(run)).isEqualTo(Stage.json("went on"));
            String message = "CANCELLED Run " + child + " of job:patient was cancelled.";
            assertThat(seen).containsExactly(message, message);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_child_that_ends_while_its_parent_is_paused_is_heard_of_when_it_goes_on(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> job.run(patient, n));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.PAUSE);
            worker.signal(child(stage, run, 0).id(), "go", new Json("4"), null);
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.PAUSED);
            worker.command(run, Verb.RESUME);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("7"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_parent_that_died_finds_the_child_that_it_had_started(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var child = job.start(patient, n);
            job.call("next", () -> seen.add(child.run()));
            return job.await(child);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            stage.die(worker);
            var child = child(stage, run, 0).id();
            worker.signal(child, "go", new Json("4"), null);
            stage.worker(program, patient).drain();
            assertThat(worker.output(run)).isEqualTo(new Json("7"));
            assertThat(stage.store.children(run, 10)).hasSize(1);
            assertThat(seen).containsOnly(child);
        }
    }

    /** The moment between looking and parking. */
    @ParameterizedTest
    @EnumSource
    void a_child_that_ends_before_its_parent_has_parked_wakes_it(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> job.run(twice, n));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, twice);
            var run = worker.submit(program, INPUT);
            var claim = worker.claim(1).getFirst();
            var verdict = worker.attempt(claim); // the child is there, and has not ended
            worker.drain(); // it ends, and says so
            worker.end(claim, verdict);
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("6"));
        }
    }

    /** Invariant 2: what its children say comes too late for a run that has ended. */
    @ParameterizedTest
    @EnumSource
    void the_end_of_a_child_adds_nothing_to_a_run_that_has_ended(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var children =
                    IntStream.range(0, 5).mapToObj(i -> job.start(twice, i)).toList();
            int sum = 0;
            for (var child : children) sum += job.await(child);
            return sum;
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, twice);
            var run = worker.submit(program, INPUT);
            worker.step(); // the parent starts its children and waits
            var children = worker.claim(5);
            children.forEach(claim -> worker.end(claim, worker.attempt(claim)));
            var told = worker.claim(100); // by all of them at once; the parent is not woken yet
            worker.end(told.getFirst(), worker.attempt(told.getFirst()));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("20"));
            told.subList(1, told.size()).forEach(claim -> worker.end(claim, worker.attempt(claim)));
            worker.drain();
            assertThat(stage.story(run)).endsWith("task.succeeded job[0]", "run.succeeded");
        }
    }

    // ---- ends of parents -----------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void children_and_their_children_are_cancelled_with_their_parent_unless_they_go_their_own_way(Database database) {
        var middle = Job.define("middle", Integer.class, Integer.class, (job, n) -> job.run(patient, n));
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var child = job.start(middle, n);
            job.startDetached(patient, n);
            return job.await(child);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, middle, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            worker.drain();
            var child = child(stage, run, 0);
            assertThat(child.status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(child(stage, child.id(), 0).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(child(stage, run, 1).status()).isEqualTo(RunStatus.RUNNING);
            assertThat(stage.told(child.id(), "run.cancelled")).containsExactly("{\"actor\":\"parent " + run + "\"}");
        }
    }

    @ParameterizedTest
    @EnumSource
    void children_are_cancelled_when_their_parent_fails_whatever_they_wait_for(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
                    job.start(patient, n);
                    job.start(patient, n);
                    job.sleep(HOUR);
                    throw new Failure.Logic("enough");
                })
                .retry(Retry.never());
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(child(stage, run, 1).id(), Verb.PAUSE);
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.store.children(run, 10))
                    .extracting(RunDetails::status)
                    .containsExactly(RunStatus.CANCELLED, RunStatus.CANCELLED);
        }
    }

    /** Born and orphaned in one transaction. */
    @ParameterizedTest
    @EnumSource
    void a_child_is_cancelled_also_when_its_parent_fails_at_the_moment_of_its_birth(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            job.start(patient, n);
            job.startDetached(patient, n);
            throw new Failure.Logic("enough");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.store.children(run, 10))
                    .extracting(RunDetails::status)
                    .containsExactly(RunStatus.CANCELLED, RunStatus.RUNNING);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_parent_that_succeeds_leaves_its_children_alone(Database database) {
        var program = Job.define("parent", Integer.class, String.class, (job, n) -> {
            job.start(patient, n);
            return "gone";
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            var child = child(stage, run, 0);
            assertThat(child.status()).isEqualTo(RunStatus.RUNNING);
            worker.signal(child.id(), "go", new Json("1"), null);
            worker.drain();
            assertThat(stage.status(child.id())).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(stage.story(run)).endsWith("run.succeeded");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_ends_children_too(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> job.run(patient, n));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT, null, stage.clock.now() + HOUR.toMillis(), null);
            worker.drain();
            stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(child(stage, run, 0).status()).isEqualTo(RunStatus.CANCELLED);
        }
    }

    // ---- many ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void two_hundred_children_run_beside_each_other(Database database) throws Exception {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var children =
                    IntStream.range(0, n).mapToObj(i -> job.start(twice, i)).toList();
            return job.all(children).stream().mapToInt(Integer::intValue).sum();
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program, twice);
            var handle = pawl.submit(program, 200);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(200 * 199);
            assertThat(pawl.children(handle.id(), 1_000)).hasSize(200);
            assertThat(Fleet.story(pawl, handle.id())).endsWith("run.succeeded");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_chain_of_descendants_is_cancelled_down_to_the_last(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(chain);
            var root = pawl.submit(chain, 20);
            await().atMost(Fleet.PATIENCE)
                    .until(() -> pawl.list(new RunFilter(null, null, null, 100)).size() == 21);
            pawl.cancel(root.id(), "ann", "enough");
            await().atMost(Fleet.PATIENCE)
                    .until(() -> pawl.list(new RunFilter(RunStatus.CANCELLED, null, null, 100))
                                    .size()
                            == 21);
        }
    }

    /** Each starts one of its own kind, and the last waits. */
    private Integer descend(JobContext job, Integer n) {
        return n == 0 ? job.await("go", Integer.class) : job.run(chain, n - 1);
    }
}
