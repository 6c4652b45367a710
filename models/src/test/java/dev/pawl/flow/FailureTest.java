package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class FailureTest {

    record Page(Object items) {}

    private static Flow<List<Integer>, ?> tolerant(Tolerance tolerance) {
        return Flow.defineList(
                "f",
                Integer.class,
                (f, list) -> f.map("m", Integer.class, list, x -> x).tolerate(tolerance));
    }

    @Test
    void p43_a_list_step_that_produces_null_is_named_together_with_the_map_that_needs_a_list() {
        var run = Rehearsal.start(
                        Flow.define("f", Integer.class, (f, n) -> {
                            f.step("other", Integer.class, n, x -> x);
                            var split = f.list("split", Integer.class, n, x -> null);
                            return f.map("score", Integer.class, split, x -> x);
                        }),
                        1)
                .run("split");
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.problem()).isEqualTo("Step \"split\" produced null, but map \"score\" needs a list.");
        assertThat(run.story()).containsExactly("task.failed split[0]", "run.failed");
        assertThat(run.step("score")).isEqualTo("waiting");
    }

    @Test
    void p43_a_pointer_to_what_is_no_list_is_named_together_with_what_was_found() {
        var found = java.util.Map.of(
                "{\"items\":null}", "null",
                "{\"items\":{\"a\":1}}", "an object ({\"a\":1})",
                "{\"items\":\"x\"}", "a string (\"x\")",
                "{}", "nothing",
                "[1]", "nothing",
                "7", "nothing");
        var flow = Flow.define("f", Object.class, (f, given) -> {
            var page = f.step("page", Object.class, given, x -> x);
            return f.map("score", Integer.class, page.each("/items", Integer.class), x -> x);
        });
        found.forEach((page, what) -> {
            var run = Rehearsal.startJson(flow, page).run();
            assertThat(run.status()).isEqualTo(RunStatus.FAILED);
            assertThat(run.problem())
                    .isEqualTo("Step \"page\" produced " + what + " at /items, but map \"score\" needs a list.");
        });
    }

    @Test
    void p44_a_type_violation_cancels_everything_that_is_open() {
        var run = Rehearsal.start(
                        Flow.define("f", Integer.class, (f, n) -> {
                            f.map("others", Integer.class, f.range(3), x -> x);
                            return f.list("split", Integer.class, n, x -> null);
                        }),
                        1)
                .run("split");
        assertThat(run.open()).isEmpty();
        assertThat(run.task("others[1]")).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void p45_a_type_violation_fails_the_run_whatever_the_step_says_about_failures() {
        for (var exhausted : List.of(Exhausted.SKIP, Exhausted.SKIP_CASCADE)) {
            var calls = new AtomicInteger();
            var flow = Flow.define("f", Integer.class, (f, n) -> {
                var split = f.list("split", Integer.class, n, x -> {
                            calls.incrementAndGet();
                            return null;
                        })
                        .retry(Retry.times(5))
                        .onExhausted(exhausted);
                return f.map("m", Integer.class, split, x -> x).optional();
            });
            assertThat(Rehearsal.start(flow, 1).run().status()).isEqualTo(RunStatus.FAILED);
            assertThat(calls).hasValue(1);
        }
    }

    @Test
    void p46_what_else_depends_on_a_violating_step_is_never_started() {
        var run = Rehearsal.start(
                        Flow.define("f", Integer.class, (f, n) -> {
                            var split = f.list("split", Integer.class, n, x -> null);
                            f.step("single", Integer.class, split, List::size);
                            return f.map("m", Integer.class, split, x -> x);
                        }),
                        1)
                .run();
        assertThat(run.task("single[0]")).isNull();
    }

    @Test
    void p47_each_step_has_its_own_retry() {
        var calls = new AtomicInteger();
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.step("s", Integer.class, n, x -> {
                            if (calls.incrementAndGet() < 4) throw new java.io.IOException("down");
                            return x;
                        })
                        .retry(Retry.times(4))
                        .timeout(Duration.ofSeconds(9)));
        assertThat(Rehearsal.start(flow, 1).run().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(flow.options("s").retry().maxAttempts()).isEqualTo(4);
        assertThat(flow.options("s").timeout()).isEqualTo(Duration.ofSeconds(9));
    }

    @Test
    void p49_the_first_failure_is_the_one_that_is_kept() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> f.map("m", Integer.class, list, x -> x));
        var run = Rehearsal.start(flow, List.of(1, 2)).fail("m[1]", "first").fail("m[0]", "second");
        assertThat(run.problem()).isEqualTo("Step \"m\" failed at element 1: first");
    }

    @Test
    void p50_a_failed_run_has_nothing_open() {
        var run = Rehearsal.start(
                        Flow.define("f", Integer.class, (f, n) -> {
                            var a = f.step("a", Integer.class, n, x -> x);
                            f.map("m", Integer.class, f.range(5), x -> x);
                            return a;
                        }),
                        1)
                .fail("a", "no");
        assertThat(run.open()).isEmpty();
        assertThat(run.story()).containsExactly("step.started m", "task.failed a[0]", "run.failed");
    }

    @Test
    void p51_a_failure_names_its_step_and_keeps_its_class() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.step("s", Integer.class, n, x -> {
                    throw new Failure.Logic("no such thing");
                }));
        var run = Rehearsal.start(flow, 1).run();
        assertThat(run.problem()).isEqualTo("Step \"s\" failed: no such thing");
        assertThat(run.story()).containsExactly("task.failed s[0]", "run.failed");
    }

    @Test
    void p78_a_failed_map_tells_of_itself_between_its_task_and_its_run() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> f.map("m", Integer.class, list, x -> x));
        var run = Rehearsal.start(flow, List.of(1, 2)).fail("m[1]", "no");
        assertThat(run.story()).containsExactly("step.started m", "task.failed m[1]", "step.failed m", "run.failed");
        assertThat(run.events())
                .contains("step.failed m {\"class\":\"UNCLASSIFIED\",\"type\":\"Boom\",\"message\":\"no\"}");
    }

    @Test
    void an_internal_error_is_never_skipped_over() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.step("s", Integer.class, n, x -> x)
                        .onExhausted(Exhausted.SKIP)
                        .optional());
        var bug = new Outcome.Failed(Problem.of(FailureClass.INTERNAL, "Bug", "ours"), null);
        assertThat(Rehearsal.start(flow, 1).end("s", bug).status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void with_wait_all_everything_that_does_not_depend_on_the_failure_goes_on() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x);
                    f.step("after_a", Integer.class, a, x -> x);
                    var b = f.step("b", Integer.class, n, x -> x);
                    var c = f.step("c", Integer.class, b, x -> x);
                    return f.step("join", Integer.class, a, c, Integer::sum);
                })
                .failure(FailureMode.WAIT_ALL);
        var run = Rehearsal.start(flow, 1).fail("a", "first");
        assertThat(run.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(run.open()).containsExactly("b[0]");
        run.run("b");
        assertThat(run.open()).containsExactly("c[0]");
        run.fail("c", "second");
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.problem()).isEqualTo("Step \"a\" failed: first");
        assertThat(run.task("join[0]")).isNull();
        assertThat(run.state()).isEqualTo("{\"a\":\"failed\",\"b\":\"succeeded\",\"c\":\"failed\"}");
    }

    @Test
    void with_wait_all_a_failed_map_cancels_its_own_open_tasks() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
                    f.map("m", Integer.class, f.range(3), x -> x);
                    return f.step("s", Integer.class, n, x -> x);
                })
                .failure(FailureMode.WAIT_ALL);
        var run = Rehearsal.start(flow, 1).run("m[2]").fail("m[0]", "no");
        assertThat(run.open()).containsExactly("s[0]");
        assertThat(run.task("m[1]")).isEqualTo(TaskStatus.CANCELLED);
        assertThat(run.run().status()).isEqualTo(RunStatus.FAILED);
    }

    @Test
    void a_problem_kept_with_wait_all_survives_quotes_and_brackets_in_its_message() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
                    f.step("b", Integer.class, n, x -> x);
                    return f.step("a", Integer.class, n, x -> x);
                })
                .failure(FailureMode.WAIT_ALL);
        var run = Rehearsal.start(flow, 1)
                .fail("a", "a \"quoted\" } ] \\ \n message")
                .run();
        assertThat(run.problem()).isEqualTo("Step \"a\" failed: a \"quoted\" } ] \\ \n message");
    }

    @Test
    void a_tolerant_map_hands_on_what_succeeded_beside_what_did_not() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> 6 / x)
                    .retry(Retry.never())
                    .tolerate(Tolerance.count(1));
            return f.step(
                    "s",
                    String.class,
                    m,
                    partial -> partial.values() + " "
                            + partial.errors().getFirst().index() + " "
                            + partial.errors().getFirst().error().message());
        });
        var run = Rehearsal.start(flow, List.of(1, 0, 3)).run();
        assertThat(run.output()).isEqualTo("\"[6, 2] 1 / by zero\"");
        assertThat(run.events()).contains("step.succeeded m {\"size\":3,\"failed\":1}");
    }

    @Test
    void a_tolerant_map_may_give_the_output_of_the_run() {
        var flow = Flow.defineList(
                "f",
                Integer.class,
                (f, list) -> f.map("m", Integer.class, list, x -> 6 / x)
                        .retry(Retry.never())
                        .tolerate(Tolerance.percent(50)));
        var partial =
                flow.decode(new Json(Rehearsal.start(flow, List.of(0, 2)).run().output()));
        assertThat(partial.values()).containsExactly(3);
        assertThat(partial.errors()).extracting(ItemError::index).containsExactly(0);
        assertThat(partial.errors().getFirst().error().failureClass()).isEqualTo(FailureClass.UNCLASSIFIED);
        var empty = flow.decode(new Json(Rehearsal.start(flow, List.of()).output()));
        assertThat(empty).isEqualTo(new Partial<>(List.of(), List.of()));
    }

    @Test
    void tolerance_is_counted_or_taken_of_the_maps_size() {
        record Row(Tolerance tolerance, int size, int failures, boolean succeeds) {}
        var table = List.of(
                new Row(Tolerance.count(0), 3, 0, true),
                new Row(Tolerance.count(0), 3, 1, false),
                new Row(Tolerance.count(2), 3, 2, true),
                new Row(Tolerance.count(2), 3, 3, false),
                new Row(Tolerance.percent(0), 3, 1, false),
                new Row(Tolerance.percent(33), 3, 1, false),
                new Row(Tolerance.percent(34), 3, 1, true),
                new Row(Tolerance.percent(50), 4, 2, true),
                new Row(Tolerance.percent(50), 4, 3, false),
                new Row(Tolerance.percent(100), 4, 4, true));
        for (var row : table) {
            var run = Rehearsal.start(tolerant(row.tolerance), java.util.Collections.nCopies(row.size, 1));
            for (int i = 0; i < row.failures; i++) run.fail("m[" + i + "]", "no");
            run.run();
            assertThat(run.status() == RunStatus.SUCCEEDED).as(row.toString()).isEqualTo(row.succeeds);
        }
        var run = Rehearsal.start(tolerant(Tolerance.count(1)), List.of(1, 2, 3))
                .fail("m[0]", "a")
                .fail("m[2]", "b");
        assertThat(run.problem())
                .isEqualTo("Step \"m\" failed at element 2 (2 of 3 elements failed, 1 are tolerated): b");
    }

    @Test
    void values_of_a_tolerant_map_can_be_mapped_on() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> 6 / x)
                    .retry(Retry.never())
                    .tolerate(Tolerance.count(1));
            return f.map("n", Integer.class, m.each("/values", Integer.class), x -> x + 1);
        });
        assertThat(Rehearsal.start(flow, List.of(1, 0, 3)).run().output()).isEqualTo("[7,3]");
    }

    @Test
    void an_output_in_the_artifact_store_is_kept_by_its_reference() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x);
            f.step("b", Integer.class, a, x -> x);
            return a;
        });
        var run = Rehearsal.start(flow, 1)
                .end("a", new Outcome.Succeeded(Payload.artifact("ab/cd-12.json"), -1))
                .succeed("b", "1");
        assertThat(run.output()).isEqualTo("@ab/cd-12.json");
    }
}
