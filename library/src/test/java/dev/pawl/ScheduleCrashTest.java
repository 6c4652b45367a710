package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.json.Codec;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleProgram;
import dev.pawl.spi.Store;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A schedule with three planned times and a trigger, in which the process dies before and after every single write, or
 * loses the reply to it. However it dies, each fire starts exactly one run.
 */
class ScheduleCrashTest {

    private static final Duration STEP = Duration.ofSeconds(20);

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final AtomicInteger names = new AtomicInteger();
    private final Steps report = Steps.of(1, task -> Json.NULL);

    @ParameterizedTest
    @EnumSource
    void a_crash_at_any_write_starts_no_run_twice_and_loses_none(Database database) {
        try (Store store = Database.open(database.url())) {
            var crashing = new CrashingStore(store);
            live(crashing, 0, CrashingStore.How.BEFORE);
            int writes = crashing.writes();
            assertThat(writes).isGreaterThan(20);
            for (var how : CrashingStore.How.values()) {
                for (int write = 1; write <= writes; write++) {
                    clock.advance(Duration.ofMinutes(1));
                    live(crashing, write, how);
                }
            }
        }
    }

    /** A whole life of a schedule, from its first turn to its end, in which the process dies once at the given write. */
    private void live(CrashingStore crashing, int write, CrashingStore.How how) {
        var store = crashing.store();
        var programs = List.of(report, new ScheduleProgram(report));
        var name = "s" + names.incrementAndGet();
        long begin = clock.now();
        var until = Instant.ofEpochMilli(begin).plusSeconds(61);
        var schedule = Schedule.every(name, STEP)
                .starts(report, Json.NULL)
                .overlap(Overlap.ALLOW)
                .catchUp(CatchUp.all(10))
                .until(until);
        var worker = new HandDriven(store, clock, programs);
        var run = worker.submit(new ScheduleProgram(report), schedule.toJson());
        worker.signal(run, ScheduleProgram.TRIGGER, Json.NULL, "now");
        crashing.plan(write, how);
        for (int lives = 0; !isOver(store, run); lives++) {
            assertThat(lives).as("lives").isLessThan(30);
            try {
                worker.drain();
                clock.advance(Duration.ofSeconds(10));
            } catch (Crash died) {
                crashing.behave();
                worker = new HandDriven(store, clock, programs);
                clock.advance(Duration.ofSeconds(10));
            }
        }
        crashing.behave();
        check(store, run, name, begin, how + " write " + write);
    }

    private static boolean isOver(Store store, RunId run) {
        return store.run(run).orElseThrow().status().terminal()
                && store.children(run, 100).stream()
                        .allMatch(child -> child.status().terminal());
    }

    private static void check(Store store, RunId run, String name, long begin, String what) {
        assertThat(store.run(run).orElseThrow().status()).as(what).isEqualTo(RunStatus.SUCCEEDED);
        var start = Instant.ofEpochMilli(begin);
        var expected = new java.util.ArrayList<>(List.of(name + "@" + start + "#1"));
        for (int i = 1; i <= 3; i++) expected.add(name + "@" + start.plus(STEP.multipliedBy(i)));
        var children = store.children(run, 100);
        assertThat(children.stream().map(child -> label(store, child)))
                .as(what)
                .containsExactlyInAnyOrderElementsOf(expected);
        assertThat(children).extracting(RunDetails::status).as(what).containsOnly(RunStatus.SUCCEEDED);
        var events = store.events(run, 0, 1_000);
        assertThat(events.stream().map(Event::seq).toList())
                .isEqualTo(IntStream.rangeClosed(1, events.size()).boxed().toList());
    }

    private static String label(Store store, RunDetails child) {
        return Codec.STANDARD
                .tree(store.events(child.id(), 0, 1).getFirst().data())
                .path("label")
                .asString();
    }
}
