package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DefinitionTest {

    private static <O> Flow<Integer, O> flow(Flow.Definition<Integer, O> steps) {
        return Flow.define("analyze", Integer.class, steps);
    }

    private static <O> void refused(Flow.Definition<Integer, O> steps, String message) {
        assertThatThrownBy(() -> flow(steps))
                .isInstanceOf(DefinitionException.class)
                .hasMessage(message);
    }

    @Test
    void p1_steps_keep_the_order_in_which_they_are_defined() {
        var flow = flow((f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x);
            var b = f.step("b", Integer.class, n, x -> x);
            return f.step("c", Integer.class, a, b, Integer::sum);
        });
        assertThat(flow.shape().text()).containsSubsequence("\"a\"", "\"b\"", "\"c\"");
    }

    @Test
    void p2_two_steps_of_one_name_are_refused() {
        refused(
                (f, n) -> {
                    f.step("split", Integer.class, n, x -> x);
                    return f.step("split", Integer.class, n, x -> x);
                },
                "Flow \"analyze\" has two steps named \"split\"; step names are unique within a flow.");
    }

    @Test
    void p3_names_that_cannot_be_keys_are_refused() {
        for (String name : List.of("", "1st", "a b", "a?", "a.b", "é", "run", "a".repeat(129))) {
            assertThatThrownBy(() -> flow((f, n) -> f.step(name, Integer.class, n, x -> x)))
                    .as(name)
                    .isInstanceOf(DefinitionException.class)
                    .hasMessageStartingWith("Flow \"analyze\" has a step named \"" + name + "\"; ");
            assertThatThrownBy(() -> Flow.define(name, Integer.class, (f, n) -> f.step("a", Integer.class, n, x -> x)))
                    .as(name)
                    .isInstanceOf(DefinitionException.class);
        }
        for (String name : List.of("a", "_", "A-b_1", "running", "a".repeat(128))) {
            flow((f, n) -> f.step(name, Integer.class, n, x -> x));
        }
    }

    @Test
    void p3_a_step_of_another_flow_is_refused() {
        var stolen = new Step<?>[1];
        flow((f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x);
            stolen[0] = a;
            return a;
        });
        refused(
                (f, n) -> f.step("b", Integer.class, List.of(stolen[0]), in -> 1),
                "In flow \"analyze\", step \"b\" uses step \"a\" of another flow.");
    }

    @Test
    void p3_a_step_that_waits_for_a_later_one_is_refused() {
        refused(
                (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x);
                    var b = f.step("b", Integer.class, a, x -> x);
                    a.ifSkipped(b);
                    return b;
                },
                "In flow \"analyze\", step \"a\" waits for step \"b\", which is defined after it; define it before.");
    }

    @Test
    void p5_a_pattern_is_a_json_object() {
        for (String pattern : List.of("[1]", "\"a\"", "1", "null", "{", "")) {
            assertThatThrownBy(() -> flow((f, n) -> f.step("a", Integer.class, n.matching(pattern), x -> x)))
                    .as(pattern)
                    .isInstanceOf(DefinitionException.class)
                    .hasMessageStartingWith("The pattern " + pattern + " is not ");
        }
    }

    @Test
    void p5_unmet_conditions_skip_and_exhausted_attempts_fail_unless_said_otherwise() {
        var flow = flow((f, n) -> f.step("a", Integer.class, n, x -> x));
        assertThat(flow.shape().text()).contains("\"unmet\":\"SKIP\",\"onExhausted\":\"FAIL\"");
    }

    @Test
    void p6_options_that_make_no_sense_are_refused() {
        refused(
                (f, n) -> f.step("a", Integer.class, n, x -> x).startDelay(Duration.ofSeconds(-1)),
                "Step \"a\" has a start delay of PT-1S; it must not be negative.");
        refused(
                (f, n) -> f.step("a", Integer.class, n, x -> x).timeout(Duration.ZERO),
                "Step \"a\" has a timeout of PT0S; it must be positive.");
        refused(
                (f, n) -> f.map("a", Integer.class, f.range(3), x -> x).maxParallel(0),
                "Step \"a\" has maxParallel(0); it must be at least 1.");
        refused(
                (f, n) -> f.map("a", Integer.class, f.range(-1), x -> x),
                "Flow \"analyze\" has a range of -1; it must not be negative.");
        refused(
                (f, n) -> f.map("a", Integer.class, f.range(1), x -> x).tolerate(Tolerance.percent(101)),
                "A tolerance of 101 percent makes no sense: counts start at 0, percentages go from 0 to 100.");
        refused(
                (f, n) -> f.map("a", Integer.class, n.each("items", Integer.class), x -> x),
                "\"items\" is not a JSON pointer: it must begin with a slash.");
        flow((f, n) -> f.step("a", Integer.class, n, x -> x).startDelay(Duration.ZERO));
    }

    @Test
    void a_step_that_may_be_skipped_must_be_read_as_optional() {
        String message = "In flow \"analyze\", step \"a\" may be skipped, so step \"b\" must read it with optional(); "
                + "or let it take its readers along with SKIP_CASCADE.";
        refused(
                (f, n) -> {
                    var a = f.step("a", Integer.class, n.when(x -> x > 0), x -> x);
                    return f.step("b", Integer.class, a, x -> x);
                },
                message);
        refused(
                (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x);
                    var b = f.step("b", Integer.class, a.when(x -> x > 0), x -> x);
                    a.onExhausted(Exhausted.SKIP); // also if it is said only after the step was read
                    return b.optional();
                },
                message);
        flow((f, n) -> {
            var a = f.step("a", Integer.class, n.when(x -> x > 0), x -> x);
            return f.step("b", Integer.class, a.optional(), x -> x.orElse(0));
        });
        flow((f, n) -> {
            var a = f.step("a", Integer.class, n.when(x -> x > 0), x -> x).unmet(Unmet.SKIP_CASCADE);
            return f.step("b", Integer.class, a, x -> x).optional();
        });
        flow((f, n) -> {
            var a = f.list("a", Integer.class, n.when(x -> x > 0), x -> List.of(x));
            return f.map("b", Integer.class, a, x -> x);
        });
    }

    @Test
    void a_result_that_may_be_missing_must_be_returned_as_optional() {
        refused(
                (f, n) -> f.step("a", Integer.class, n.when(x -> x > 0), x -> x),
                "Step \"a\" may be skipped, so flow \"analyze\" must return it as optional(): its output is then empty.");
        refused(
                (f, n) -> {
                    var a = f.step("a", Integer.class, n, x -> x).onExhausted(Exhausted.SKIP_CASCADE);
                    var b = f.step("b", Integer.class, a, x -> x);
                    return f.step("c", Integer.class, b, x -> x);
                },
                "Step \"c\" may be skipped together with step \"a\", so flow \"analyze\" must return it as optional(): "
                        + "its output is then empty.");
    }

    @Test
    void the_result_is_a_step() {
        refused(
                (f, n) -> n,
                "Flow \"analyze\" returns input; it must return one of its steps, or optional() of one, whose output "
                        + "is then the run's.");
    }

    @Test
    void a_tolerant_map_is_known_by_what_tolerate_returns() {
        refused(
                (f, n) -> {
                    var m = f.map("m", Integer.class, f.range(3), x -> x);
                    m.tolerate(Tolerance.count(1));
                    return f.step("s", Integer.class, m, List::size);
                },
                "In flow \"analyze\", step \"s\" reads map \"m\" as it was before tolerate(); use what tolerate() "
                        + "returns.");
    }

    @Test
    void a_defined_flow_does_not_change_any_more() {
        var leaked = new Object[2];
        flow((f, n) -> {
            leaked[0] = f;
            var a = f.step("a", Integer.class, n, x -> x);
            leaked[1] = a;
            return a;
        });
        var f = (Steps) leaked[0];
        var a = (Step<?>) leaked[1];
        assertThatThrownBy(() -> f.map("b", Integer.class, f.range(1), x -> x))
                .hasMessage(
                        "Flow \"analyze\" is defined already; step \"b\" must be added and set up inside its lambda.");
        assertThatThrownBy(() -> a.onExhausted(Exhausted.SKIP))
                .hasMessage(
                        "Flow \"analyze\" is defined already; step \"a\" must be added and set up inside its lambda.");
    }

    @Test
    void a_flow_has_copies_with_another_version_queue_and_failure_mode() {
        var flow = flow((f, n) -> f.step("a", Integer.class, n, x -> x));
        var other = flow.version("2").queue("slow").failure(FailureMode.WAIT_ALL);
        assertThat(flow.name()).isEqualTo("flow:analyze");
        assertThat(List.of(flow.version(), flow.queue())).containsExactly("1", "default");
        assertThat(List.of(other.version(), other.queue())).containsExactly("2", "slow");
        assertThat(other.name()).isEqualTo("flow:analyze");
        assertThat(flow.differences(other.shape()))
                .containsExactly("failure was \"WAIT_ALL\" and is now \"FAIL_FAST\".");
    }

    @Test
    void a_step_takes_up_to_five_sources_or_a_list_of_them() {
        var flow = flow((f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x + 1);
            var b = f.step("b", Integer.class, n, a, (x, y) -> x + y);
            var c = f.step("c", Integer.class, n, a, b, (x, y, z) -> x + y + z);
            var d = f.step("d", Integer.class, n, a, b, c, (w, x, y, z) -> w + x + y + z);
            var e = f.step("e", Integer.class, n, a, b, c, d, (v, w, x, y, z) -> v + w + x + y + z);
            return f.step(
                    "all",
                    Integer.class,
                    List.of(n, a, b, c, d, e),
                    in -> in.get(n) + in.get(a) + in.get(b) + in.get(c) + in.get(d) + in.get(e));
        });
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("48");
    }

    @Test
    void a_source_that_was_not_listed_cannot_be_got() {
        var flow = flow((f, n) -> {
            var a = f.step("a", Integer.class, n, x -> x);
            return f.step("b", Integer.class, List.of(n), in -> in.get(a));
        });
        assertThat(Rehearsal.start(flow, 1).run().problem())
                .isEqualTo("Step \"b\" failed: The step did not list this source: step \"a\".");
    }

    @Test
    void generic_types_are_named_by_type_refs() {
        var flow = Flow.define("generic", new TypeRef<Map<String, List<Integer>>>() {}, (f, m) -> {
            var turned = f.step("turn", new TypeRef<Map<Integer, String>>() {}, m, given -> {
                var map = new java.util.TreeMap<Integer, String>();
                given.forEach((key, values) -> values.forEach(value -> map.put(value, key)));
                return map;
            });
            return f.step("one", String.class, turned, t -> t.get(2));
        });
        assertThat(Rehearsal.start(flow, Map.of("a", List.of(1), "b", List.of(2)))
                        .run()
                        .output())
                .isEqualTo("\"b\"");
    }

    record Article(String url) {}

    record Page(String text) {}

    record Report(double average, List<String> keywords) {}

    private double score(String part) {
        return part.length();
    }

    @Test
    void a_flow_reads_like_what_it_does() {
        var flow = Flow.define("analyze-article", Article.class, (f, article) -> {
            var page = f.step("scrape", Page.class, article, a -> new Page(a.url()))
                    .retry(Retry.times(5));
            var parts =
                    f.list("split", String.class, page, p -> List.of(p.text().split("/")));
            var scores = f.map("score", Double.class, parts, this::score).maxParallel(8);
            var keywords =
                    f.list("keywords", String.class, page, p -> List.of(p.text().substring(0, 1)));
            var average = f.step(
                    "average",
                    Double.class,
                    scores,
                    all -> all.stream().mapToDouble(x -> x).average().orElse(0));
            return f.step("report", Report.class, average, keywords, Report::new);
        });
        var run = Rehearsal.start(flow, new Article("a/bcd")).run();
        assertThat(flow.decode(new Json(run.output()))).isEqualTo(new Report(2, List.of("a")));
    }

    /** P4: there is no way to write a map over two lists. */
    @Test
    void p4_a_map_takes_exactly_one_list() {
        var maps = java.util.Arrays.stream(Steps.class.getDeclaredMethods())
                .filter(method -> method.getName().startsWith("map"))
                .filter(method -> java.lang.reflect.Modifier.isPublic(method.getModifiers()))
                .toList();
        assertThat(maps)
                .hasSize(4)
                .allSatisfy(method -> assertThat(method.getParameterTypes())
                        .filteredOn(Source.class::isAssignableFrom)
                        .containsExactly(ListSource.class));
    }
}
