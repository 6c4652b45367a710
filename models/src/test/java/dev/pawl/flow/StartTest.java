package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Plan;
import dev.pawl.core.RunStatus;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StartTest {

    private static final TypeRef<Object> ANY = TypeRef.of(Object.class);

    private static final Flow<List<Object>, List<Object>> ECHO =
            Flow.defineList("echo", ANY, (f, list) -> f.map("each", ANY, list, x -> x));

    @Test
    void p9_a_run_starts_only_its_root_steps() {
        var run = Rehearsal.start(
                Flow.define("f", Integer.class, (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x);
                    var b = f.step("b", Integer.class, n, x -> x);
                    return f.step("c", Integer.class, a, b, Integer::sum);
                }),
                1);
        assertThat(run.open()).containsExactly("a[0]", "b[0]");
        assertThat(run.state()).isEqualTo("{\"a\":\"running\",\"b\":\"running\"}");
        assertThat(run.story()).isEmpty();
    }

    @Test
    void p10_a_root_map_has_a_task_for_each_element_of_the_input() {
        assertThat(Rehearsal.startJson(ECHO, "[7,8,9]").open()).containsExactly("each[0]", "each[1]", "each[2]");
        assertThat(Rehearsal.startJson(ECHO, "[]").status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(Rehearsal.start(ECHO, Collections.<Object>nCopies(100, 1)).open())
                .hasSize(100);
    }

    @Test
    void p11_an_input_that_is_no_list_is_refused_before_anything_is_written() {
        var refusals = Map.of(
                "\"a\"", "a string (\"a\")",
                "1", "a number (1)",
                "true", "true",
                "false", "false",
                "{}", "an object ({})",
                "{\"a\":[1]}", "an object ({\"a\":[1]})");
        refusals.forEach((input, found) -> assertThatThrownBy(() -> Rehearsal.startJson(ECHO, input))
                .as(input)
                .isInstanceOf(Failure.Logic.class)
                .hasMessage("The input of flow \"echo\" does not fit List<Object>: a list is expected, but " + found
                        + " was found."));
        assertThatThrownBy(() -> Rehearsal.startJson(ECHO, "null"))
                .isInstanceOf(Failure.Logic.class)
                .hasMessage("The input of flow \"echo\" is not a list, but null.");
        assertThatThrownBy(() -> Rehearsal.startJson(ECHO, "[1,"))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageStartingWith("The input of flow \"echo\" is not valid JSON: ");
    }

    @Test
    void p12_only_the_top_level_of_the_input_counts() {
        var run = Rehearsal.startJson(ECHO, "[null,null,[1,[2]],{\"a\":[3,4]},\"[5,6]\",1,1]");
        assertThat(run.open()).hasSize(7);
        assertThat(run.run().output()).isEqualTo("[null,null,[1,[2]],{\"a\":[3,4]},\"[5,6]\",1,1]");
    }

    @Test
    void p13_a_start_delay_delays_the_tasks_of_a_step_but_not_those_that_follow() {
        var run = Rehearsal.start(
                Flow.defineList("f", Integer.class, (f, list) -> {
                    f.step("soon", Integer.class, list, List::size);
                    return f.map("late", Integer.class, list, x -> x)
                            .startDelay(Duration.ofMinutes(5))
                            .maxParallel(2);
                }),
                List.of(1, 2, 3));
        assertThat(run.creates())
                .containsExactly(
                        new Plan.Create("soon", 0, 1, Duration.ZERO, null),
                        new Plan.Create("late", 0, 2, Duration.ofMinutes(5), null));
        assertThat(run.run("late[1]").creates()).last().isEqualTo(new Plan.Create("late", 2, 3, Duration.ZERO, null));
    }

    @Test
    void a_step_may_have_a_queue_of_its_own() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.map("m", Integer.class, n.each("", Integer.class), x -> x)
                        .queue("gpu"));
        var run = Rehearsal.startJson(flow, "1");
        assertThat(run.creates()).containsExactly(new Plan.Create("m?", 0, 1, Duration.ZERO, "gpu"));
    }

    @Test
    void p14_empty_maps_end_the_run_within_its_start() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var a = f.map("a", Integer.class, list, x -> x);
            var b = f.map("b", Integer.class, a, x -> x);
            return f.map("c", Integer.class, b, x -> x);
        });
        var run = Rehearsal.start(flow, List.of());
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.output()).isEqualTo("[]");
        assertThat(run.story())
                .containsExactly("step.succeeded a", "step.succeeded b", "step.succeeded c", "run.succeeded");
    }

    @Test
    void p15_a_map_learns_its_size_when_its_list_is_there() {
        var run = Rehearsal.start(
                Flow.define("f", Integer.class, (f, n) -> {
                    var list = f.list(
                            "list",
                            Integer.class,
                            n,
                            x -> IntStream.range(0, x).boxed().toList());
                    return f.map("m", Integer.class, list, x -> x);
                }),
                3);
        assertThat(run.state()).isEqualTo("{\"list\":\"running\"}");
        assertThat(run.run("list").state())
                .isEqualTo("{\"list\":{\"status\":\"succeeded\",\"size\":3},"
                        + "\"m\":{\"status\":\"running\",\"size\":3,\"made\":3}}");
    }

    @Test
    void p18_a_task_receives_its_element_unchanged() {
        String list = "[null,[],{},[[1],[]],{\"a\":{\"b\":[null]}},\"\",0,false,1.50,12345678901234567890]";
        assertThat(Rehearsal.startJson(ECHO, list).run().output()).isEqualTo(list.replace("1.50", "1.5"));
    }

    @Test
    void p19_every_step_may_read_the_input_of_the_flow() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x + 1);
            return f.step("b", String.class, n, a, (input, x) -> input + "/" + x);
        });
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("\"1/2\"");
    }

    @Test
    void p22_a_large_map_opens_a_bounded_number_of_tasks_and_creates_each_once() {
        var list = IntStream.range(0, 10_000).<Object>mapToObj(i -> i).toList();
        var run = Rehearsal.start(ECHO, list);
        assertThat(run.open()).hasSize(1_000);
        for (int i = 0; i < 10_000; i++) run.run("each[" + i + "]");
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.mostOpen()).isEqualTo(1_000);
        assertThat(run.output()).isEqualTo(list.toString().replace(" ", ""));
        assertThat(run.creates().stream()
                        .mapToInt(create -> create.to() - create.from())
                        .sum())
                .isEqualTo(10_000);
    }

    @Test
    void x5_values_that_look_like_nothing_survive() {
        var flow = Flow.define("f", ANY, (f, given) -> f.step("s", ANY, given, x -> x));
        for (String value : List.of("0", "false", "\"\"", "null", "[]", "{}", "0.0", "[null]")) {
            assertThat(Rehearsal.startJson(flow, value).run().output()).isEqualTo(value);
            assertThat(Rehearsal.startJson(ECHO, "[" + value + "]").run().output())
                    .isEqualTo("[" + value + "]");
        }
    }

    @Test
    void x5_null_is_a_value_of_a_step_and_an_optional_that_is_empty() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var nothing = f.step("nothing", String.class, n, x -> null);
            return f.step("s", String.class, nothing, nothing.optional(), (plain, optional) -> plain + " " + optional);
        });
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("\"null Optional.empty\"");
    }

    @Test
    void a_map_knows_which_element_it_is_given() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) ->
                        f.mapIndexed("m", String.class, f.range(3), (x, item) -> item.index() + " of " + item.total()));
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("[\"0 of 3\",\"1 of 3\",\"2 of 3\"]");
    }

    @Test
    void at_most_max_parallel_tasks_of_a_map_are_open() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> f.map("m", Integer.class, f.range(20), x -> x).maxParallel(8));
        var run = Rehearsal.start(flow, 1);
        run.run("m[7]", "m[0]");
        assertThat(FlowProgress.of(new dev.pawl.core.Json(run.state())).steps())
                .containsExactly(new FlowProgress.OfStep("m", "running", 2, 0, 8, 20));
        run.run();
        assertThat(run.mostOpen()).isEqualTo(8);
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
    }
}
