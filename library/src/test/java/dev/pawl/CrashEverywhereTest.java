package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Store;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A run with a map, a retry, a skip and a join, in which the process dies before and after every single write, or loses
 * the reply to it. However it dies, the run must end the same (X1).
 */
class CrashEverywhereTest {

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final List<String> finished = new ArrayList<>();
    private final Set<String> failedOnce = new HashSet<>();

    private final Flow<List<Integer>, String> flow = Flow.defineList("mixed", Integer.class, (f, numbers) -> {
        var squares = f.map("square", Integer.class, numbers, n -> {
            if (n == 3 && failedOnce.add("square 3")) throw new IllegalStateException("once");
            return note("square " + n, n * n);
        });
        var rare = f.step("rare", String.class, squares.when(all -> all.size() > 100), all -> "rare");
        var sum = f.step(
                "sum",
                Integer.class,
                squares,
                all -> note("sum", all.stream().mapToInt(Integer::intValue).sum()));
        return f.step(
                "report",
                String.class,
                sum,
                rare.optional(),
                (total, extra) -> note("report", total + "/" + extra.orElse("none")));
    });

    private <T> T note(String what, T value) {
        finished.add(what);
        return value;
    }

    @ParameterizedTest
    @EnumSource
    void a_crash_at_any_write_changes_nothing_about_the_end(Database database) {
        try (Store store = Database.open(database.url())) {
            var crashing = new CrashingStore(store);
            var expected = end(store, finish(crashing, 0, CrashingStore.How.BEFORE));
            int writes = crashing.writes();
            assertThat(expected).contains("SUCCEEDED").contains("report[0] SUCCEEDED \"30/none\"");
            assertThat(writes).isGreaterThan(15);
            for (var how : CrashingStore.How.values()) {
                for (int write = 1; write <= writes; write++) {
                    var run = finish(crashing, write, how);
                    assertThat(end(store, run)).as("%s write %d", how, write).isEqualTo(expected);
                }
            }
        }
    }

    /** Runs the flow to its end, dying once at the given write, and then again and again from a new process. */
    private RunId finish(CrashingStore crashing, int write, CrashingStore.How how) {
        finished.clear();
        failedOnce.clear();
        var store = crashing.store();
        var worker = new HandDriven(store, clock, List.of(flow));
        crashing.plan(write, how);
        String key = how + "-" + write;
        RunId run = null;
        for (int lives = 0;
                run == null || !store.run(run).orElseThrow().status().terminal();
                lives++) {
            assertThat(lives).as("lives").isLessThan(20);
            try {
                if (run == null) run = worker.submit(flow, flow.encode(List.of(1, 2, 3, 4)), key, null, null);
                worker.drain();
                clock.advance(Duration.ofSeconds(10)); // retries are due, leases of the dead have run out
            } catch (Crash died) {
                clock.advance(Duration.ofSeconds(10));
                crashing.behave();
                worker = new HandDriven(store, clock, List.of(flow));
            }
        }
        return run;
    }

    /** What must be the same: the outputs, the statuses, and a history without gaps. Attempts may differ. */
    private String end(Store store, RunId run) {
        var details = store.run(run).orElseThrow();
        assertThat(details.status()).isEqualTo(RunStatus.SUCCEEDED);
        var events = store.events(run, 0, 10_000);
        assertThat(events.stream().map(Event::seq).toList())
                .isEqualTo(IntStream.rangeClosed(1, events.size()).boxed().toList());
        assertThat(events)
                .filteredOn(event -> event.kind().equals("task.succeeded"))
                .hasSize(6);
        var end = new StringBuilder(details.status() + " " + details.output());
        for (TaskDetails task : store.tasks(run, null, 0, 1_000)) {
            assertThat(task.task().status()).isIn(TaskStatus.SUCCEEDED, TaskStatus.SKIPPED);
            end.append('\n')
                    .append(task.task().key().label())
                    .append(' ')
                    .append(task.task().status())
                    .append(' ')
                    .append(task.output() == null ? "" : task.output().stored());
        }
        return end.toString();
    }
}
