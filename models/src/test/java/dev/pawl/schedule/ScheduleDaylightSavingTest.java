package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Changes of 2026. Berlin: on 29 March 02:00 becomes 03:00 (01:00Z), on 25 October 03:00 becomes 02:00 (01:00Z). New
 * York: on 8 March 02:00 becomes 03:00 (07:00Z), on 1 November 02:00 becomes 01:00 (06:00Z). Lord Howe: on 5 April 02:00
 * becomes 01:30 (15:00Z the day before), on 4 October 02:00 becomes 02:30 (15:30Z the day before).
 */
class ScheduleDaylightSavingTest {

    private static final Instant ANY = Instant.EPOCH;

    private static List<String> between(String expression, String zone, Instant from, Instant until) {
        return Schedule.cron("s", expression, ZoneId.of(zone))
                .until(until)
                .timetable(from.minusNanos(1))
                .next(from.minusNanos(1), 10_000)
                .stream()
                .map(Instant::toString)
                .toList();
    }

    private static List<String> list(String times) {
        return Arrays.stream(times.split(" ")).filter(t -> !t.isEmpty()).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Europe/Berlin       | 2026-03-28T12:00:00Z | 30 2 * * *       | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | 0 2 * * *        | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | 0 3 * * *        | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | 59 1 * * *       | 2026-03-29T00:59:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | 0 2,3,4 * * *    | 2026-03-29T01:00:00Z 2026-03-29T02:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | */15 2 * * *     | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | 30 2 29 3 *      | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-03-28T12:00:00Z | */20 30 2 * * *  | 2026-03-29T01:00:00Z
            Europe/Berlin       | 2026-10-24T12:00:00Z | 30 2 * * *       | 2026-10-25T00:30:00Z
            Europe/Berlin       | 2026-10-24T12:00:00Z | 0 2 * * *        | 2026-10-25T00:00:00Z
            Europe/Berlin       | 2026-10-24T12:00:00Z | 0 3 * * *        | 2026-10-25T02:00:00Z
            Europe/Berlin       | 2026-10-24T12:00:00Z | 0,30 2 * * *     | 2026-10-25T00:00:00Z 2026-10-25T00:30:00Z
            America/New_York    | 2026-03-08T00:00:00Z | 30 2 * * *       | 2026-03-08T07:00:00Z
            America/New_York    | 2026-11-01T00:00:00Z | 30 1 * * *       | 2026-11-01T05:30:00Z
            America/New_York    | 2026-11-01T00:00:00Z | 0 2 * * *        | 2026-11-01T07:00:00Z
            Australia/Lord_Howe | 2026-10-03T00:00:00Z | 15 2 * * *       | 2026-10-03T15:30:00Z
            Australia/Lord_Howe | 2026-10-03T00:00:00Z | 30 2 * * *       | 2026-10-03T15:30:00Z
            Australia/Lord_Howe | 2026-10-03T00:00:00Z | 45 2 * * *       | 2026-10-03T15:45:00Z
            Australia/Lord_Howe | 2026-04-04T00:00:00Z | 45 1 * * *       | 2026-04-04T14:45:00Z
            Australia/Lord_Howe | 2026-04-04T00:00:00Z | 0 2 * * *        | 2026-04-04T15:30:00Z
            """)
    void a_time_of_day_comes_once_a_day(String zone, String noon, String expression, String times) {
        var from = Instant.parse(noon);
        assertThat(between(expression, zone, from, from.plus(Duration.ofHours(24))))
                .isEqualTo(list(times));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Europe/Berlin       | 2026-03-29T00:00:00Z
            Europe/Berlin       | 2026-10-25T00:00:00Z
            America/New_York    | 2026-03-08T06:00:00Z
            America/New_York    | 2026-11-01T05:00:00Z
            Australia/Lord_Howe | 2026-04-04T14:00:00Z
            Australia/Lord_Howe | 2026-10-03T14:00:00Z
            """)
    void every_quarter_of_an_hour_stays_every_quarter_of_an_hour(String zone, String from) {
        var start = Instant.parse(from);
        var times = between("*/15 * * * *", zone, start, start.plus(Duration.ofHours(4)));
        assertThat(times).hasSize(16);
        for (int i = 0; i < 16; i++) {
            assertThat(times.get(i))
                    .isEqualTo(start.plus(Duration.ofMinutes(15L * i)).toString());
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            Europe/Berlin       | 2026-03-28T22:00:00Z | 30 * * * *  | 22:30 23:30 00:30 01:30 02:30 03:30
            Europe/Berlin       | 2026-10-24T22:00:00Z | 30 * * * *  | 22:30 23:30 00:30 01:30 02:30 03:30
            Europe/Berlin       | 2026-03-28T22:00:00Z | @hourly     | 22:00 23:00 00:00 01:00 02:00 03:00
            Europe/Berlin       | 2026-03-28T22:00:00Z | 0 */2 * * * | 23:00 01:00 02:00
            Europe/Berlin       | 2026-10-24T22:00:00Z | 0 */2 * * * | 22:00 00:00 01:00 03:00
            Europe/Berlin       | 2026-03-28T22:00:00Z | 30 1/2 * * * | 22:30 00:30 01:30 03:30
            America/New_York    | 2026-11-01T03:00:00Z | 0 * * * *   | 03:00 04:00 05:00 06:00 07:00 08:00
            Australia/Lord_Howe | 2026-10-03T13:00:00Z | 0 * * * *   | 13:30 14:30 15:30 16:00 17:00 18:00
            Australia/Lord_Howe | 2026-04-04T12:00:00Z | 45 * * * *  | 12:45 13:45 14:45 15:15 16:15 17:15
            """)
    void hours_with_a_star_or_a_step_follow_elapsed_time(String zone, String from, String expression, String times) {
        var start = Instant.parse(from);
        assertThat(between(expression, zone, start, start.plus(Duration.ofHours(6))))
                .extracting(time -> time.substring(11, 16))
                .isEqualTo(list(times));
    }

    @Test
    void it_does_not_matter_from_which_moment_one_looks() {
        for (String zone : List.of("Europe/Berlin", "America/New_York", "Australia/Lord_Howe")) {
            for (String expression : List.of("30 2 * * *", "*/20 * * * *", "10 */2 * * *", "50 1 * * *")) {
                for (String day :
                        List.of("2026-03-07", "2026-03-28", "2026-04-04", "2026-10-03", "2026-10-24", "2026-10-31")) {
                    var start = Instant.parse(day + "T00:00:00Z");
                    var cron = Timing.cron(expression, ZoneId.of(zone));
                    var all = between(expression, zone, start, start.plus(Duration.ofDays(5)));
                    for (int minute = 0; minute < 3 * 24 * 60; minute += 5) {
                        var after = start.plus(Duration.ofMinutes(minute));
                        var expected = all.stream()
                                .map(Instant::parse)
                                .filter(after::isBefore)
                                .findFirst();
                        assertThat(cron.next(after, ANY))
                                .as("%s %s", expression, after)
                                .isEqualTo(expected.orElseThrow());
                    }
                }
            }
        }
    }

    // ---- against the policy, said in another way
    // -----------------------------------------------------------------------

    @Test
    void random_times_of_day_and_steps_follow_the_policy_around_changes_of_many_zones() {
        long seed = 42;
        var random = new SplittableRandom(seed);
        var zones = List.of(
                "Europe/Berlin",
                "America/New_York",
                "Australia/Lord_Howe",
                "Pacific/Apia",
                "Africa/Casablanca",
                "America/Sao_Paulo",
                "Asia/Kolkata",
                "UTC",
                "Antarctica/Troll",
                "Africa/Cairo");
        for (int round = 0; round < 300; round++) {
            var zone = ZoneId.of(zones.get(random.nextInt(zones.size())));
            var some = LocalDateTime.of(2005, 1, 1, 0, 0)
                    .plusDays(random.nextInt(9000))
                    .toInstant(ZoneOffset.UTC);
            var change = zone.getRules().nextTransition(some);
            var start = (change == null ? some : change.getInstant()).minus(Duration.ofHours(30));
            var end = start.plus(Duration.ofHours(60));
            int minute = random.nextInt(60);
            int hour = random.nextInt(5);
            int step = random.nextInt(1, 5);
            boolean isElapsed = random.nextBoolean();
            String expression = minute + (isElapsed ? " */" + step : " " + hour) + " * * *";
            Predicate<LocalDateTime> fits = local ->
                    local.getMinute() == minute && (isElapsed ? local.getHour() % step == 0 : local.getHour() == hour);

            var expected = isElapsed ? byElapsedTime(zone, start, end, fits) : byTimeOfDay(zone, start, end, fits);
            assertThat(between(expression, zone.getId(), start, end))
                    .as("seed %d, round %d: %s %s from %s", seed, round, expression, zone, start)
                    .isEqualTo(expected.stream().map(Instant::toString).toList());
        }
    }

    private static Set<Instant> byTimeOfDay(ZoneId zone, Instant start, Instant end, Predicate<LocalDateTime> fits) {
        var found = new TreeSet<Instant>();
        var last = LocalDateTime.ofInstant(end, zone).plusDays(2);
        for (var local = LocalDateTime.ofInstant(start, zone).minusDays(2).truncatedTo(ChronoUnit.HOURS);
                local.isBefore(last);
                local = local.plusMinutes(1)) {
            if (!fits.test(local)) continue;
            var change = zone.getRules().getTransition(local);
            boolean isGap = change != null && change.isGap();
            found.add(
                    isGap
                            ? change.getInstant()
                            : local.atZone(zone).withEarlierOffsetAtOverlap().toInstant());
        }
        return new TreeSet<>(found.subSet(start, end));
    }

    private static Set<Instant> byElapsedTime(ZoneId zone, Instant start, Instant end, Predicate<LocalDateTime> fits) {
        var found = new TreeSet<Instant>();
        for (var time = start; time.isBefore(end); time = time.plusSeconds(60)) {
            if (fits.test(LocalDateTime.ofInstant(time, zone))) found.add(time);
            var change = zone.getRules().previousTransition(time.plusNanos(1));
            if (change == null
                    || !change.isGap()
                    || !time.isBefore(change.getInstant().plus(change.getDuration()))) continue;
            if (fits.test(LocalDateTime.ofInstant(time, change.getOffsetBefore()))) found.add(time);
        }
        return found;
    }
}
