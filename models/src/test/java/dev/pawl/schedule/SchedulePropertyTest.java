package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** Random schedules that are woken at random times. A failure names its seed. */
class SchedulePropertyTest {

    private static final int ROUNDS = 150;

    private static Schedule random(SplittableRandom random) {
        var zones = List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC");
        var crons =
                List.of("*/7 * * * *", "30 2 * * *", "0 */3 * * *", "*/20 1-3 * * *", "*/50 * * * * *", "15 1,2 * * *");
        var schedule = random.nextBoolean()
                ? Schedule.every("s", Duration.ofMillis(random.nextLong(1000, 10_000_000)))
                : Schedule.cron(
                        "s",
                        crons.get(random.nextInt(crons.size())),
                        ZoneId.of(zones.get(random.nextInt(zones.size()))));
        if (random.nextBoolean()) schedule = schedule.jitter(Duration.ofSeconds(random.nextLong(1, 10_000)));
        return schedule;
    }

    /** Mostly when it asked to be woken or a bit later, sometimes earlier, sometimes after it was down for long. */
    private static Instant wake(SplittableRandom random, Decision last, Instant now) {
        var asked = last.wake() instanceof Wake.At at ? at.time() : now.plusSeconds(60);
        return switch (random.nextInt(6)) {
            case 0 ->
                now.plusMillis(random.nextLong(
                        0, 1 + Math.max(0, Duration.between(now, asked).toMillis())));
            case 1 -> asked.plusMillis(random.nextLong(1, 900_000));
            case 2 -> asked.plusMillis(random.nextLong(1, 100));
            default -> asked;
        };
    }

    @Test
    void every_planned_time_fires_exactly_once_whenever_the_schedule_is_woken() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            var random = new SplittableRandom(seed);
            var schedule = random(random).overlap(Overlap.ALLOW).catchUp(CatchUp.all(1000));
            var start = Instant.parse("2026-03-27T00:00:00Z").plusSeconds(random.nextLong(0, 300 * 86_400));
            var now = start;
            var fired = new ArrayList<Instant>();
            var decision = Decision.decide(schedule, ScheduleState.fresh(start), now, List.of());
            for (int turn = 0; turn < 60; turn++) {
                now = wake(random, decision, now);
                var state = ScheduleState.read(decision.state().toJson());
                decision = Decision.decide(schedule, state, now, List.of());
                // A worker that died before its commit: another one decides again, a bit later.
                if (random.nextInt(4) == 0) {
                    now = now.plusMillis(random.nextLong(0, 30_000));
                    decision = Decision.decide(schedule, state, now, List.of());
                }
                for (var fire : decision.start()) fired.add(fire.planned());
            }
            var timetable = schedule.timetable(start);
            assertThat(fired).as("seed %d: %s", seed, schedule).isEqualTo(timetable.next(start, fired.size()));
            assertThat(decision.state().missed()).isZero();
            var next = timetable.next(fired.isEmpty() ? start : fired.getLast());
            assertThat(timetable.due(next))
                    .as("seed %d: nothing due is left", seed)
                    .isAfter(now);
        }
    }

    @Test
    void under_all_policies_each_fire_is_accounted_for_once_and_the_overlap_policy_holds() {
        for (long seed = 0; seed < ROUNDS; seed++) {
            var random = new SplittableRandom(seed);
            var overlap = List.of(Overlap.values()).get(random.nextInt(4));
            var schedule = random(random)
                    .overlap(overlap)
                    .catchUp(new CatchUp(List.of(0, 1, 3, 100).get(random.nextInt(4))));
            var start = Instant.parse("2026-03-27T00:00:00Z").plusSeconds(random.nextLong(0, 300 * 86_400));
            var now = start;
            var open = new HashSet<String>();
            var seen = new HashSet<String>();
            int triggered = 0;
            var decision = Decision.decide(schedule, ScheduleState.fresh(start), now, List.of());
            for (int turn = 0; turn < 80; turn++) {
                now = wake(random, decision, now);
                Set<String> ended = new HashSet<>();
                for (String key : open) if (random.nextInt(3) == 0) ended.add(key);
                open.removeAll(ended);
                var triggers = random.nextInt(5) > 0
                        ? List.<Trigger>of()
                        : List.of(new Trigger(String.valueOf(triggered++), now));
                var before = decision.state().ended(ended);
                decision = Decision.decide(schedule, before, now, triggers);

                String what = "seed " + seed + ", turn " + turn + ": " + schedule + " " + decision;
                open.removeAll(decision.cancel());
                for (var fire : decision.start()) {
                    assertThat(seen.add(fire.key())).as(what).isTrue();
                    open.add(fire.key());
                }
                for (var fire : decision.skipped())
                    assertThat(seen.add(fire.key())).as(what).isTrue();
                if (overlap != Overlap.ALLOW) assertThat(open).as(what).hasSizeLessThanOrEqualTo(1);
                if (overlap != Overlap.CANCEL_OLD)
                    assertThat(decision.cancel()).as(what).isEmpty();
                if (overlap != Overlap.QUEUE_ONE)
                    assertThat(decision.state().queued()).as(what).isNull();
                assertThat(decision.state().open()).as(what).containsExactlyInAnyOrderElementsOf(open);
            }
            var end = decision.state();
            long planned = schedule.timetable(start)
                    .due(start, end.decided(), 1_000_000)
                    .newest()
                    .size();
            long held = schedule.timetable(start).due(end.decided()).isAfter(end.decided())
                            && end.decided().isAfter(start)
                    ? 1
                    : 0;
            assertThat(end.fired() + end.skipped() + end.missed() + (end.queued() == null ? 0 : 1))
                    .as("seed %d: %s", seed, schedule)
                    .isEqualTo(planned + held + triggered);
        }
    }
}
