package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ScheduleTimetableTest {

    private static final Instant T0 = Instant.parse("2026-01-01T00:00:00Z");

    private static Instant at(long seconds) {
        return T0.plusSeconds(seconds);
    }

    @Test
    void an_interval_is_aligned_on_its_creation_and_first_fires_one_later() {
        var times = Schedule.every("s", Duration.ofSeconds(10)).timetable(at(3));
        assertThat(times.next(T0, 3)).containsExactly(at(13), at(23), at(33));
        assertThat(times.next(at(13), 1)).containsExactly(at(23));
        assertThat(times.next(at(13).minusNanos(1), 1)).containsExactly(at(13));
    }

    @Test
    void an_interval_with_a_start_is_aligned_on_it_and_fires_then() {
        var schedule = Schedule.every("s", Duration.ofSeconds(10)).from(at(5));
        assertThat(schedule.timetable(T0).next(T0, 3)).containsExactly(at(5), at(15), at(25));
        assertThat(schedule.timetable(at(100)).next(T0, 2)).containsExactly(at(105), at(115));
    }

    @Test
    void a_start_counts_and_an_end_does_not() {
        var schedule =
                Schedule.cron("s", "* * * * *", ZoneOffset.UTC).from(at(60)).until(at(180));
        assertThat(schedule.timetable(T0).next(T0, 10)).containsExactly(at(60), at(120));
        assertThat(schedule.timetable(T0).next(at(120))).isNull();
    }

    @Test
    void jitter_is_the_same_every_time_spread_evenly_and_never_reaches_the_next_fire() {
        var schedule = Schedule.every("s", Duration.ofSeconds(60)).jitter(Duration.ofSeconds(40));
        var times = schedule.timetable(T0);
        long sum = 0;
        var delays = new HashSet<Long>();
        for (var planned : times.next(T0, 1000)) {
            long delay = Duration.between(planned, times.due(planned)).toMillis();
            assertThat(delay).isBetween(0L, 39_999L);
            assertThat(schedule.timetable(T0).due(planned)).isEqualTo(planned.plusMillis(delay));
            delays.add(delay);
            sum += delay;
        }
        assertThat(sum / 1000).isBetween(18_000L, 22_000L);
        assertThat(delays).hasSizeGreaterThan(950);
        var other = Schedule.every("t", Duration.ofSeconds(60))
                .jitter(Duration.ofSeconds(40))
                .timetable(T0);
        assertThat(other.due(at(60))).isNotEqualTo(times.due(at(60)));

        var tight = schedule.jitter(Duration.ofHours(1)).timetable(T0);
        for (var planned : tight.next(T0, 1000)) {
            assertThat(tight.due(planned)).isBetween(planned, planned.plusMillis(59_999));
        }
    }

    @Test
    void what_is_due_after_a_very_long_time_is_found_without_looking_at_all_of_it() {
        for (var schedule : new Schedule[] {
            Schedule.every("s", Duration.ofSeconds(7)),
            Schedule.cron("s", "*/5 * * * * *", ZoneOffset.UTC),
            Schedule.cron("s", "* * * * * MON", ZoneOffset.UTC),
            Schedule.cron("s", "*/5 * * * * *", ZoneOffset.UTC).jitter(Duration.ofSeconds(5))
        }) {
            var times = schedule.timetable(T0);
            var now = at(5 * 365 * 86_400L);
            var due = times.due(T0, now, 100);
            assertThat(due.older()).isEqualTo(10_000);
            assertThat(due.newest()).hasSize(100).isSorted();
            for (int i = 0; i < 99; i++) {
                assertThat(times.next(due.newest().get(i)))
                        .isEqualTo(due.newest().get(i + 1));
            }
            assertThat(times.due(due.newest().getLast())).isBeforeOrEqualTo(now);
            assertThat(times.due(times.next(due.newest().getLast()))).isAfter(now);
        }
    }
}
