package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleCronTest {

    private static final Instant ANY = Instant.EPOCH;

    private static List<Instant> times(String expression, String after, int most) {
        return Schedule.cron("s", expression, ZoneOffset.UTC)
                .timetable(Instant.parse("1999-01-01T00:00:00Z"))
                .next(Instant.parse(after), most);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 2 * * *           | 2026-01-01T02:00:00Z 2026-01-02T02:00:00Z
            */20 9-10 * * 1     | 2026-01-05T09:00:00Z 2026-01-05T09:20:00Z 2026-01-05T09:40:00Z 2026-01-05T10:00:00Z
            5/25 0 * * *        | 2026-01-01T00:05:00Z 2026-01-01T00:30:00Z 2026-01-01T00:55:00Z 2026-01-02T00:05:00Z
            */30 * * * * *      | 2026-01-01T00:00:30Z 2026-01-01T00:01:00Z 2026-01-01T00:01:30Z
            @hourly             | 2026-01-01T01:00:00Z 2026-01-01T02:00:00Z
            @Daily              | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z
            @midnight           | 2026-01-02T00:00:00Z 2026-01-03T00:00:00Z
            @weekly             | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
            @monthly            | 2026-02-01T00:00:00Z 2026-03-01T00:00:00Z
            @yearly             | 2027-01-01T00:00:00Z 2028-01-01T00:00:00Z
            @annually           | 2027-01-01T00:00:00Z
            0 0 29 2 *          | 2028-02-29T00:00:00Z 2032-02-29T00:00:00Z
            0 0 L * *           | 2026-01-31T00:00:00Z 2026-02-28T00:00:00Z 2026-03-31T00:00:00Z 2026-04-30T00:00:00Z
            0 0 L 2 *           | 2026-02-28T00:00:00Z 2027-02-28T00:00:00Z 2028-02-29T00:00:00Z
            0 0 L-27 * *        | 2026-01-04T00:00:00Z 2026-02-01T00:00:00Z
            0 0 LW * *          | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
            0 0 15W 2,3 *       | 2026-02-16T00:00:00Z 2026-03-16T00:00:00Z
            0 0 1W * *          | 2026-02-02T00:00:00Z 2026-03-02T00:00:00Z
            0 0 27W 2 *         | 2026-02-27T00:00:00Z 2027-02-26T00:00:00Z 2028-02-28T00:00:00Z
            0 0 31 * *          | 2026-01-31T00:00:00Z 2026-03-31T00:00:00Z 2026-05-31T00:00:00Z
            0 0 * * FRI#2       | 2026-01-09T00:00:00Z 2026-02-13T00:00:00Z
            0 0 * * fril        | 2026-01-30T00:00:00Z 2026-02-27T00:00:00Z
            0 0 * * 7           | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
            0 0 * * sun         | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
            0 0 * * SAT-SUN     | 2026-01-03T00:00:00Z 2026-01-04T00:00:00Z 2026-01-10T00:00:00Z
            0 0 * * SUN-TUE     | 2026-01-04T00:00:00Z 2026-01-05T00:00:00Z 2026-01-06T00:00:00Z 2026-01-11T00:00:00Z
            0 0 * * SUN-SUN     | 2026-01-04T00:00:00Z 2026-01-11T00:00:00Z
            0 0 ? JAN,mar MON   | 2026-01-05T00:00:00Z
            0 0 13 * ?          | 2026-01-13T00:00:00Z 2026-02-13T00:00:00Z
            0 0 13 * FRI        | 2026-01-02T00:00:00Z 2026-01-09T00:00:00Z 2026-01-13T00:00:00Z 2026-01-16T00:00:00Z
            0 0 31 2 MON        | 2026-02-02T00:00:00Z
            02 02 02 02 *       | 2026-02-02T02:02:00Z
            """)
    void times_follow_the_expression(String expression, String times) {
        var expected = Arrays.stream(times.split(" ")).map(Instant::parse).toList();
        assertThat(times(expression, "2026-01-01T00:00:00Z", expected.size())).isEqualTo(expected);
    }

    @Test
    void a_time_comes_after_the_given_one_also_if_that_has_fractions_of_a_second() {
        assertThat(times("* * * * * *", "2026-01-01T00:00:00.999999999Z", 2))
                .containsExactly(Instant.parse("2026-01-01T00:00:01Z"), Instant.parse("2026-01-01T00:00:02Z"));
        assertThat(times("0 0 * * *", "2025-12-31T23:59:59.999Z", 1))
                .containsExactly(Instant.parse("2026-01-01T00:00:00Z"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            0 25 * * *     | hour 25 is not in 0-23.
            60 * * * *     | minute 60 is not in 0-59.
            0 0 0 * *      | day of the month 0 is not in 1-31.
            0 0 * 13 *     | month 13 is not in 1-12.
            0 0 * * 8      | day of the week 8 is not in 0-7.
            0 0-24 * * *   | hour 24 is not in 0-23.
            99 0 0 * * *   | second 99 is not in 0-59.
            */0 * * * *    | minute step 0 is not in 1-59.
            0 */24 * * *   | hour step 24 is not in 1-23.
            0 22-2 * * *   | hour range 22-2 runs backwards; write it as two: 22-23,0-2.
            0 0 * * FRI-MON| day of the week range FRI-MON runs backwards; write it as two: 5-6,0-1.
            a * * * *      | minute "A" is none of *, 0, 0-1, */2, or a list of those.
            1,,2 * * * *   | minute "" in "1,,2" is none of *, 0, 0-1, */2, or a list of those.
            -1 * * * *     | minute "-1" is none of *, 0, 0-1, */2, or a list of those.
            1.5 * * * *    | minute "1.5" is none of *, 0, 0-1, */2, or a list of those.
            ? * * * *      | minute "?" is none of *, 0, 0-1, */2, or a list of those.
            /5 * * * *     | minute "/5" is none of *, 0, 0-1, */2, or a list of those.
            0 *,5 * * *    | hour "*,5" has a * in a list.
            0 0 1,L * *    | day of the month "L" in "1,L" is none of *, 1, 1-2, */2, or a list of those, or alone L, L-3, LW or 15W.
            0 0 28W * *    | day of the month "28W" is none of *, 1, 1-2, */2, or a list of those, or alone L, L-3, LW or 15W.
            0 0 L-28 * *   | day of the month "L-28" is none of *, 1, 1-2, */2, or a list of those, or alone L, L-3, LW or 15W.
            0 0 * MAI *    | month "MAI" is none of *, 1, 1-2, */2, or a list of those, with numbers or JAN to DEC.
            0 0 * * L      | day of the week "L" is none of *, 0, 0-1, */2, or a list of those, with numbers or SUN to SAT, or alone FRI#2 or FRIL.
            0 0 * * FRI#6  | day of the week "FRI#6" is none of *, 0, 0-1, */2, or a list of those, with numbers or SUN to SAT, or alone FRI#2 or FRIL.
            0 0 * * FRIDAY | day of the week "FRIDAY" is none of *, 0, 0-1, */2, or a list of those, with numbers or SUN to SAT, or alone FRI#2 or FRIL.
            0 2 * *        | it has 4 fields; there are 5 (minute, hour, day of the month, month, day of the week), or 6 with seconds in front.
            0 0 0 1 1 * 26 | it has 7 fields; there are 5 (minute, hour, day of the month, month, day of the week), or 6 with seconds in front.
            ''             | it has 0 fields; there are 5 (minute, hour, day of the month, month, day of the week), or 6 with seconds in front.
            @reboot        | it is none of [@annually, @daily, @hourly, @midnight, @monthly, @weekly, @yearly].
            0 0 30 2 *     | there is no such date.
            0 0 31 4,6,9,11 * | there is no such date.
            """)
    void an_error_says_which_schedule_which_field_and_why(String expression, String why) {
        assertThatThrownBy(() -> Schedule.cron("nightly", expression, ZoneOffset.UTC))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("Schedule \"nightly\" has the cron expression \"" + expression + "\": " + why);
    }

    @Test
    void an_error_does_not_depend_on_the_language_of_the_machine() {
        var before = Locale.getDefault();
        Locale.setDefault(Locale.GERMANY);
        try {
            assertThatThrownBy(() -> Timing.cron("0 25 * * *", ZoneOffset.UTC))
                    .hasMessage("There is a cron expression \"0 25 * * *\": hour 25 is not in 0-23.");
        } finally {
            Locale.setDefault(before);
        }
    }

    @Test
    void two_of_the_same_expression_and_zone_are_equal() {
        var cron = Timing.cron("0 2 * * *", ZoneId.of("Europe/Berlin"));
        assertThat(cron)
                .isEqualTo(Timing.cron("0 2 * * * ", ZoneId.of("Europe/Berlin")))
                .hasSameHashCodeAs(Timing.cron("0 2 * * *", ZoneId.of("Europe/Berlin")))
                .isNotEqualTo(Timing.cron("0 2 * * *", ZoneOffset.UTC))
                .isNotEqualTo(Timing.cron("0 3 * * *", ZoneId.of("Europe/Berlin")))
                .hasToString("0 2 * * * Europe/Berlin");
    }

    // ---- against a slow and simple reading of the same expression
    // ----------------------------------------------------

    /** A random field and the values that it stands for. */
    private record Field(String text, TreeSet<Integer> values) {
        static Field random(SplittableRandom random, int from, int to, boolean isSparse) {
            var values = new TreeSet<Integer>();
            if (random.nextInt(3) == 0) {
                for (int v = from; v <= to; v++) values.add(v);
                return new Field("*", values);
            }
            var items = new ArrayList<String>();
            for (int n = random.nextInt(isSparse ? 1 : 3); n >= 0; n--) {
                int low = random.nextInt(from, to + 1);
                int high = random.nextInt(low, to + 1);
                int step = random.nextInt(1, Math.max(2, to / 2));
                switch (random.nextInt(4)) {
                    case 0 -> add(items, low + "-" + high, values, low, high, 1);
                    case 1 -> add(items, low + "-" + high + "/" + step, values, low, high, step);
                    case 2 -> add(items, low + "/" + step, values, low, to, step);
                    default -> add(items, String.valueOf(low), values, low, low, 1);
                }
            }
            return new Field(String.join(",", items), values);
        }

        private static void add(List<String> items, String text, TreeSet<Integer> values, int low, int high, int step) {
            items.add(text);
            for (int v = low; v <= high; v += step) values.add(v);
        }

        boolean isStar() {
            return text.equals("*");
        }
    }

    @Test
    void random_expressions_have_the_times_that_a_simple_reading_gives_them() {
        long seed = 20261121;
        var random = new SplittableRandom(seed);
        for (int round = 0; round < 400; round++) {
            var minute = Field.random(random, 0, 59, true);
            var hour = Field.random(random, 0, 23, true);
            var day = Field.random(random, 1, 31, false);
            var month = Field.random(random, 1, 12, false);
            var weekday = Field.random(random, 0, 7, false);
            String expression = String.join(" ", minute.text, hour.text, day.text, month.text, weekday.text);
            Timing cron;
            try {
                cron = Timing.cron(expression, ZoneOffset.UTC);
            } catch (IllegalArgumentException never) {
                assertThat(never).hasMessageEndingWith("there is no such date.");
                continue;
            }
            var after = LocalDateTime.of(2023, 1, 1, 0, 0).plusMinutes(random.nextInt(2_000_000));
            for (int i = 0; i < 4; i++) {
                var expected = simply(after, minute, hour, day, month, weekday);
                var found = cron.next(after.toInstant(ZoneOffset.UTC), ANY);
                assertThat(found)
                        .as("seed %d: %s after %s", seed, expression, after)
                        .isEqualTo(expected == null ? found : expected.toInstant(ZoneOffset.UTC));
                if (expected == null) break;
                after = expected;
            }
        }
    }

    /** Null if it does not come for years. */
    private static LocalDateTime simply(
            LocalDateTime after, Field minute, Field hour, Field day, Field month, Field weekday) {
        var date = after.toLocalDate();
        for (int days = 0; days < 3000; days++, date = date.plusDays(1)) {
            int dow = date.getDayOfWeek().getValue() % 7;
            boolean isDay = day.values.contains(date.getDayOfMonth());
            boolean isWeekday = weekday.values.contains(dow) || (dow == 0 && weekday.values.contains(7));
            boolean fits = (day.isStar() || weekday.isStar()) ? isDay && isWeekday : isDay || isWeekday;
            if (!fits || !month.values.contains(date.getMonthValue())) continue;
            for (int h : hour.values) {
                for (int m : minute.values) {
                    var time = date.atTime(h, m);
                    if (time.isAfter(after)) return time;
                }
            }
        }
        return null;
    }

    @Test
    void the_nth_and_the_last_of_a_weekday_are_those_of_the_calendar() {
        for (var weekday : DayOfWeek.values()) {
            String name = weekday.name().substring(0, 3);
            for (int nth = 1; nth <= 4; nth++) {
                int n = nth;
                var first = times("0 0 * * " + name + "#" + nth, "2025-12-31T00:00:00Z", 24);
                assertThat(first)
                        .allMatch(time -> time.equals(time.atZone(ZoneOffset.UTC)
                                .with(TemporalAdjusters.dayOfWeekInMonth(n, weekday))
                                .toInstant()));
            }
            assertThat(times("0 0 * * " + name + "L", "2025-12-31T00:00:00Z", 24))
                    .allMatch(time -> time.equals(time.atZone(ZoneOffset.UTC)
                            .with(TemporalAdjusters.lastInMonth(weekday))
                            .toInstant()));
            assertThat(times("0 0 * * " + name + "#5", "2025-12-31T00:00:00Z", 4))
                    .allMatch(time -> time.atZone(ZoneOffset.UTC).getDayOfMonth() > 28);
        }
    }

    @Test
    void the_nearest_working_day_and_days_before_the_last_stay_within_the_month() {
        for (int n = 1; n <= 27; n++) {
            var near = Timing.cron("0 0 " + n + "W * *", ZoneOffset.UTC);
            var fromEnd = Timing.cron("0 0 L-" + n + " * *", ZoneOffset.UTC);
            for (var month = YearMonth.of(2023, 1); month.getYear() < 2029; month = month.plusMonths(1)) {
                var day = month.atDay(n);
                int shift = switch (day.getDayOfWeek()) {
                    case SATURDAY -> n == 1 ? 2 : -1;
                    case SUNDAY -> 1;
                    default -> 0;
                };
                var before = month.atDay(1).atStartOfDay().minusSeconds(1).toInstant(ZoneOffset.UTC);
                assertThat(near.next(before, ANY))
                        .isEqualTo(day.plusDays(shift).atStartOfDay().toInstant(ZoneOffset.UTC));
                assertThat(fromEnd.next(before, ANY))
                        .isEqualTo(
                                month.atEndOfMonth().minusDays(n).atStartOfDay().toInstant(ZoneOffset.UTC));
            }
        }
    }
}
