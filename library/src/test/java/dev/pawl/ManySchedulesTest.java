package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Verdict;
import dev.pawl.json.Codec;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleProgram;
import dev.pawl.schedule.Schedules;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two thousand schedules fire each exactly once, also while workers die: counted by schedule and planned time. */
class ManySchedulesTest {

    private static final int SCHEDULES = 2_000;
    private static final int BATCH = 200;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final Steps report = Steps.of(1, task -> Json.NULL);

    /** How often each fire of each schedule has started a run. */
    private static Map<String, Integer> fires(Store store) {
        var fires = new HashMap<String, Integer>();
        RunId before = null;
        while (true) {
            var page = store.runs(new Store.RunFilter(null, "steps:test", before, 1_000));
            for (RunDetails run : page) {
                var origin = store.events(run.id(), 0, 1).getFirst().data();
                fires.merge(Codec.STANDARD.tree(origin).path("label").asString(), 1, Integer::sum);
            }
            if (page.size() < 1_000) return fires;
            before = page.getLast().id();
        }
    }

    private static Map<String, Integer> eachOnce(List<Instant> times) {
        var expected = new HashMap<String, Integer>();
        for (int i = 0; i < SCHEDULES; i++) for (Instant time : times) expected.put("s" + i + "@" + time, 1);
        return expected;
    }

    // ---- by hand --------------------------------------------------------------------------------------------------

    private void drain(HandDriven worker) {
        while (true) {
            var claims = worker.claim(BATCH);
            if (claims.isEmpty()) return;
            var verdicts = new LinkedHashMap<Tx.Claim, Verdict>();
            claims.forEach(claim -> verdicts.put(claim, worker.attempt(claim)));
            worker.end(verdicts);
        }
    }

    @ParameterizedTest
    @EnumSource
    void two_thousand_schedules_fire_each_exactly_once_while_a_worker_dies_in_the_middle(Database database) {
        try (Store store = Database.open(database.url())) {
            var programs = List.of(report, new ScheduleProgram(report));
            var dying = new HandDriven(store, clock, programs);
            var other = new HandDriven(store, clock, programs);
            var start = Instant.ofEpochMilli(clock.now());
            for (int i = 0; i < SCHEDULES; i++) {
                dying.submit(
                        new ScheduleProgram(report),
                        Schedule.every("s" + i, MINUTE)
                                .from(start)
                                .overlap(Overlap.ALLOW)
                                .catchUp(CatchUp.all(10))
                                .starts(report, Json.NULL)
                                .toJson());
            }
            clock.advance(Duration.ofMillis(1));
            drain(dying);
            clock.advance(MINUTE);
            var lost = new LinkedHashMap<Tx.Claim, Verdict>();
            for (int i = 0; i < 3; i++) dying.claim(BATCH).forEach(claim -> lost.put(claim, dying.attempt(claim)));
            assertThat(lost).hasSize(3 * BATCH);
            drain(other);
            clock.advance(Duration.ofSeconds(7)); // the leases of the dead have run out
            drain(other);
            assertThat(dying.end(lost)).hasSize(3 * BATCH).containsOnly(false);
            clock.advance(MINUTE);
            drain(other);
            assertThat(fires(store))
                    .containsExactlyInAnyOrderEntriesOf(
                            eachOnce(List.of(start.plus(MINUTE), start.plus(MINUTE.multipliedBy(2)))));
        }
    }

    // ---- by real workers ------------------------------------------------------------------------------------------

    /** All fire at one moment; one of the two workers is closed while they do. */
    @ParameterizedTest
    @EnumSource
    void real_workers_fire_each_once_while_one_of_them_is_closed(Database database) throws Exception {
        var ran = new ConcurrentHashMap<RunId, Integer>();
        var counted = Steps.of(1, task -> {
            ran.merge(task.key().run(), 1, Integer::sum);
            return Json.NULL;
        });
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(counted);
            var time = Instant.ofEpochMilli(client.now()).plusSeconds(8);
            addAll(client, time);
            var closed = fleet.open(counted);
            var stays = fleet.open(counted);
            await().atMost(Fleet.PATIENCE).until(() -> ran.size() > SCHEDULES / 10);
            fleet.close(closed);
            await().atMost(Fleet.PATIENCE)
                    .until(() -> Schedules.of(client).list(null, 1).isEmpty() && ran.size() >= SCHEDULES);
            assertThat(fires(stays.store())).containsExactlyInAnyOrderEntriesOf(eachOnce(List.of(time)));
            assertThat(ran).hasSize(SCHEDULES);
        }
    }

    private void addAll(Pawl client, Instant time) throws Exception {
        var added = new ArrayList<Future<RunId>>();
        try (var people = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < SCHEDULES; i++) {
                var schedule = Schedule.every("s" + i, MINUTE)
                        .from(time)
                        .until(time.plusSeconds(1))
                        .catchUp(CatchUp.all(1))
                        .starts(report, Json.NULL);
                added.add(people.submit(() -> Schedules.of(client).add(schedule)));
            }
        }
        var ids = new ArrayList<RunId>();
        for (var each : added) ids.add(each.get());
        assertThat(ids.stream().collect(Collectors.toSet())).hasSize(SCHEDULES);
    }
}
