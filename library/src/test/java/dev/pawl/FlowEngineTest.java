package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Submit;
import dev.pawl.flow.Exhausted;
import dev.pawl.flow.FailureMode;
import dev.pawl.flow.Flow;
import dev.pawl.flow.FlowProgress;
import dev.pawl.flow.Item;
import dev.pawl.flow.ItemError;
import dev.pawl.flow.ListSource;
import dev.pawl.flow.Partial;
import dev.pawl.flow.Tolerance;
import dev.pawl.flow.Unmet;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What flows promise, each on a real engine and both databases. The rules alone are tested with the model. */
class FlowEngineTest {

    private final Map<String, Integer> ran = new ConcurrentHashMap<>();
    private final AtomicBoolean broken = new AtomicBoolean(true);

    private <T extends @Nullable Object> T note(String what, T value) {
        ran.merge(what, 1, Integer::sum);
        return value;
    }

    private static <T> T never() {
        throw new Failure.Logic("never");
    }

    private static TaskStatus status(Pawl pawl, RunId run, String label) {
        return pawl.tasks(run, 10_000).stream()
                .map(task -> task.task())
                .filter(task -> task.key().label().equals(label))
                .findFirst()
                .orElseThrow()
                .status();
    }

    private static String step(Pawl pawl, RunId run, String name) {
        return FlowProgress.of(pawl.run(run).run().state()).steps().stream()
                .filter(step -> step.name().equals(name))
                .map(FlowProgress.OfStep::status)
                .findFirst()
                .orElse("waiting");
    }

    // ---- values ---------------------------------------------------------------------------------------------------

    /** P16, P23, P28, P34: several dependencies, a list and a step, and the output is that of the chosen step. */
    @ParameterizedTest
    @EnumSource
    void a_step_is_given_all_that_it_reads_and_the_chosen_step_gives_the_output(Database database) throws Exception {
        var flow = Flow.define("joined", String.class, (f, text) -> {
            var length = f.step("length", Integer.class, text, String::length);
            var words = f.list("words", String.class, text, t -> List.of(t.split(" ")));
            var upper = f.map("upper", String.class, words, word -> word.toUpperCase(Locale.ROOT));
            var joined =
                    f.step("join", String.class, text, length, upper, (t, size, all) -> t + "|" + size + "|" + all);
            f.step("aside", Integer.class, joined, String::length);
            return joined;
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, "a bc d");
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("a bc d|6|[A, BC, D]");
            assertThat(status(pawl, handle.id(), "aside[0]")).isEqualTo(TaskStatus.SUCCEEDED);
        }
    }

    /** P10, P18, P29, P30: a map over the input; whatever the order of the ends, the outputs are in that of the list. */
    @ParameterizedTest
    @EnumSource
    void outputs_of_a_map_keep_their_order_and_nulls_their_place(Database database) throws Exception {
        var gates = List.of(new Gate(), new Gate(), new Gate(), new Gate());
        var flow = Flow.defineList(
                "ordered",
                String.class,
                (f, texts) -> f.mapIndexed("echo", String.class, texts, (@Nullable String text, Item item) -> {
                    gates.get(item.index()).pass();
                    assertThat(item.total()).isEqualTo(4);
                    return text;
                }));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, Arrays.asList("a", null, "c", null));
            for (int index : new int[] {2, 0, 3, 1}) {
                gates.get(index).open();
                await().until(() -> status(pawl, handle.id(), "echo[" + index + "]") == TaskStatus.SUCCEEDED);
            }
            assertThat(handle.await(Fleet.PATIENCE)).containsExactly("a", null, "c", null);
        }
    }

    /** P33: ten maps, each over the one before. */
    @ParameterizedTest
    @EnumSource
    void a_map_goes_over_the_outputs_of_a_map(Database database) throws Exception {
        var flow = Flow.defineList("deep", Integer.class, (f, numbers) -> {
            ListSource<Integer> list = numbers;
            for (int i = 0; i < 10; i++) list = f.map("m" + i, Integer.class, list, n -> n + 10);
            return f.step("all", new TypeRef<List<Integer>>() {}, list, all -> all);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, List.of(1, 2, 3));
            assertThat(handle.await(Fleet.PATIENCE)).containsExactly(101, 102, 103);
            assertThat(pawl.tasks(handle.id(), 100)).hasSize(31);
        }
    }

    /** P31, P36: one element still gives a list, also as the output of the run. */
    @ParameterizedTest
    @EnumSource
    void a_map_of_one_element_gives_a_list_of_one(Database database) throws Exception {
        var flow = Flow.defineList(
                "single", Integer.class, (f, numbers) -> f.map("double", Integer.class, numbers, n -> 2 * n));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, List.of(21)).await(Fleet.PATIENCE)).containsExactly(42);
            assertThat(pawl.submit("single", new Json("[21]"), Submit.NOW).await(Fleet.PATIENCE))
                    .isEqualTo(new Json("[42]"));
        }
    }

    /** O1, O2, O3: the same work so many times. */
    @ParameterizedTest
    @EnumSource
    void a_map_over_a_range_does_the_same_so_many_times(Database database) throws Exception {
        var flow = Flow.define("dice", Integer.class, (f, base) -> {
            var rolls = f.map("roll", Integer.class, f.range(3), index -> index * index);
            return f.step(
                    "sum",
                    Integer.class,
                    base,
                    rolls,
                    (b, all) -> b + all.stream().mapToInt(Integer::intValue).sum());
        });
        try (var fleet = new Fleet(database)) {
            assertThat(fleet.open(flow).submit(flow, 100).await(Fleet.PATIENCE)).isEqualTo(105);
        }
    }

    /** The fan-out over a path that the seed promised and never had. */
    @ParameterizedTest
    @EnumSource
    void a_map_goes_over_a_list_inside_an_output(Database database) throws Exception {
        record Page(String title, Map<String, List<String>> parts) {}
        var flow = Flow.define("paths", String.class, (f, title) -> {
            var page = f.step("page", Page.class, title, t -> new Page(t, Map.of("b/c", List.of("x", "y"))));
            var marked = f.map("mark", String.class, page.each("/parts/b~1c", String.class), part -> part + "!");
            return f.step("join", String.class, page, marked, (p, all) -> p.title() + all);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, "T").await(Fleet.PATIENCE)).isEqualTo("T[x!, y!]");
        }
    }

    // ---- empty maps -----------------------------------------------------------------------------------------------

    /** P14, P38, P41: nothing to do is done at once, and never started. */
    @ParameterizedTest
    @EnumSource
    void a_map_over_nothing_succeeds_at_once(Database database) throws Exception {
        var flow = Flow.defineList("nothing", Integer.class, (f, numbers) -> {
            var a = f.map("a", Integer.class, numbers, n -> n);
            return f.map("b", Integer.class, a, n -> n);
        });
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(flow);
            var handle = client.submit(flow, List.of());
            assertThat(client.run(handle.id()).status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(handle.await(Fleet.PATIENCE)).isEmpty();
            assertThat(client.tasks(handle.id(), 10)).isEmpty();
            assertThat(Fleet.story(client, handle.id()))
                    .containsExactly(
                            "run.queued", "step.succeeded a", "step.succeeded b", "run.started", "run.succeeded");
        }
    }

    /** X6, P40. */
    @ParameterizedTest
    @EnumSource
    void a_chain_of_a_thousand_empty_maps_completes(Database database) throws Exception {
        var flow = Flow.define("chain", Integer.class, (f, size) -> {
            ListSource<Integer> list = f.list(
                    "list",
                    Integer.class,
                    size,
                    n -> IntStream.range(0, n).boxed().toList());
            for (int i = 0; i < 1_000; i++) list = f.map("m" + i, Integer.class, list, n -> n);
            return f.step("count", Integer.class, list, List::size);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, 0);
            assertThat(handle.await(Fleet.PATIENCE)).isZero();
            assertThat(pawl.tasks(handle.id(), 10)).hasSize(2);
            assertThat(Fleet.story(pawl, handle.id())).contains("step.succeeded m0", "step.succeeded m999");
        }
    }

    /** X8: the older system skipped over the condition of a step behind an empty map. */
    @ParameterizedTest
    @EnumSource
    void a_condition_behind_an_empty_map_is_asked(Database database) throws Exception {
        var flow = Flow.defineList("behind", Integer.class, (f, numbers) -> {
            var map = f.map("map", Integer.class, numbers, n -> n);
            var some = f.step("some", Integer.class, map.when(all -> !all.isEmpty()), List::size);
            var next = f.map("next", Integer.class, map.when(all -> !all.isEmpty()), n -> n);
            return f.step("end", String.class, some.optional(), next.optional(), (a, b) -> a + " " + b);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, List.of()).await(Fleet.PATIENCE)).isEqualTo("Optional.empty Optional.empty");
            assertThat(pawl.submit(flow, List.of(7)).await(Fleet.PATIENCE)).isEqualTo("Optional[1] Optional[[7]]");
        }
    }

    // ---- conditions and skips -------------------------------------------------------------------------------------

    /** P63, P64: exactly one branch, by predicate and by pattern. */
    @ParameterizedTest
    @EnumSource
    void of_two_branches_with_opposite_conditions_exactly_one_runs(Database database) throws Exception {
        record User(@Nullable String role, int age) {}
        var flow = Flow.define("branching", User.class, (f, user) -> {
            var admin = f.step(
                    "admin",
                    String.class,
                    user.matching("{\"role\":\"admin\"}").when(u -> u.age() >= 18),
                    u -> "admin");
            var guest = f.step("guest", String.class, user.notMatching("{\"role\":\"admin\"}"), u -> "guest");
            return f.step("which", String.class, admin.optional(), guest.optional(), (a, g) -> a + " " + g);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, new User("admin", 20)).await(Fleet.PATIENCE))
                    .isEqualTo("Optional[admin] Optional.empty");
            assertThat(pawl.submit(flow, new User("admin", 10)).await(Fleet.PATIENCE))
                    .isEqualTo("Optional.empty Optional.empty");
            assertThat(pawl.submit(flow, new User(null, 20)).await(Fleet.PATIENCE))
                    .isEqualTo("Optional.empty Optional[guest]");
        }
    }

    /** P65: the step is skipped, alone or with all that reads it, or the run fails; what is independent goes on. */
    @ParameterizedTest
    @EnumSource
    void an_unmet_condition_skips_skips_along_or_fails(Database database) throws Exception {
        var skip = conditional("skip", Unmet.SKIP);
        var cascade = conditional("cascade", Unmet.SKIP_CASCADE);
        var fail = conditional("fail", Unmet.FAIL);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(skip, cascade, fail);
            var skipped = pawl.submit(skip, 1);
            assertThat(skipped.await(Fleet.PATIENCE)).contains("after Optional.empty");
            assertThat(status(pawl, skipped.id(), "check[0]")).isEqualTo(TaskStatus.SKIPPED);
            assertThat(Fleet.history(pawl, skipped.id()))
                    .anySatisfy(event -> assertThat(event.kind() + event.task() + event.data())
                            .isEqualTo("step.skippedcheck{\"reason\":\"condition_unmet\"}"));
            var cascaded = pawl.submit(cascade, 1);
            assertThat(cascaded.await(Fleet.PATIENCE)).isEmpty();
            assertThat(step(pawl, cascaded.id(), "after")).isEqualTo("skipped");
            assertThat(step(pawl, cascaded.id(), "beside")).isEqualTo("succeeded");
            assertThat(Fleet.history(pawl, cascaded.id()))
                    .anySatisfy(event -> assertThat(event.kind() + event.task() + event.data())
                            .isEqualTo("step.skippedafter{\"reason\":\"dependency_skipped\"}"));
            Fleet.fails(pawl.submit(fail, 1), "Condition not met: step \\\"check\\\"");
            assertThat(pawl.submit(fail, 20).await(Fleet.PATIENCE)).contains("after Optional[20]");
        }
    }

    private static Flow<Integer, Optional<String>> conditional(String name, Unmet unmet) {
        return Flow.define(name, Integer.class, (f, number) -> {
            var check = f.step("check", Integer.class, number.when(n -> n > 10), n -> n)
                    .unmet(unmet);
            f.step("beside", Integer.class, number, n -> n);
            return f.step("after", String.class, check.optional(), n -> "after " + n)
                    .optional();
        });
    }

    /** P66, P68, defect 12: whatever the type of what they wait for. */
    @ParameterizedTest
    @EnumSource
    void a_step_can_ask_whether_others_were_skipped_or_succeeded(Database database) throws Exception {
        var flow = Flow.define("asking", Integer.class, (f, number) -> {
            var odd = f.step("odd", String.class, number.when(n -> n % 2 == 1), n -> "odd");
            var big = f.list("big", Integer.class, number.when(n -> n > 10), n -> List.of(n));
            var plain = f.step("plain", String.class, number, n -> "plain").ifSkipped(odd, big);
            var both = f.step("both", String.class, number, n -> "both").ifCompleted(odd, big);
            return f.step(
                    "which", String.class, plain.optional(), both.optional(), (p, b) -> p.orElse("-") + b.orElse("-"));
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, 2).await(Fleet.PATIENCE)).isEqualTo("plain-");
            assertThat(pawl.submit(flow, 3).await(Fleet.PATIENCE)).isEqualTo("--");
            assertThat(pawl.submit(flow, 13).await(Fleet.PATIENCE)).isEqualTo("-both");
        }
    }

    /** P55, probe J: a run of which everything was skipped has succeeded, with nothing. */
    @ParameterizedTest
    @EnumSource
    void a_run_whose_only_step_is_skipped_succeeds_with_nothing(Database database) throws Exception {
        var flow = Flow.define(
                "only",
                Integer.class,
                (f, number) -> f.step("only", Integer.class, number.when(n -> false), n -> n)
                        .optional());
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            assertThat(pawl.submit(flow, 1).await(Fleet.PATIENCE)).isEmpty();
        }
    }

    // ---- failures -------------------------------------------------------------------------------------------------

    /** P35, P44, P50, P51, P69, defect 4: the rest is cancelled in the transaction of the failure, and told to stop. */
    @ParameterizedTest
    @EnumSource
    void a_failure_cancels_and_interrupts_everything_else_of_its_run(Database database) throws Exception {
        var began = new CountDownLatch(2);
        var interrupted = new CountDownLatch(2);
        var flow = Flow.defineList("failing", Integer.class, (f, numbers) -> {
            var map = f.map("map", Integer.class, numbers, number -> block(began, interrupted, number))
                    .maxParallel(1);
            var slow = f.step("slow", Integer.class, numbers, all -> block(began, interrupted, 0));
            var bad = f.step("bad", Integer.class, numbers, all -> {
                began.await();
                return never();
            });
            return f.step("join", Integer.class, map, slow, bad, (a, b, c) -> note("join", 0));
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, List.of(1, 2, 3));
            Fleet.fails(handle, "Step \\\"bad\\\" failed: never");
            interrupted.await();
            assertThat(status(pawl, handle.id(), "bad[0]")).isEqualTo(TaskStatus.FAILED);
            assertThat(status(pawl, handle.id(), "slow[0]")).isEqualTo(TaskStatus.CANCELLED);
            assertThat(status(pawl, handle.id(), "map[0]")).isEqualTo(TaskStatus.CANCELLED);
            assertThat(pawl.tasks(handle.id(), 10)).hasSize(3);
            assertThat(ran).isEmpty();
            var events = Fleet.history(pawl, handle.id());
            var last = events.subList(events.size() - 4, events.size());
            assertThat(last.stream().map(event -> event.kind() + " " + event.task()))
                    .containsExactly(
                            "task.failed bad[0]", "task.cancelled map", "task.cancelled slow", "run.failed null");
            String together = pawl.store()
                    .write(tx -> String.valueOf(
                            tx.eventsAt(handle.id(), last.getFirst().seq())));
            assertThat(together.lines()).hasSize(4);
        }
    }

    private static int block(CountDownLatch began, CountDownLatch interrupted, int number) {
        began.countDown();
        try {
            new CountDownLatch(1).await();
        } catch (InterruptedException stopped) {
            interrupted.countDown();
        }
        return number;
    }

    /** P52, P53, P54, P56, P57, P60, P62: skipped, with all that reads it, or a map of nothing. */
    @ParameterizedTest
    @EnumSource
    void an_exhausted_step_is_skipped_if_it_says_so(Database database) throws Exception {
        var flow = Flow.define("living", Integer.class, (f, number) -> {
            var bad = f.list("bad", Integer.class, number, n -> FlowEngineTest.<List<Integer>>never())
                    .onExhausted(Exhausted.SKIP);
            var over = f.map("over", Integer.class, bad, n -> note("over", n));
            var sum = f.step("sum", Integer.class, over, List::size);
            var worse = f.step("worse", Integer.class, number, n -> FlowEngineTest.<Integer>never())
                    .onExhausted(Exhausted.SKIP_CASCADE);
            var after = f.step("after", Integer.class, worse, n -> note("after", n));
            f.step("later", Integer.class, after.optional(), n -> note("later", 1));
            return f.step("end", String.class, bad.optional(), sum, (none, size) -> none + " " + size);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, 1);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo("Optional.empty 0");
            assertThat(ran).isEmpty();
            for (String skipped : List.of("bad", "worse", "after", "later")) {
                assertThat(step(pawl, handle.id(), skipped)).as(skipped).isEqualTo("skipped");
            }
            assertThat(step(pawl, handle.id(), "over")).isEqualTo("succeeded");
            assertThat(status(pawl, handle.id(), "bad[0]")).isEqualTo(TaskStatus.FAILED);
            assertThat(Fleet.story(pawl, handle.id()))
                    .containsSubsequence(
                            "task.failed worse[0]", "step.skipped worse", "step.skipped after", "step.skipped later")
                    .doesNotContain("step.failed bad", "step.failed worse");
        }
    }

    /** The siblings of the element that failed are cancelled and interrupted; other steps of the run are left alone. */
    @ParameterizedTest
    @EnumSource
    void a_skipped_map_stops_its_own_tasks_and_no_others(Database database) throws Exception {
        var began = new CountDownLatch(2);
        var interrupted = new CountDownLatch(1);
        var gate = new Gate();
        var flow = Flow.defineList("beside", Integer.class, (f, numbers) -> {
            var map = f.map("map", Integer.class, numbers, number -> {
                        if (number == 1) return block(began, interrupted, number);
                        began.await();
                        return FlowEngineTest.<Integer>never();
                    })
                    .onExhausted(Exhausted.SKIP);
            var beside = f.step("beside", Integer.class, numbers, all -> {
                        began.countDown();
                        gate.pass();
                        return note("beside", all.size());
                    })
                    .retry(Retry.never());
            return f.step("end", Integer.class, map.optional(), beside, (none, size) -> size);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, List.of(1, 2));
            interrupted.await();
            gate.open();
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(2);
            assertThat(status(pawl, handle.id(), "map[0]")).isEqualTo(TaskStatus.CANCELLED);
            assertThat(status(pawl, handle.id(), "map[1]")).isEqualTo(TaskStatus.FAILED);
            assertThat(Fleet.story(pawl, handle.id())).containsOnlyOnce("task.started beside[0]");
        }
    }

    /** Defect 13, probe M: what succeeded is handed on beside what did not. */
    @ParameterizedTest
    @EnumSource
    void a_tolerant_map_hands_on_what_succeeded_and_what_did_not(Database database) throws Exception {
        var count = tolerant("count", Tolerance.count(2));
        var percent = tolerant("percent", Tolerance.percent(40));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(count, percent);
            for (var flow : List.of(count, percent)) {
                var handle = pawl.submit(flow, List.of(1, -2, 3, -4, 5));
                var partial = handle.await(Fleet.PATIENCE);
                assertThat(partial.values()).containsExactly(1, 3, 5);
                assertThat(partial.errors()).extracting(ItemError::index).containsExactly(1, 3);
                assertThat(partial.errors())
                        .extracting(error -> error.error().message())
                        .containsExactly("negative: -2", "negative: -4");
                assertThat(FlowProgress.of(pawl.run(handle.id()).run().state()).steps())
                        .contains(new FlowProgress.OfStep("map", "succeeded", 3, 2, 0, 5));
                Fleet.fails(pawl.submit(flow, List.of(-1, -2, -3, 4, 5)), "of 5 elements failed");
                assertThat(pawl.submit(flow, List.of()).await(Fleet.PATIENCE))
                        .isEqualTo(new Partial<>(List.of(), List.of()));
            }
        }
    }

    private static Flow<List<Integer>, Partial<Integer>> tolerant(String name, Tolerance tolerance) {
        return Flow.defineList(name, Integer.class, (f, numbers) -> {
            var map = f.map("map", Integer.class, numbers, number -> {
                        if (number < 0) throw new Failure.Logic("negative: " + number);
                        return number;
                    })
                    .tolerate(tolerance);
            return f.step("all", new TypeRef<Partial<Integer>>() {}, map, all -> all);
        });
    }

    /** The output of a tolerant map may be the run's own. */
    @ParameterizedTest
    @EnumSource
    void a_tolerant_map_may_give_the_output_of_the_run(Database database) throws Exception {
        var flow = Flow.defineList(
                "leaf",
                Integer.class,
                (f, numbers) -> f.map("map", Integer.class, numbers, number -> {
                            if (number < 0) throw new Failure.Logic("negative: " + number);
                            return number;
                        })
                        .tolerate(Tolerance.count(1)));
        try (var fleet = new Fleet(database)) {
            var partial = fleet.open(flow).submit(flow, List.of(-1, 2)).await(Fleet.PATIENCE);
            assertThat(partial.values()).containsExactly(2);
            assertThat(partial.errors()).extracting(ItemError::index).containsExactly(0);
        }
    }

    /** Conflict 5, O7: everything that does not depend on it ends first; then the run fails with the first failure. */
    @ParameterizedTest
    @EnumSource
    void wait_all_lets_the_others_finish_before_the_run_fails(Database database) throws Exception {
        var gate = new Gate();
        var flow = Flow.define("patient", Integer.class, (f, number) -> {
                    var bad = f.step("bad", Integer.class, number, n -> FlowEngineTest.<Integer>never());
                    var good = f.step("good", Integer.class, number, n -> {
                        gate.pass();
                        return n;
                    });
                    var more = f.step("more", Integer.class, good, n -> note("more", n));
                    return f.step("join", Integer.class, bad, more, (a, b) -> note("join", a));
                })
                .failure(FailureMode.WAIT_ALL);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, 1);
            await().until(() -> Fleet.story(pawl, handle.id()).contains("task.failed bad[0]"));
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.RUNNING);
            gate.open();
            Fleet.fails(handle, "Step \\\"bad\\\" failed: never");
            assertThat(ran).containsOnlyKeys("more");
            assertThat(Fleet.story(pawl, handle.id())).endsWith("task.succeeded more[0]", "run.failed");
        }
    }

    /** P43, P45, P46, defect 14: no retry, whatever the step says about failing; the cause is told first. */
    @ParameterizedTest
    @EnumSource
    void a_type_violation_fails_the_run_at_once_and_names_both_sides(Database database) throws Exception {
        var flow = Flow.define("violating", String.class, (f, in) -> {
            var page = f.step("page", new TypeRef<Map<String, Object>>() {}, in, t -> Map.of("parts", t))
                    .onExhausted(Exhausted.SKIP);
            var parts = f.map("parts", String.class, page.optional().each("/parts", String.class), p -> p);
            return f.step("end", Integer.class, parts, List::size);
        });
        var none = Flow.define("none", String.class, (f, in) -> {
            var words = f.list("words", String.class, in, t -> note("words", FlowEngineTest.<List<String>>nothing()))
                    .onExhausted(Exhausted.SKIP);
            var upper = f.map("upper", String.class, words, word -> word.toUpperCase(Locale.ROOT));
            return f.step("end", Integer.class, upper, List::size);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow, none);
            Fleet.fails(
                    pawl.submit(flow, "no list"),
                    "Step \\\"page\\\" produced a string (\\\"no list\\\") at /parts, but map \\\"parts\\\" needs a list.");
            var handle = pawl.submit(none, "x");
            Fleet.fails(handle, "Step \\\"words\\\" produced null, but map \\\"upper\\\" needs a list.");
            assertThat(ran).containsEntry("words", 1);
            assertThat(pawl.tasks(handle.id(), 10))
                    .singleElement()
                    .satisfies(task -> assertThat(task.output().stored()).isEqualTo("null"));
            assertThat(Fleet.story(pawl, handle.id()))
                    .containsExactly(
                            "run.queued", "run.started", "task.started words[0]", "task.failed words[0]", "run.failed");
        }
    }

    private static <T> @Nullable T nothing() {
        return null;
    }

    /** P11: a wrong input is refused with what was found, and leaves nothing behind. */
    @ParameterizedTest
    @EnumSource
    void a_wrong_input_is_refused_before_anything_is_written(Database database) throws Exception {
        var flow = Flow.defineList(
                "strict", Integer.class, (f, numbers) -> f.map("double", Integer.class, numbers, n -> 2 * n));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            for (String wrong : List.of("null", "\"[1]\"", "7", "true", "false", "{\"a\":[1]}", "[1,\"2\"]")) {
                assertThatThrownBy(() -> pawl.submit("strict", new Json(wrong), Submit.NOW))
                        .as(wrong)
                        .isInstanceOf(Failure.Logic.class)
                        .hasMessageContaining("The input of flow \"strict\"");
            }
            assertThat(pawl.list(new Store.RunFilter(null, null, null, 10))).isEmpty();
        }
    }

    // ---- attempts -------------------------------------------------------------------------------------------------

    /** P47, O9, O10: each step has its own budget. */
    @ParameterizedTest
    @EnumSource
    void each_step_is_tried_as_often_as_it_says(Database database) throws Exception {
        var quickly = Retry.times(3).base(Duration.ofMillis(1)).jitter(0);
        var tries = new AtomicInteger();
        var flow = Flow.define("trying", Integer.class, (f, number) -> {
            var third = f.step("third", Integer.class, number, n -> {
                        if (tries.incrementAndGet() < 3) throw new IllegalStateException("not yet");
                        return n;
                    })
                    .retry(quickly);
            return f.step("once", Integer.class, third, n -> {
                        note("once", n);
                        throw new IllegalStateException("no");
                    })
                    .retry(Retry.never());
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var handle = pawl.submit(flow, 1);
            Fleet.fails(handle, "Step \\\"once\\\" failed: no");
            assertThat(tries).hasValue(3);
            assertThat(ran).containsEntry("once", 1);
            assertThat(Fleet.story(pawl, handle.id()))
                    .filteredOn("task.retry third[0]"::equals)
                    .hasSize(2);
        }
    }

    /** P13, X12, probe N: retries do not wait for it again. */
    @ParameterizedTest
    @EnumSource
    void a_start_delay_is_waited_for_once(Database database) {
        var flow = Flow.define(
                "later",
                Integer.class,
                (f, number) -> f.step("late", Integer.class, number, n -> {
                            if (ran.merge("late", 1, Integer::sum) == 1) throw new IllegalStateException("once more");
                            return n;
                        })
                        .startDelay(Duration.ofHours(1))
                        .retry(Retry.times(2).base(Duration.ofSeconds(1)).jitter(0)));
        var clock = new SettableClock(1_800_000_000_000L);
        try (Store store = Database.open(database.url())) {
            var worker = new HandDriven(store, clock, List.of(flow));
            var run = worker.submit(flow, new Json("7"));
            clock.advance(Duration.ofHours(1).minusMillis(1));
            worker.drain();
            assertThat(ran).isEmpty();
            clock.advance(Duration.ofMillis(1));
            worker.drain();
            assertThat(ran).containsEntry("late", 1);
            clock.advance(Duration.ofSeconds(1));
            worker.drain();
            assertThat(worker.output(run)).isEqualTo(new Json("7"));
        }
    }

    /** Defect 3: what succeeded is kept, also of a map that is half done; a condition is not asked again. */
    @ParameterizedTest
    @EnumSource
    void a_retry_goes_on_where_the_run_failed(Database database) throws Exception {
        var flow = Flow.defineList("resumed", Integer.class, (f, numbers) -> {
            var first = f.step("first", Integer.class, numbers, all -> note("first", all.size()));
            var rare = f.step("rare", Integer.class, first.when(n -> note("asked", n > 100)), n -> n);
            var map = f.map("map", Integer.class, numbers, n -> {
                        note("map " + n, n);
                        if (n == 3 && broken.get()) throw new Failure.Logic("broken");
                        return 10 * n;
                    })
                    .maxParallel(1)
                    .ifCompleted(first)
                    .ifSkipped(rare);
            return f.step("all", new TypeRef<List<Integer>>() {}, map.optional(), all -> all.orElseThrow());
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var failed = pawl.submit(flow, List.of(0, 1, 2, 3, 4));
            Fleet.fails(failed, "Step \\\"map\\\" failed at element 3: broken");
            broken.set(false);
            var again = pawl.retry(failed.id(), "ann");
            assertThat(again.await(Fleet.PATIENCE)).isEqualTo(new Json("[0,10,20,30,40]"));
            assertThat(ran)
                    .containsExactlyInAnyOrderEntriesOf(
                            Map.of("first", 1, "asked", 1, "map 0", 1, "map 1", 1, "map 2", 1, "map 3", 2, "map 4", 1));
            assertThat(pawl.run(again.id()).retryOf()).isEqualTo(failed.id());
            assertThat(pawl.run(failed.id()).status()).isEqualTo(RunStatus.FAILED);
            assertThat(FlowProgress.of(pawl.run(again.id()).run().state()).steps())
                    .contains(new FlowProgress.OfStep("map", "succeeded", 5, 0, 0, 5));
            Fleet.history(pawl, again.id());
        }
    }

    /** X10: a cancelled run can be retried too, and one that succeeded or is open cannot. */
    @ParameterizedTest
    @EnumSource
    void only_what_failed_or_was_cancelled_can_be_retried(Database database) throws Exception {
        var gate = new Gate();
        var began = new CountDownLatch(1);
        var flow = Flow.define("cancelled", Integer.class, (f, number) -> {
            var first = f.step("first", Integer.class, number, n -> note("first", n));
            return f.step("second", Integer.class, first, n -> {
                began.countDown();
                gate.pass();
                return n;
            });
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(flow);
            var run = pawl.submit(flow, 7).id();
            began.await();
            assertThatThrownBy(() -> pawl.retry(run, "ann")).hasMessageContaining("only a FAILED or CANCELLED run can");
            pawl.cancel(run, "ann", "");
            var again = pawl.retry(run, "ann");
            gate.open();
            assertThat(again.await(Fleet.PATIENCE)).isEqualTo(new Json("7"));
            assertThat(ran).containsEntry("first", 1);
            assertThatThrownBy(() -> pawl.retry(again.id(), "ann"))
                    .hasMessageContaining("is SUCCEEDED and cannot be retried");
        }
    }

    // ---- history --------------------------------------------------------------------------------------------------

    /** P41, P42, P73, P77, P78, P79, O15: the whole story, cause before effect. */
    @ParameterizedTest
    @EnumSource
    void the_history_tells_causes_before_effects(Database database) throws Exception {
        var flow = Flow.define("story", Integer.class, (f, size) -> {
            var list = f.list(
                    "list",
                    Integer.class,
                    size,
                    n -> IntStream.range(0, n).boxed().toList());
            var map = f.map("map", Integer.class, list, n -> n).maxParallel(1);
            var big = f.step("big", Integer.class, map.when(all -> all.size() > 100), List::size)
                    .unmet(Unmet.SKIP_CASCADE);
            f.step("bigger", Integer.class, big, n -> n);
            return f.step("end", Integer.class, map, List::size);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(1), flow);
            var handle = pawl.submit(flow, 2);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(2);
            var story = Fleet.story(pawl, handle.id());
            assertThat(story)
                    .startsWith(
                            "run.queued",
                            "run.started",
                            "task.started list[0]",
                            "task.succeeded list[0]",
                            "step.started map",
                            "task.started map[0]",
                            "task.succeeded map[0]",
                            "task.started map[1]",
                            "task.succeeded map[1]",
                            "step.succeeded map")
                    .containsSubsequence("task.skipped big[0]", "step.skipped big", "step.skipped bigger")
                    .endsWith("run.succeeded")
                    .doesNotHaveDuplicates();
            var times = Fleet.history(pawl, handle.id()).stream()
                    .map(event -> event.at())
                    .toList();
            assertThat(times).isSorted();
            var run = pawl.run(handle.id());
            assertThat(List.of(run.createdAt(), run.run().startedAt(), run.endedAt()))
                    .isSorted();
        }
    }
}
