package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.RunStatus;
import java.util.List;
import org.junit.jupiter.api.Test;

class RetryTest {

    private static Step<Integer> one(Steps f, String name, Source<Integer> source) {
        return f.step(name, Integer.class, source, x -> x + 1);
    }

    @Test
    void what_succeeded_is_kept_and_what_failed_runs_again() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n);
            var b = one(f, "b", a);
            return one(f, "c", b);
        });
        var again = Rehearsal.start(flow, 1).run("a").fail("b", "no").retry();
        assertThat(again.open()).containsExactly("b[0]");
        assertThat(again.run().output()).isEqualTo("4");
        assertThat(again.story()).containsExactly("task.succeeded b[0]", "task.succeeded c[0]", "run.succeeded");
    }

    @Test
    void the_elements_of_a_failed_map_that_succeeded_are_kept() {
        var flow = Flow.defineList(
                "f",
                Integer.class,
                (f, list) -> f.map("m", Integer.class, list, x -> x * 10).maxParallel(3));
        var again = Rehearsal.start(flow, List.of(1, 2, 3, 4, 5, 6))
                .run("m[2]", "m[0]")
                .fail("m[1]", "no")
                .retry();
        assertThat(again.open()).containsExactly("m[1]", "m[3]", "m[4]");
        assertThat(again.state())
                .isEqualTo("{\"run\":{\"size\":6},\"m\":{\"status\":\"running\",\"size\":6,\"made\":5,\"done\":2}}");
        assertThat(again.run().output()).isEqualTo("[10,20,30,40,50,60]");
        assertThat(again.mostOpen()).isEqualTo(3);
    }

    @Test
    void an_output_that_was_there_before_the_run_failed_is_still_there() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n);
            one(f, "b", a);
            return a;
        });
        assertThat(Rehearsal.start(flow, 1)
                        .run("a")
                        .fail("b", "no")
                        .retry()
                        .run()
                        .output())
                .isEqualTo("2");
    }

    @Test
    void a_skip_that_a_condition_decided_stays() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n.when(x -> false));
            return f.step("b", Integer.class, a.optional(), x -> x.orElse(-1));
        });
        var again = Rehearsal.start(flow, 1).run("a").fail("b", "no").retry();
        assertThat(again.open()).containsExactly("b[0]");
        assertThat(again.step("a")).isEqualTo("skipped");
    }

    @Test
    void a_skip_because_of_a_failure_does_not_stay_nor_does_what_followed_from_it() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = f.list("a", Integer.class, n, List::of).onExhausted(Exhausted.SKIP);
            var m = f.map("m", Integer.class, a, x -> x);
            var late = one(f, "late", n).ifSkipped(a);
            var b = one(f, "b", n);
            return f.step("c", String.class, m, late.optional(), b, (x, y, z) -> x + " " + y + " " + z);
        });
        var first = Rehearsal.start(flow, 1).fail("a", "no").fail("b", "no");
        assertThat(first.step("m")).isEqualTo("succeeded");
        var again = first.retry();
        assertThat(again.open()).containsExactly("a[0]", "b[0]");
        assertThat(again.run().output()).isEqualTo("\"[1] Optional.empty 2\"");
    }

    @Test
    void a_cancelled_run_goes_on_from_where_it_was() {
        var flow = Flow.define("f", Integer.class, (f, n) -> one(f, "b", one(f, "a", n)));
        assertThat(Rehearsal.start(flow, 1).run("a").retry().open()).containsExactly("b[0]");
    }

    @Test
    void a_map_that_had_not_been_measured_is_measured_again() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.map("m", Integer.class, f.range(2).when(all -> true), x -> x)
                        .optional());
        var again = Rehearsal.start(flow, 1).fail("m?", "no").retry();
        assertThat(again.open()).containsExactly("m?[0]");
        assertThat(again.run("m?").fail("m[1]", "no").retry().open()).containsExactly("m[0]", "m[1]");
    }

    @Test
    void a_tolerant_map_whose_errors_are_still_to_be_read_gives_them_another_chance() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x).tolerate(Tolerance.count(1));
            return f.step("s", Integer.class, m, p -> p.values().size());
        });
        var again = Rehearsal.start(flow, List.of(1, 2))
                .fail("m[0]", "no")
                .run("m[1]")
                .fail("s", "no")
                .retry();
        assertThat(again.open()).containsExactly("m[0]");
        assertThat(again.run().output()).isEqualTo("2");
    }

    @Test
    void what_looked_at_errors_that_get_another_chance_is_decided_again() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x).tolerate(Tolerance.count(1));
            var clean = f.step("clean", String.class, m.when(p -> p.errors().isEmpty()), p -> "clean");
            var n = f.map("n", Integer.class, m.each("/values", Integer.class), x -> x);
            return f.step("s", String.class, clean.optional(), n, (x, y) -> x.orElse("not") + y);
        });
        var first =
                Rehearsal.start(flow, List.of(1, 2, 3)).fail("m[0]", "no").run("m[1]", "m[2]", "clean", "n?", "n[0]");
        assertThat(first.step("clean")).isEqualTo("skipped");
        var again = first.fail("n[1]", "no").retry();
        assertThat(again.open()).containsExactly("m[0]");
        assertThat(again.step("clean")).isEqualTo("waiting");
        assertThat(again.step("n")).isEqualTo("waiting");
        assertThat(again.run().output()).isEqualTo("\"clean[1, 2, 3]\"");
    }

    @Test
    void a_retried_run_can_be_retried() {
        var flow = Flow.define("f", Integer.class, (f, n) -> one(f, "b", one(f, "a", n)));
        var run = Rehearsal.start(flow, 1)
                .run("a")
                .fail("b", "no")
                .retry()
                .fail("b", "no")
                .retry();
        assertThat(run.run().output()).isEqualTo("3");
    }

    @Test
    void with_wait_all_the_old_failure_does_not_follow_the_new_run() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
                    one(f, "a", n);
                    return one(f, "b", n);
                })
                .failure(FailureMode.WAIT_ALL);
        var again = Rehearsal.start(flow, 1).fail("a", "no").retry();
        assertThat(again.open()).containsExactly("a[0]", "b[0]");
        assertThat(again.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void newer_code_goes_on_if_it_has_what_succeeded_and_is_refused_otherwise() {
        var flow = Flow.define("f", Integer.class, (f, n) -> one(f, "b", one(f, "a", n)));
        var longer = Flow.define("f", Integer.class, (f, n) -> one(f, "c", one(f, "b", one(f, "a", n))))
                .version("2");
        var other = Flow.define("f", Integer.class, (f, n) -> one(f, "b", n)).version("3");
        var failed = Rehearsal.start(flow, 1).run("a").fail("b", "no");
        assertThat(failed.retryWith(longer).run().output()).isEqualTo("4");
        assertThatThrownBy(() -> failed.retryWith(other))
                .isInstanceOf(Failure.Logic.class)
                .hasMessage("Flow \"f\" cannot go on from this run: it has no steps [a] any more, and they succeeded.");
    }

    @Test
    void a_result_that_the_old_code_did_not_keep_is_made_again() {
        var flow = Flow.define("f", Integer.class, (f, n) -> one(f, "b", one(f, "a", n)));
        var early = Flow.define("f", Integer.class, (f, n) -> {
                    var a = one(f, "a", n);
                    one(f, "b", a);
                    return a;
                })
                .version("2");
        assertThat(Rehearsal.start(flow, 1)
                        .run("a")
                        .fail("b", "no")
                        .retryWith(early)
                        .run()
                        .output())
                .isEqualTo("2");
    }
}
