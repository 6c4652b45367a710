package dev.pawl;

import static dev.pawl.job.Branch.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Retry;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.job.Branch;
import dev.pawl.job.ChildFailed;
import dev.pawl.job.Job;
import dev.pawl.job.JobContext;
import dev.pawl.testkit.HandDriven;
import java.io.IOException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Retry, restart and fork: new runs that keep something of an earlier one, which stays as it is. */
class LinksTest {

    private static final Json INPUT = new Json("1");
    private static final Duration HOUR = Duration.ofHours(1);

    private final ConcurrentLinkedQueue<String> done = new ConcurrentLinkedQueue<>();
    private final Set<String> broken = new HashSet<>();

    private Branch<String> branch(String name) {
        return call(name, String.class, () -> work(name));
    }

    private String work(String name) throws IOException {
        done.add(name);
        if (broken.contains(name)) throw new IOException(name + " broke");
        return name;
    }

    private String step(JobContext job, String name) throws Exception {
        return job.call(name, String.class, () -> work(name));
    }

    private interface Body {
        String run(JobContext job) throws Exception;
    }

    private static Job<Integer, String> job(Body body) {
        return Job.define("linked", Integer.class, String.class, (job, n) -> body.run(job))
                .retry(Retry.never());
    }

    private final Job<Integer, String> three = job(job -> step(job, "a") + step(job, "b") + step(job, "c"));

    private final Job<Integer, Integer> patient =
            Job.define("patient", Integer.class, Integer.class, (job, n) -> n + job.await("go", Integer.class));

    private final Job<Integer, String> child = Job.define(
                    "child", Integer.class, String.class, (job, n) -> step(job, "child"))
            .retry(Retry.never());

    /** The names of what was done since the last look. */
    private List<String> doneNow() {
        var now = List.copyOf(done);
        done.clear();
        return now;
    }

    private static RunId retry(HandDriven worker, Job<Integer, ?> program, RunId run) {
        var again = worker.submit(program, INPUT, null, null, run);
        worker.drain();
        return again;
    }

    // ---- retry ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_retry_does_over_the_step_that_failed_and_goes_on(Database database) {
        broken.add("b");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            assertThat(doneNow()).containsExactly("a", "b");
            broken.clear();
            var again = retry(worker, three, run);
            assertThat(worker.output(again)).isEqualTo(Stage.json("abc"));
            assertThat(doneNow()).containsExactly("b", "c");
            assertThat(worker.details(again).retryOf()).isEqualTo(run);
            assertThat(worker.details(again).link()).isEqualTo(Link.RETRY);
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            assertThat(stage.journal(run)).containsExactly("0 call a APPLIED", "1 call b FAILED");
            assertThat(stage.task(again, "job", 0).spent()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void the_retry_of_a_cancelled_run_goes_on_where_it_was(Database database) {
        var program = job(job -> step(job, "a") + job.await("go", String.class) + step(job, "b"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            worker.command(run, Verb.CANCEL);
            var again = retry(worker, program, run);
            worker.signal(again, "go", Stage.json("-"), null);
            worker.drain();
            assertThat(worker.output(again)).isEqualTo(Stage.json("a-b"));
            assertThat(doneNow()).containsExactly("a", "b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_keeps_the_checkpoint(Database database) {
        var program = Job.define("check", Integer.class, Integer.class, (job, n) -> {
                    int at = job.checkpoint(Integer.class).orElse(0);
                    job.checkpoint(at + 1);
                    job.progress(at, 10, "counting");
                    if (broken.contains("body")) throw new IllegalStateException("own");
                    return at;
                })
                .retry(Retry.never());
        broken.add("body");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var again = retry(worker, program, run);
            broken.clear();
            var third = retry(worker, program, again);
            assertThat(worker.output(third)).isEqualTo(new Json("2"));
        }
    }

    /** What the code met and went on with is history, and not what made the run fail. */
    @ParameterizedTest
    @EnumSource
    void a_retry_keeps_a_failure_that_was_caught(Database database) {
        var program = job(job -> {
            String first;
            try {
                first = step(job, "a");
            } catch (IOException caught) {
                first = step(job, "instead");
            }
            if (broken.contains("body")) throw new IllegalStateException("own");
            return first + step(job, "c");
        });
        broken.addAll(List.of("a", "body"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(doneNow()).containsExactly("a", "instead");
            broken.clear();
            var again = retry(worker, program, run);
            assertThat(worker.output(again)).isEqualTo(Stage.json("insteadc"));
            assertThat(doneNow()).containsExactly("c");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_does_over_all_branches_that_failed_and_none_that_did_not(Database database) {
        var program = job(job ->
                String.join("", job.all(List.of(branch("a"), branch("b"), branch("c"), branch("d")))) + step(job, "e"));
        broken.addAll(List.of("b", "d"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(doneNow()).containsExactlyInAnyOrder("a", "b", "c", "d");
            broken.clear();
            var again = retry(worker, program, run);
            assertThat(worker.output(again)).isEqualTo(Stage.json("abcde"));
            assertThat(doneNow()).containsExactlyInAnyOrder("b", "d", "e");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_of_what_nobody_won_is_another_contest(Database database) {
        for (var program : List.of(
                job(job -> job.<String>any(List.of(branch("a"), branch("b"))) + step(job, "c")),
                job(job -> job.<String>race(List.of(branch("a"), branch("b"))) + step(job, "c")))) {
            broken.addAll(List.of("a", "b"));
            try (var stage = new Stage(database)) {
                var worker = stage.worker(program);
                var run = worker.submit(program, INPUT);
                worker.drain();
                assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
                broken.clear();
                var again = retry(worker, program, run);
                assertThat(worker.output(again)).isIn(Stage.json("ac"), Stage.json("bc"));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_starts_another_child_in_place_of_one_that_failed(Database database) {
        var program = job(job -> {
            var first = job.start(child, 1);
            String before = step(job, "between");
            return before + job.await(first) + step(job, "after");
        });
        broken.add("child");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, child);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            doneNow();
            broken.clear();
            var again = retry(worker, program, run);
            assertThat(worker.output(again)).isEqualTo(Stage.json("betweenchildafter"));
            assertThat(doneNow()).containsExactly("child", "after");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_keeps_children_that_succeeded_and_failures_of_children_that_were_caught(Database database) {
        var bad = Job.define("bad", Integer.class, String.class, (job, n) -> step(job, "bad"))
                .retry(Retry.never());
        var program = job(job -> {
            String good = job.run(child, 1);
            try {
                job.run(bad, 1);
            } catch (ChildFailed caught) {
                good += step(job, "instead");
            }
            return good + step(job, "last");
        });
        broken.addAll(List.of("bad", "last"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, child, bad);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(doneNow()).containsExactly("child", "bad", "instead", "last");
            broken.clear();
            var again = retry(worker, program, run);
            assertThat(worker.output(again)).isEqualTo(Stage.json("childinsteadlast"));
            assertThat(doneNow()).containsExactly("last");
            assertThat(stage.store.children(again, 10)).isEmpty();
        }
    }

    /** The child that was still open was cancelled with its parent. */
    @ParameterizedTest
    @EnumSource
    void a_retry_starts_children_again_that_ended_with_their_parent(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
            var one = job.start(patient, 10);
            step(job, "work");
            return job.await(one);
        });
        broken.add("work");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program.retry(Retry.never()), patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            assertThat(stage.status(run)).isEqualTo(RunStatus.FAILED);
            broken.clear();
            var again = retry(worker, program, run);
            var other = stage.store.children(again, 10).getFirst().id();
            worker.signal(other, "go", new Json("4"), null);
            worker.drain();
            assertThat(worker.output(again)).isEqualTo(new Json("14"));
        }
    }

    /** Nobody tells the new run of its end, because the old one started it. */
    @ParameterizedTest
    @EnumSource
    void a_retry_waits_for_a_child_of_the_earlier_run_that_goes_its_own_way(Database database) {
        var program = Job.define("parent", Integer.class, Integer.class, (job, n) -> {
                    var one = job.startDetached(patient, 10);
                    step(job, "work");
                    return job.await(one);
                })
                .retry(Retry.never());
        broken.add("work");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program, patient);
            var run = worker.submit(program, INPUT);
            worker.drain();
            broken.clear();
            var again = retry(worker, program, run);
            var only = stage.store.children(run, 10).getFirst().id();
            worker.signal(only, "go", new Json("4"), null);
            worker.drain();
            stage.pass(Duration.ofSeconds(10), worker);
            assertThat(worker.output(again)).isEqualTo(new Json("14"));
            assertThat(stage.store.children(again, 10)).isEmpty();
        }
    }

    // ---- restart -------------------------------------------------------------------------------------------------

    /** R8: nothing is kept, also of what succeeded. */
    @ParameterizedTest
    @EnumSource
    void a_restart_begins_anew_perhaps_with_another_input(Database database) {
        var program = Job.define("restarted", Integer.class, Integer.class, (job, n) -> {
            job.checkpoint(job.checkpoint(Integer.class).orElse(0) + n);
            job.call("a", () -> done.add("a"));
            return job.checkpoint(Integer.class).orElse(0);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            worker.drain();
            var same = stage.ask(pawl -> pawl.restart(run, null, "ann").id(), program);
            var other =
                    stage.ask(pawl -> pawl.restart(run, new Json("5"), "ann").id(), program);
            worker.drain();
            assertThat(worker.output(same)).isEqualTo(new Json("1"));
            assertThat(worker.output(other)).isEqualTo(new Json("5"));
            assertThat(doneNow()).hasSize(3);
            assertThat(worker.details(other).link()).isEqualTo(Link.RESTART);
            assertThat(stage.told(other, "run.queued").getFirst())
                    .contains("\"actor\":\"ann\"")
                    .contains("\"restartOf\":\"" + run + "\"");
        }
    }

    // ---- fork ----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_fork_does_over_everything_from_a_step_on(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            doneNow();
            var byName = stage.ask(pawl -> pawl.fork(run, "b", Map.of(), "ann").id(), three);
            worker.drain();
            assertThat(worker.output(byName)).isEqualTo(Stage.json("abc"));
            assertThat(doneNow()).containsExactly("b", "c");
            var byPosition =
                    stage.ask(pawl -> pawl.fork(run, "0", Map.of(), "ann").id(), three);
            worker.drain();
            assertThat(worker.output(byPosition)).isEqualTo(Stage.json("abc"));
            assertThat(doneNow()).containsExactly("a", "b", "c");
            assertThat(worker.details(byName).link()).isEqualTo(Link.FORK);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_may_have_other_outputs_for_what_came_before(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            doneNow();
            var fork = stage.ask(
                    pawl -> pawl.fork(run, "c", Map.of("a", Stage.json("A"), "1", Stage.json("B")), "ann")
                            .id(),
                    three);
            worker.drain();
            assertThat(worker.output(fork)).isEqualTo(Stage.json("ABc"));
            assertThat(doneNow()).containsExactly("c");
            assertThat(worker.output(run)).isEqualTo(Stage.json("abc"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_from_or_an_edit_of_a_step_that_is_not_there_is_a_mistake(Database database) {
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            stage.ask(
                    pawl -> {
                        assertThatThrownBy(() -> pawl.fork(run, "x", Map.of(), "ann"))
                                .isInstanceOf(Failure.Logic.class)
                                .hasMessage("Job \"linked\" version 1 has recorded no step \"x\". It has recorded:"
                                        + " [0 call a, 1 call b, 2 call c].");
                        assertThatThrownBy(() -> pawl.fork(run, "b", Map.of("c", Json.NULL), "ann"))
                                .isInstanceOf(Failure.Logic.class)
                                .hasMessageContaining("\"c\" cannot have another output: it comes later");
                        return true;
                    },
                    three);
            assertThat(stage.store.successors(run)).isEmpty();
        }
    }

    /** A checkpoint that was made later says what has not been done yet. */
    @ParameterizedTest
    @EnumSource
    void a_fork_keeps_a_checkpoint_only_if_it_is_older_than_the_step(Database database) {
        var program = Job.define("check", Integer.class, String.class, (job, n) -> {
            done.add("at " + job.checkpoint(Integer.class).orElse(0));
            job.sleep(HOUR);
            step(job, "early");
            job.sleep(HOUR);
            job.checkpoint(7);
            job.sleep(HOUR);
            return step(job, "late");
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var run = worker.submit(program, INPUT);
            for (int i = 0; i < 4; i++) stage.pass(HOUR, worker);
            assertThat(stage.status(run)).isEqualTo(RunStatus.SUCCEEDED);
            doneNow();
            stage.ask(pawl -> pawl.fork(run, "early", Map.of(), "ann").id(), program);
            worker.drain();
            assertThat(doneNow()).containsExactly("at 0", "early");
            stage.ask(pawl -> pawl.fork(run, "late", Map.of(), "ann").id(), program);
            worker.drain();
            assertThat(doneNow()).containsExactly("at 7", "late");
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_fork_goes_on_with_newer_code(Database database) {
        var newer = job(job -> step(job, "a") + step(job, "x"));
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            doneNow();
            var fork = stage.ask(pawl -> pawl.fork(run, "b", Map.of(), "ann").id(), newer);
            stage.worker(newer).drain();
            assertThat(worker.output(fork)).isEqualTo(Stage.json("ax"));
            assertThat(doneNow()).containsExactly("x");
        }
    }

    // ---- all of them ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void the_chain_is_the_same_from_each_of_its_members(Database database) {
        broken.add("b");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            var retried = stage.ask(pawl -> pawl.retry(run, "ann").id(), three);
            broken.clear();
            worker.drain();
            var forked =
                    stage.ask(pawl -> pawl.fork(retried, "c", Map.of(), "ann").id(), three);
            var restarted = stage.ask(pawl -> pawl.restart(run, null, "ann").id(), three);
            worker.drain();
            for (RunId member : List.of(run, retried, forked, restarted)) {
                List<RunDetails> chain = stage.ask(pawl -> pawl.chain(member));
                assertThat(chain).extracting(RunDetails::id).containsExactly(run, retried, forked, restarted);
            }
        }
    }

    /** X10: what may be done to a run in which status; everything else is refused, says why, and changes nothing. */
    @ParameterizedTest
    @EnumSource
    void verbs_are_refused_where_the_status_forbids_them(Database database) {
        var program = job(job -> {
            if (broken.contains("blocked"))
                job.call("login", () -> {
                    throw new Failure.Auth("expired");
                });
            return step(job, "a") + job.await("go", String.class);
        });
        try (var stage = new Stage(database)) {
            var worker = stage.worker(program);
            var failed = worker.submit(program, INPUT);
            broken.add("a");
            worker.drain();
            broken.clear();
            var succeeded = worker.submit(program, INPUT);
            worker.signal(succeeded, "go", Stage.json("!"), null);
            worker.drain();
            var cancelled = worker.submit(program, INPUT);
            var paused = worker.submit(program, INPUT);
            var running = worker.submit(program, INPUT);
            worker.drain();
            broken.add("blocked");
            var blocked = worker.submit(program, INPUT);
            worker.drain();
            worker.command(cancelled, Verb.CANCEL);
            worker.command(paused, Verb.PAUSE);
            var queued = worker.submit(program, INPUT);
            var runs = Map.of(
                    RunStatus.QUEUED, queued,
                    RunStatus.RUNNING, running,
                    RunStatus.PAUSED, paused,
                    RunStatus.BLOCKED, blocked,
                    RunStatus.SUCCEEDED, succeeded,
                    RunStatus.FAILED, failed,
                    RunStatus.CANCELLED, cancelled);
            runs.forEach((status, run) -> assertThat(stage.status(run)).isEqualTo(status));
            var allowed = Map.<String, Set<RunStatus>>of(
                    "pause", Set.of(RunStatus.RUNNING),
                    "resume", Set.of(RunStatus.PAUSED, RunStatus.BLOCKED),
                    "cancel", Set.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.BLOCKED),
                    "forgive", Set.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.BLOCKED),
                    "signal", Set.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.BLOCKED),
                    "retry", Set.of(RunStatus.FAILED, RunStatus.CANCELLED),
                    "restart", Set.of(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED),
                    "fork", Set.of(RunStatus.SUCCEEDED, RunStatus.FAILED, RunStatus.CANCELLED));
            stage.ask(
                    pawl -> {
                        var verbs = Map.<String, Consumer<RunId>>of(
                                "pause", run -> pawl.pause(run, "ann", ""),
                                "resume", run -> pawl.resume(run, "ann", ""),
                                "cancel", run -> pawl.cancel(run, "ann", ""),
                                "forgive", run -> pawl.forgive(run, "ann", ""),
                                "signal", run -> pawl.signal(run, "x", Json.NULL, null, "ann"),
                                "retry", run -> pawl.retry(run, "ann"),
                                "restart", run -> pawl.restart(run, null, "ann"),
                                "fork", run -> pawl.fork(run, "a", Map.of(), "ann"));
                        verbs.forEach((verb, ask) -> runs.entrySet().stream()
                                .filter(entry -> !allowed.get(verb).contains(entry.getKey()))
                                .forEach(entry -> {
                                    var before = stage.store.run(entry.getValue());
                                    assertThatThrownBy(() -> ask.accept(entry.getValue()))
                                            .as("%s of %s", verb, entry.getKey())
                                            .isInstanceOfSatisfying(
                                                    Refused.class,
                                                    refused -> assertThat(refused.why())
                                                            .isEqualTo(Refused.Why.WRONG_STATUS))
                                            .hasMessageContaining(entry.getValue() + " is " + entry.getKey());
                                    assertThat(stage.store.run(entry.getValue()))
                                            .isEqualTo(before);
                                }));
                        verbs.forEach((verb, ask) ->
                                OnceTest.refused(Refused.Why.NO_SUCH_RUN, () -> ask.accept(new RunId(1, 1))));
                        return true;
                    },
                    program);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_kept_of_a_step_is_nobodys_attempt(Database database) {
        broken.add("c");
        try (var stage = new Stage(database)) {
            var worker = stage.worker(three);
            var run = worker.submit(three, INPUT);
            worker.drain();
            broken.clear();
            var again = retry(worker, three, run);
            assertThat(stage.effects(again, "job", 0))
                    .filteredOn(effect -> effect.ordinal() < 2)
                    .extracting(Effect::attempt)
                    .containsOnly(0);
        }
    }
}
