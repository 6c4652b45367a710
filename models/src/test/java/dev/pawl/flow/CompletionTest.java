package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CompletionTest {

    private static final Flow<List<Integer>, Integer> SUM = Flow.defineList("sum", Integer.class, (f, list) -> {
        var m = f.map("m", Integer.class, list, x -> x * 10);
        return f.step(
                "sum", Integer.class, m, all -> all.stream().mapToInt(x -> x).sum());
    });

    @Test
    void p23_a_step_starts_when_all_that_it_reads_has_succeeded() {
        var run = Rehearsal.start(
                Flow.define("f", Integer.class, (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x);
                    var b = f.step("b", Integer.class, n, x -> x);
                    return f.step("c", Integer.class, a, b, Integer::sum);
                }),
                4);
        assertThat(run.run("a").open()).containsExactly("b[0]");
        assertThat(run.run("b").open()).containsExactly("c[0]");
        assertThat(run.run("c").output()).isEqualTo("8");
    }

    @Test
    void p24_a_second_ending_of_a_task_changes_nothing() {
        var run = Rehearsal.start(SUM, List.of(1)).run("m[0]");
        String state = run.state();
        var events = List.copyOf(run.events());
        run.succeed("m[0]", "99").fail("m[0]", "late");
        assertThat(run.state()).isEqualTo(state);
        assertThat(run.events()).isEqualTo(events);
        assertThat(run.run().output()).isEqualTo("10");
    }

    @Test
    void p26_an_ending_in_a_failed_run_changes_nothing() {
        var run = Rehearsal.start(SUM, List.of(1, 2)).fail("m[0]", "no");
        String state = run.state();
        assertThat(run.succeed("m[1]", "1").state()).isEqualTo(state);
        assertThat(run.story()).endsWith("run.failed");
    }

    @Test
    void p27_an_ending_in_a_skipped_step_changes_nothing() {
        var run = Rehearsal.start(
                Flow.defineList("f", Integer.class, (f, list) -> {
                    var m = f.map("m", Integer.class, list, x -> x).onExhausted(Exhausted.SKIP);
                    return f.step(
                            "s",
                            Integer.class,
                            m.optional(),
                            x -> x.map(List::size).orElse(-1));
                }),
                List.of(1, 2));
        run.fail("m[0]", "no");
        String state = run.state();
        assertThat(run.succeed("m[1]", "1").fail("m[1]", "no").state()).isEqualTo(state);
        assertThat(run.run().output()).isEqualTo("-1");
    }

    @Test
    void p28_the_output_of_a_run_is_that_of_the_step_the_flow_returns() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var early = f.step("early", Integer.class, n, x -> x + 1);
            f.step("late", Integer.class, early, x -> x + 1);
            return early;
        });
        var run = Rehearsal.start(flow, 1).run("early");
        assertThat(run.state()).isEqualTo("{\"early\":{\"status\":\"succeeded\",\"output\":2},\"late\":\"running\"}");
        assertThat(run.run("late").output()).isEqualTo("2");
        assertThat(run.state()).isEqualTo("{\"early\":\"succeeded\",\"late\":\"succeeded\"}");
    }

    @Test
    void p29_outputs_are_in_the_order_of_the_list_whatever_order_the_tasks_end_in() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x * 10);
            return f.step("s", String.class, m, Object::toString);
        });
        var run = Rehearsal.start(flow, List.of(1, 2, 3)).run("m[2]", "m[0]", "m[1]", "s");
        assertThat(run.output()).isEqualTo("\"[10, 20, 30]\"");
    }

    @Test
    void p30_nulls_keep_their_place() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x == 2 ? null : x);
            return f.step("s", String.class, m, Object::toString);
        });
        assertThat(Rehearsal.start(flow, List.of(1, 2, 3)).run().output()).isEqualTo("\"[1, null, 3]\"");
    }

    @Test
    void p31_one_element_still_makes_a_list() {
        assertThat(Rehearsal.start(SUM, List.of(7)).run().output()).isEqualTo("70");
    }

    @Test
    void p32_a_step_waits_for_the_last_of_a_maps_tasks() {
        var run = Rehearsal.start(SUM, List.of(1, 2, 3, 4, 5)).run("m[0]", "m[1]", "m[2]", "m[4]");
        assertThat(run.open()).containsExactly("m[3]");
        assertThat(run.run("m[3]").open()).containsExactly("sum[0]");
    }

    @Test
    void p33_maps_of_maps_keep_size_and_order() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            ListSource<Integer> last = list;
            for (int i = 0; i < 10; i++) last = f.map("m" + i, Integer.class, last, x -> x + 10);
            return f.step("all", String.class, last, Object::toString);
        });
        var run = Rehearsal.start(flow, List.of(1, 2, 3)).run();
        assertThat(run.output()).isEqualTo("\"[101, 102, 103]\"");
        assertThat(run.story().stream()
                        .filter(event -> event.startsWith("task."))
                        .count())
                .isEqualTo(31);
    }

    @Test
    void p34_a_step_joins_maps_and_steps() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var a = f.map("a", Integer.class, list, x -> x);
            var b = f.map("b", String.class, list, x -> "b" + x);
            var c = f.step("c", Integer.class, list, List::size);
            return f.step("all", String.class, a, b, c, (x, y, z) -> x + " " + y + " " + z);
        });
        assertThat(Rehearsal.start(flow, List.of(1, 2)).run().output()).isEqualTo("\"[1, 2] [b1, b2] 2\"");
    }

    @Test
    void p35_one_failed_element_fails_the_run_and_what_depends_on_it_never_starts() {
        var run = Rehearsal.start(SUM, List.of(1, 2, 3, 4, 5)).run("m[0]").fail("m[1]", "no");
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.open()).isEmpty();
        assertThat(run.task("sum[0]")).isNull();
    }

    @Test
    void p36_a_map_may_give_the_output_of_the_run() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> f.map("m", Integer.class, list, x -> x + 1));
        var run = Rehearsal.start(flow, List.of(1, 2)).run();
        assertThat(flow.decode(new Json(run.output()))).containsExactly(2, 3);
    }

    @Test
    void p38_an_empty_list_of_a_step_makes_an_empty_map() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var list = f.list("list", Integer.class, n, x -> List.of());
            return f.map("m", Integer.class, list, x -> x);
        });
        var run = Rehearsal.start(flow, 1).run("list");
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.output()).isEqualTo("[]");
        assertThat(run.task("m[0]")).isNull();
    }

    @Test
    void p39_what_depends_on_empty_maps_starts_and_a_join_waits_for_both() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x);
            var a = f.step("a", Integer.class, m, List::size);
            var b = f.list("b", Integer.class, m, x -> x);
            var n = f.map("n", Integer.class, b, x -> x);
            return f.step("join", String.class, m, n, a, (x, y, z) -> x + "" + y + z);
        });
        var run = Rehearsal.start(flow, List.of());
        assertThat(run.open()).containsExactly("a[0]", "b[0]");
        assertThat(run.run("b").open()).containsExactly("a[0]");
        assertThat(run.run("a").open()).containsExactly("join[0]");
        assertThat(run.run().output()).isEqualTo("\"[][]0\"");
    }

    @Test
    void p40_x6_a_chain_of_a_thousand_empty_maps_completes() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var last = f.map("m0", Integer.class, list, x -> x);
            for (int i = 1; i < 1_000; i++) last = f.map("m" + i, Integer.class, last, x -> x);
            return last;
        });
        var run = Rehearsal.start(flow, List.of());
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.events()).hasSize(1_001);
    }

    @Test
    void p41_an_empty_map_succeeds_without_having_started() {
        var run = Rehearsal.start(SUM, List.of());
        assertThat(run.events()).containsExactly("step.succeeded m {\"size\":0}");
    }

    @Test
    void p41_a_map_tells_when_it_starts_and_when_it_ends() {
        assertThat(Rehearsal.start(SUM, List.of(1, 2)).run().events())
                .containsExactly(
                        "step.started m {\"size\":2}",
                        "task.succeeded m[0]",
                        "task.succeeded m[1]",
                        "step.succeeded m {\"size\":2}",
                        "task.succeeded sum[0]",
                        "run.succeeded");
    }

    @Test
    void p42_the_end_of_a_step_is_told_before_that_of_its_readers() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var parent = f.map("parent", Integer.class, list, x -> x);
            var child1 = f.map("child1", Integer.class, parent, x -> x);
            return f.map("child2", Integer.class, child1, x -> x);
        });
        assertThat(Rehearsal.start(flow, List.of()).story())
                .containsExactly(
                        "step.succeeded parent", "step.succeeded child1", "step.succeeded child2", "run.succeeded");
    }

    @Test
    void a_map_fans_out_over_a_list_inside_an_output() {
        record Page(String title, List<List<Integer>> sections) {}
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var page = f.step("page", Page.class, n, x -> new Page("t", List.of(List.of(), List.of(1, 2, 3))));
            return f.map("m", Integer.class, page.each("/sections/1", Integer.class), x -> x * 2);
        });
        var run = Rehearsal.start(flow, 1).run("page");
        assertThat(run.open()).containsExactly("m?[0]");
        assertThat(run.state()).isEqualTo("{\"page\":\"succeeded\",\"m\":\"checking\"}");
        assertThat(run.run().output()).isEqualTo("[2,4,6]");
    }

    @Test
    void a_step_reads_a_list_inside_an_output() {
        record Page(List<Integer> items) {}
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var page = f.step("page", Page.class, n, x -> new Page(List.of(1, 2, 3)));
            return f.step("s", Integer.class, page.each("/items", Integer.class), List::size);
        });
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("3");
    }

    @Test
    void a_map_over_a_hundred_thousand_elements_is_linear_also_if_its_list_is_an_output() {
        int size = 100_000;
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var list = f.list(
                    "list", Integer.class, n, x -> IntStream.range(0, x).boxed().toList());
            return f.map("m", Integer.class, list, x -> x).maxParallel(1);
        });
        var run = Rehearsal.start(flow, size).run("list");
        for (int i = 0; i < size; i++) run.run("m[" + i + "]");
        var expected = new ArrayList<Integer>();
        for (int i = 0; i < size; i++) expected.add(i);
        assertThat(flow.decode(new Json(run.output()))).isEqualTo(expected);
    }
}
