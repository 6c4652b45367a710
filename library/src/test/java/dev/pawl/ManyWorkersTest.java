package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.flow.Flow;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Three Pawls on one database and ten thousand tasks, over maps and small flows. */
class ManyWorkersTest {

    private static final int MAPS = 8;
    private static final int ELEMENTS = 1_000;
    private static final int CHAINS = 664;

    private final Map<String, Integer> ran = new ConcurrentHashMap<>();

    private final Flow<Integer, Integer> wide = Flow.define("wide", Integer.class, (f, base) -> {
        var numbers = f.list(
                "numbers",
                Integer.class,
                base,
                first -> note(
                        "numbers",
                        first,
                        IntStream.range(first, first + ELEMENTS).boxed().toList()));
        var doubled = f.map("doubled", Integer.class, numbers, number -> note("doubled", number, 2 * number));
        return f.step("sum", Integer.class, base, doubled, (first, all) -> note("sum", first, sum(all)));
    });

    private final Flow<Integer, Integer> chain = Flow.define("chain", Integer.class, (f, number) -> {
        var a = f.step("a", Integer.class, number, n -> note("a", n, n + 1));
        var b = f.step("b", Integer.class, number, a, (n, before) -> note("b", n, before + 1));
        return f.step("c", Integer.class, number, b, (n, before) -> note("c", n, before + 1));
    });

    private <T> T note(String step, int number, T output) {
        ran.merge(step + " " + number, 1, Integer::sum);
        return output;
    }

    private static int sum(List<Integer> numbers) {
        return numbers.stream().mapToInt(Integer::intValue).sum();
    }

    /** X3. */
    @ParameterizedTest
    @EnumSource
    void ten_thousand_tasks_on_three_workers_each_run_once_and_none_is_lost(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawls = List.of(fleet.open(wide, chain), fleet.open(wide, chain), fleet.open(wide, chain));
            var maps = new ArrayList<Future<Handle<Integer>>>();
            var chains = new ArrayList<Future<Handle<Integer>>>();
            try (var clients = Executors.newVirtualThreadPerTaskExecutor()) {
                for (int i = 0; i < MAPS; i++) {
                    int base = i * ELEMENTS;
                    var pawl = pawls.get(i % pawls.size());
                    maps.add(clients.submit(() -> pawl.submit(wide, base)));
                }
                for (int i = 0; i < CHAINS; i++) {
                    int number = i;
                    var pawl = pawls.get(i % pawls.size());
                    chains.add(clients.submit(() -> pawl.submit(chain, number)));
                }
            }
            for (int i = 0; i < MAPS; i++) {
                int first = i * ELEMENTS;
                int expected =
                        IntStream.range(first, first + ELEMENTS).map(n -> 2 * n).sum();
                assertThat(maps.get(i).get().await(Fleet.PATIENCE)).isEqualTo(expected);
                complete(pawls.getFirst(), maps.get(i).get(), Map.of("numbers", 1, "doubled", ELEMENTS, "sum", 1));
            }
            for (int i = 0; i < CHAINS; i++) {
                assertThat(chains.get(i).get().await(Fleet.PATIENCE)).isEqualTo(i + 3);
                complete(pawls.getFirst(), chains.get(i).get(), Map.of("a", 1, "b", 1, "c", 1));
            }
            assertThat(ran).containsExactlyInAnyOrderEntriesOf(everythingOnce());
            assertThat(ran).hasSizeGreaterThan(10_000);
        }
    }

    private static Map<String, Integer> everythingOnce() {
        var expected = new HashMap<String, Integer>();
        for (int i = 0; i < MAPS; i++) {
            expected.put("numbers " + i * ELEMENTS, 1);
            expected.put("sum " + i * ELEMENTS, 1);
        }
        for (int i = 0; i < MAPS * ELEMENTS; i++) expected.put("doubled " + i, 1);
        for (int i = 0; i < CHAINS; i++) {
            expected.put("a " + i, 1);
            expected.put("b " + i, 1);
            expected.put("c " + i, 1);
        }
        return expected;
    }

    /** The run's tasks are exactly these, all succeeded, and its history tells of each start and each end once. */
    private static void complete(Pawl pawl, Handle<?> handle, Map<String, Integer> tasks) {
        var run = handle.id();
        assertThat(pawl.run(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        var labels = pawl.tasks(run, 100_000).stream()
                .map(TaskDetails::task)
                .peek(task -> assertThat(task.status()).isEqualTo(TaskStatus.SUCCEEDED))
                .map(task -> task.key().label())
                .toList();
        var expected = tasks.entrySet().stream()
                .flatMap(step ->
                        IntStream.range(0, step.getValue()).mapToObj(index -> step.getKey() + "[" + index + "]"))
                .toList();
        assertThat(labels).containsExactlyInAnyOrderElementsOf(expected);
        var kinds = Fleet.history(pawl, run).stream()
                .collect(Collectors.groupingBy(Event::kind, Collectors.mapping(Event::task, Collectors.toList())));
        assertThat(kinds.get("task.started")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(kinds.get("task.succeeded")).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(kinds).doesNotContainKeys("task.lost", "task.retry", "task.returned");
    }
}
