package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Retry;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShapeTest {

    private static final Flow<List<Integer>, Integer> BASE = flow((f, list) -> {
        var m = f.map("m", Integer.class, list, x -> x);
        var a = f.step("a", Integer.class, m.when(all -> true), List::size).unmet(Unmet.SKIP_CASCADE);
        f.step("b", Integer.class, a, x -> x);
        return f.step("c", Integer.class, m, List::size);
    });

    private static Flow<List<Integer>, Integer> flow(Flow.ListDefinition<Integer, Integer> steps) {
        return Flow.defineList("f", Integer.class, steps);
    }

    @Test
    void a_shape_is_readable() {
        assertThat(BASE.shape().text())
                .isEqualTo(
                        "{\"failure\":\"FAIL_FAST\",\"output\":\"c\",\"steps\":["
                                + "{\"name\":\"m\",\"kind\":\"map\",\"sources\":[\"input\"],\"unmet\":\"SKIP\",\"onExhausted\":\"FAIL\"},"
                                + "{\"name\":\"a\",\"kind\":\"step\",\"sources\":[\"m when\"],\"unmet\":\"SKIP_CASCADE\",\"onExhausted\":\"FAIL\"},"
                                + "{\"name\":\"b\",\"kind\":\"step\",\"sources\":[\"a\"],\"unmet\":\"SKIP\",\"onExhausted\":\"FAIL\"},"
                                + "{\"name\":\"c\",\"kind\":\"step\",\"sources\":[\"m\"],\"unmet\":\"SKIP\",\"onExhausted\":\"FAIL\"}]}");
    }

    @Test
    void p7_p8_options_that_may_change_under_a_run_are_no_difference() {
        var other = flow((f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x + 1)
                    .retry(Retry.times(9))
                    .timeout(Duration.ofSeconds(1))
                    .startDelay(Duration.ofSeconds(1))
                    .maxParallel(2)
                    .queue("q");
            var a = f.step("a", Integer.class, m.when(all -> false), List::size).unmet(Unmet.SKIP_CASCADE);
            f.step("b", Integer.class, a, x -> x);
            return f.step("c", Integer.class, m, List::size);
        });
        assertThat(BASE.differences(other.shape())).isEmpty();
        assertThat(BASE.shape()).isEqualTo(other.shape());
    }

    @Test
    void p7_p8_another_kind_source_condition_policy_or_order_is_a_difference() {
        var other = flow((f, list) -> {
            var m = f.list("m", Integer.class, list, x -> x);
            var c = f.step("c", Integer.class, m, List::size).onExhausted(Exhausted.FAIL);
            var a = f.step("a", Integer.class, m, List::size);
            f.step("d", Integer.class, a, x -> x).ifCompleted(c).onExhausted(Exhausted.SKIP);
            return c;
        });
        assertThat(other.differences(BASE.shape()))
                .containsExactly(
                        "steps/m/kind was \"map\" and is now \"list\".",
                        "steps/a/sources was [\"m when\"] and is now [\"m\"].",
                        "steps/a/unmet was \"SKIP_CASCADE\" and is now \"SKIP\".",
                        "steps/b is gone; it was {\"name\":\"b\",\"kind\":\"step\",\"sources\":[\"a\"],\"unmet\":\"SKIP\","
                                + "\"onExhausted\":\"FAIL\"}.",
                        "steps/d is new: {\"name\":\"d\",\"kind\":\"step\",\"sources\":[\"a\"],\"ifCompleted\":[\"c\"],"
                                + "\"unmet\":\"SKIP\",\"onExhausted\":\"SKIP\"}.",
                        "steps was in the order [m, a, c] and is now [m, c, a].");
    }

    @Test
    void patterns_pointers_tolerance_and_ranges_are_part_of_the_shape() {
        var flow = flow((f, list) -> {
            var box = f.step("box", Object.class, list.notMatching("{\"a\":[1]}"), x -> x);
            f.map("m", Integer.class, box.optional().each("/items", Integer.class), x -> x)
                    .tolerate(Tolerance.percent(5));
            f.map("n", Integer.class, f.range(3), x -> x);
            return f.step("c", Integer.class, list, List::size);
        });
        assertThat(flow.shape().text())
                .contains(
                        "[\"input not matching {\\\"a\\\":[1]}\"]",
                        "[\"box?/items\"]",
                        "\"tolerate\":\"5%\"",
                        "[\"0..3\"]");
    }
}
