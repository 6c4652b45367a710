package dev.pawl.flow;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SkippingTest {

    record User(String role, boolean premium) {}

    private static final User ADMIN = new User("admin", true);
    private static final User PLAIN = new User("user", false);

    /** A step that adds one, and that other steps can be hung on. */
    private static Step<Integer> one(Steps f, String name, Source<Integer> source) {
        return f.step(name, Integer.class, source, x -> x + 1);
    }

    private static Step<Integer> orMinusOne(Steps f, String name, Source<Optional<Integer>> source) {
        return f.step(name, Integer.class, source, x -> x.orElse(-1));
    }

    @Test
    void p20_an_element_that_fails_with_skip_cancels_its_open_siblings() {
        var flow = Flow.defineList(
                "f",
                Integer.class,
                (f, list) -> f.map("m", Integer.class, list, x -> x)
                        .onExhausted(Exhausted.SKIP)
                        .optional());
        var run = Rehearsal.start(flow, List.of(1, 2)).fail("m[0]", "no");
        assertThat(run.task("m[1]")).isEqualTo(TaskStatus.CANCELLED);
        assertThat(run.output()).isEqualTo("null");
        assertThat(flow.decode(new Json(run.output()))).isEmpty();
    }

    @Test
    void p21_a_skipped_step_is_missing_not_null() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n.when(x -> x > 0));
            return f.step("s", String.class, a.optional(), Object::toString);
        });
        assertThat(Rehearsal.start(flow, 0).run().output()).isEqualTo("\"Optional.empty\"");
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("\"Optional[2]\"");
    }

    @Test
    void p52_after_a_skip_what_can_live_with_it_starts() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> orMinusOne(
                        f, "b", one(f, "a", n).onExhausted(Exhausted.SKIP).optional()));
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.open()).containsExactly("b[0]");
        assertThat(run.run().output()).isEqualTo("-1");
    }

    @Test
    void p53_p54_a_join_waits_for_the_others_and_every_reader_of_a_skipped_step_starts() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP);
            var b = one(f, "b", n);
            var left = orMinusOne(f, "left", a.optional());
            var right = orMinusOne(f, "right", a.optional());
            return f.step("join", Integer.class, a.optional(), b, left, right, (w, x, y, z) -> w.orElse(0) + x + y + z);
        });
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.open()).containsExactly("b[0]", "left[0]", "right[0]");
        assertThat(run.run().output()).isEqualTo("0");
    }

    @Test
    void p55_a_run_whose_only_step_is_skipped_succeeds_without_output() {
        var flow = Flow.define(
                "f",
                Integer.class,
                (f, n) -> one(f, "a", n).onExhausted(Exhausted.SKIP).optional());
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(run.output()).isEqualTo("null");
        assertThat(flow.decode(new Json("null"))).isEmpty();
    }

    @Test
    void p56_p57_a_skipped_producer_makes_an_empty_map_and_what_follows_starts() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var list = f.list("list", Integer.class, n, List::of).onExhausted(Exhausted.SKIP);
            var m = f.map("m", Integer.class, list, x -> x);
            return f.step("s", Integer.class, m, List::size);
        });
        var run = Rehearsal.start(flow, 1).fail("list", "no");
        assertThat(run.events())
                .endsWith("step.skipped list {\"reason\":\"handler_failed\"}", "step.succeeded m {\"size\":0}");
        assertThat(run.open()).containsExactly("s[0]");
        assertThat(run.run().output()).isEqualTo("0");
    }

    @Test
    void p56_a_list_inside_a_skipped_output_makes_an_empty_map_too() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var page = f.step("page", Map.class, n, x -> Map.of()).onExhausted(Exhausted.SKIP);
            return f.map("m", Integer.class, page.each("/items", Integer.class), x -> x);
        });
        assertThat(Rehearsal.start(flow, 1).fail("page", "no").output()).isEqualTo("[]");
    }

    @Test
    void p58_p59_a_condition_is_asked_although_what_it_looks_at_was_skipped() {
        for (var unmet : Unmet.values()) {
            var flow = Flow.define("f", Integer.class, (f, n) -> {
                var a = one(f, "a", n).onExhausted(Exhausted.SKIP);
                return one(f, "b", n).ifCompleted(a).unmet(unmet).optional();
            });
            var run = Rehearsal.start(flow, 1).fail("a", "no");
            assertThat(run.step("b")).isEqualTo(unmet == Unmet.FAIL ? "failed" : "skipped");
            assertThat(run.status()).isEqualTo(unmet == Unmet.FAIL ? RunStatus.FAILED : RunStatus.SUCCEEDED);
            assertThat(run.task("b[0]")).isNull();
        }
    }

    @Test
    void p60_skip_cascade_skips_everything_that_reads_the_step() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP_CASCADE);
            var b = one(f, "b", a);
            var c = f.list("c", Integer.class, b, List::of);
            f.map("m", Integer.class, c, x -> x);
            f.step("even_if_optional", Integer.class, b.optional(), x -> 0);
            return one(f, "other", n);
        });
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.events())
                .containsExactly(
                        "task.failed a[0]",
                        "step.skipped a {\"reason\":\"handler_failed\"}",
                        "step.skipped b {\"reason\":\"dependency_skipped\"}",
                        "step.skipped c {\"reason\":\"dependency_skipped\"}",
                        "step.skipped m {\"reason\":\"dependency_skipped\"}",
                        "step.skipped even_if_optional {\"reason\":\"dependency_skipped\"}");
        assertThat(run.open()).containsExactly("other[0]");
        assertThat(run.run().status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @Test
    void p61_p70_a_second_failure_of_a_skipped_step_changes_nothing() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP);
            var b = one(f, "b", n);
            return f.step("join", Integer.class, a.optional(), b, (x, y) -> y);
        });
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        String state = run.state();
        var events = List.copyOf(run.events());
        run.fail("a", "again");
        assertThat(run.state()).isEqualTo(state);
        assertThat(run.events()).isEqualTo(events);
        assertThat(run.open()).containsExactly("b[0]");
    }

    @Test
    void p62_a_skip_because_of_a_failure_says_so_and_cancels_the_rest_of_the_map() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x).onExhausted(Exhausted.SKIP);
            return f.step("s", Integer.class, m.optional(), x -> 0);
        });
        var run = Rehearsal.start(flow, List.of(1, 2, 3)).run("m[0]").fail("m[1]", "no");
        assertThat(run.state())
                .contains("\"m\":{\"status\":\"skipped\",\"size\":3,\"made\":3,\"done\":1,\"failed\":1,"
                        + "\"reason\":\"handler_failed\"}");
        assertThat(run.open()).containsExactly("s[0]");
    }

    @Test
    void p63_of_two_opposite_conditions_exactly_one_branch_runs() {
        var flow = Flow.define("f", new dev.pawl.json.TypeRef<Map<String, Object>>() {}, (f, user) -> {
            var yes = f.step("yes", String.class, user.matching("{\"role\":\"admin\"}"), u -> "yes");
            var no = f.step("no", String.class, user.notMatching("{\"role\":\"admin\"}"), u -> "no");
            return f.step("s", String.class, yes.optional(), no.optional(), (y, n) -> y.orElse("") + n.orElse(""));
        });
        assertThat(Rehearsal.startJson(flow, "{\"role\":\"admin\",\"more\":1}")
                        .run()
                        .output())
                .isEqualTo("\"yes\"");
        assertThat(Rehearsal.startJson(flow, "{\"role\":\"user\"}").run().output())
                .isEqualTo("\"no\"");
        assertThat(Rehearsal.startJson(flow, "{}").run().output()).isEqualTo("\"no\"");
    }

    @Test
    void p64_several_conditions_must_all_hold() {
        var flow = Flow.define("f", User.class, (f, user) -> {
            var other = f.step("other", Integer.class, user, u -> u.role().length());
            var both = user.matching("{\"role\":\"admin\"}").when(User::premium);
            return f.step("s", String.class, both, other.when(x -> x == 5), (u, x) -> "ran")
                    .optional();
        });
        assertThat(Rehearsal.start(flow, ADMIN).run().output()).isEqualTo("\"ran\"");
        assertThat(Rehearsal.start(flow, PLAIN).run().output()).isEqualTo("null");
        assertThat(Rehearsal.start(flow, new User("admin", false)).run().output())
                .isEqualTo("null");
        assertThat(Rehearsal.start(flow, new User("boss", true)).run().output()).isEqualTo("null");
    }

    @Test
    void p65_the_unmet_condition_of_a_root_step_skips_it_fails_the_run_or_takes_its_readers_along() {
        for (var unmet : Unmet.values()) {
            var flow = Flow.define("f", User.class, (f, user) -> {
                var a = f.step("a", Integer.class, user.when(User::premium), u -> 1)
                        .unmet(unmet);
                f.step("reader", Integer.class, a.optional(), x -> 0);
                return f.step("other", Integer.class, user, u -> 2);
            });
            var run = Rehearsal.start(flow, PLAIN).run();
            switch (unmet) {
                case SKIP ->
                    assertThat(run.story())
                            .containsSubsequence("task.skipped a[0]", "step.skipped a", "task.succeeded reader[0]");
                case SKIP_CASCADE ->
                    assertThat(run.story())
                            .containsSubsequence("task.skipped a[0]", "step.skipped a", "step.skipped reader");
                case FAIL -> {
                    assertThat(run.story()).containsExactly("task.skipped a[0]", "step.failed a", "run.failed");
                    assertThat(run.problem()).isEqualTo("Condition not met: step \"a\" says that the run fails then.");
                }
            }
            assertThat(run.status()).isEqualTo(unmet == Unmet.FAIL ? RunStatus.FAILED : RunStatus.SUCCEEDED);
        }
    }

    @Test
    void p66_a_join_of_two_steps_skipped_at_once_starts() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var root = one(f, "root", n).onExhausted(Exhausted.SKIP);
            var a = one(f, "a", n).ifCompleted(root);
            var b = one(f, "b", n).ifCompleted(root);
            return f.step("join", Integer.class, a.optional(), b.optional(), (x, y) -> 7);
        });
        var run = Rehearsal.start(flow, 1).fail("root", "no");
        assertThat(run.open()).containsExactly("join[0]");
        assertThat(run.run().output()).isEqualTo("7");
    }

    @Test
    void p67_skips_go_on_until_nothing_changes() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP);
            var b = one(f, "b", n).ifCompleted(a);
            return one(f, "c", n).ifSkipped(b).optional();
        });
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.step("b")).isEqualTo("skipped");
        assertThat(run.open()).containsExactly("c[0]");
    }

    @Test
    void p68_x8_a_fallback_runs_exactly_if_the_step_was_skipped_whatever_it_would_have_produced() {
        for (Object produced : new Object[] {"text", List.of(1), Map.of("a", 1), 0}) {
            var flow = Flow.define("f", Boolean.class, (f, works) -> {
                var a = f.step("a", Object.class, works.when(w -> w), w -> produced);
                var fallback =
                        f.step("fallback", String.class, works, w -> "fallback").ifSkipped(a);
                return fallback.optional();
            });
            assertThat(Rehearsal.start(flow, false).run().output()).isEqualTo("\"fallback\"");
            assertThat(Rehearsal.start(flow, true).run().output()).isEqualTo("null");
        }
    }

    @Test
    void a_fallback_also_runs_for_a_step_that_was_skipped_with_a_cascade() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP_CASCADE);
            var b = one(f, "b", a);
            return one(f, "fallback", n).ifSkipped(b).optional();
        });
        assertThat(Rehearsal.start(flow, 1).fail("a", "no").run().output()).isEqualTo("2");
    }

    @Test
    void p69_an_unmet_condition_that_fails_the_run_cancels_what_is_open() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n);
            f.map("m", Integer.class, f.range(3), x -> x);
            return one(f, "b", a.when(x -> x > 100)).unmet(Unmet.FAIL);
        });
        var run = Rehearsal.start(flow, 1).run("a", "b");
        assertThat(run.status()).isEqualTo(RunStatus.FAILED);
        assertThat(run.task("m[0]")).isEqualTo(TaskStatus.CANCELLED);
    }

    @Test
    void p71_a_join_with_one_parent_skipped_by_cascade_is_skipped_at_once_and_others_go_on() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP_CASCADE);
            var b = one(f, "b", n);
            f.step("join", Integer.class, a, b, Integer::sum);
            return b;
        });
        var run = Rehearsal.start(flow, 1).fail("a", "no");
        assertThat(run.step("join")).isEqualTo("skipped");
        assertThat(run.open()).containsExactly("b[0]");
    }

    @Test
    void p72_p73_what_was_skipped_before_is_not_skipped_again_and_causes_come_first() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var a = one(f, "a", n).onExhausted(Exhausted.SKIP_CASCADE);
            var gone = one(f, "gone", n.when(x -> false));
            var b = one(f, "b", a);
            f.step("c", Integer.class, b, gone.optional(), (x, y) -> 0);
            return one(f, "end", n);
        });
        var run = Rehearsal.start(flow, 1).run("gone").fail("a", "no");
        assertThat(run.story())
                .containsExactly(
                        "task.skipped gone[0]",
                        "step.skipped gone",
                        "task.failed a[0]",
                        "step.skipped a",
                        "step.skipped b",
                        "step.skipped c");
    }

    @Test
    void x8_the_condition_of_a_step_behind_an_empty_map_is_asked() {
        var flow = Flow.defineList("f", Integer.class, (f, list) -> {
            var m = f.map("m", Integer.class, list, x -> x);
            return f.step("s", Integer.class, m.when(all -> !all.isEmpty()), List::size)
                    .optional();
        });
        assertThat(Rehearsal.start(flow, List.of()).run().output()).isEqualTo("null");
        assertThat(Rehearsal.start(flow, List.of(1)).run().output()).isEqualTo("1");
    }

    @Test
    void x8_the_condition_of_an_empty_map_behind_an_empty_map_is_asked() {
        for (var unmet : Unmet.values()) {
            var flow = Flow.defineList("f", Integer.class, (f, list) -> {
                var m = f.map("m", Integer.class, list, x -> x);
                return f.map("n", Integer.class, m.when(all -> !all.isEmpty()), x -> x)
                        .unmet(unmet)
                        .optional();
            });
            var run = Rehearsal.start(flow, List.of());
            assertThat(run.open()).containsExactly("n?[0]");
            assertThat(run.run().status()).isEqualTo(unmet == Unmet.FAIL ? RunStatus.FAILED : RunStatus.SUCCEEDED);
            assertThat(Rehearsal.start(flow, List.of(1, 2)).run().output()).isEqualTo("[1,2]");
        }
    }

    @Test
    void a_condition_of_a_map_sees_an_empty_list_if_its_producer_was_skipped() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            var list = f.list("list", Integer.class, n, List::of).onExhausted(Exhausted.SKIP);
            return f.map("m", Integer.class, list.when(all -> all.size() == 1), x -> x)
                    .optional();
        });
        assertThat(Rehearsal.start(flow, 1).fail("list", "no").run().output()).isEqualTo("null");
        assertThat(Rehearsal.start(flow, 1).run().output()).isEqualTo("[1]");
    }

    @Test
    void a_condition_on_the_whole_holds_for_a_list_inside_it() {
        record Page(boolean ready, List<Integer> items) {}
        var flow = Flow.define("f", Page.class, (f, page) -> {
            var items = page.when(Page::ready).each("/items", Integer.class);
            var m = f.map("m", Integer.class, items, x -> x);
            var s = f.step("s", Integer.class, items, List::size);
            return f.step("both", String.class, m.optional(), s.optional(), (x, y) -> x + " " + y);
        });
        assertThat(Rehearsal.start(flow, new Page(true, List.of(1, 2))).run().output())
                .isEqualTo("\"Optional[[1, 2]] Optional[2]\"");
        assertThat(Rehearsal.start(flow, new Page(false, List.of(1, 2))).run().output())
                .isEqualTo("\"Optional.empty Optional.empty\"");
    }

    @Test
    void a_condition_that_throws_is_a_failure_of_its_step() {
        var flow = Flow.define("f", Integer.class, (f, n) -> {
            ListSource<Integer> list = f.range(2).when(all -> {
                throw new IllegalStateException("cannot say");
            });
            return f.map("m", Integer.class, list, x -> x)
                    .onExhausted(Exhausted.SKIP)
                    .optional();
        });
        var run = Rehearsal.start(flow, 1).run();
        assertThat(run.story()).containsExactly("task.failed m?[0]", "step.skipped m", "run.succeeded");
    }
}
