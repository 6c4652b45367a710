package dev.pawl.cli;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers, times and long texts as people like to read them. */
final class Text {

    private static final DateTimeFormatter SECONDS =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final DateTimeFormatter MILLIS =
            DateTimeFormatter.ofPattern("HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneId.systemDefault());
    private static final Pattern PART = Pattern.compile("(\\d{1,9})(ms|s|m|h|d|w)");
    private static final Pattern AGE = Pattern.compile("(?:" + PART + ")+");

    private Text() {}

    /** Local time, to the second; nothing for null. */
    static String time(@Nullable Long epochMillis) {
        return epochMillis == null ? "" : SECONDS.format(Instant.ofEpochMilli(epochMillis));
    }

    /** Local time of day, to the millisecond. */
    static String clock(long epochMillis) {
        return MILLIS.format(Instant.ofEpochMilli(epochMillis));
    }

    /** ISO 8601 in UTC, for machines; null for null. */
    static @Nullable String iso(@Nullable Long epochMillis) {
        return epochMillis == null ? null : Instant.ofEpochMilli(epochMillis).toString();
    }

    /** {@code 12 ms}, {@code 3.4 s}, {@code 5 min 20 s}, {@code 2 h 3 min}, {@code 4 d 1 h}. */
    static String duration(long millis) {
        if (millis < 1_000) return Math.max(0, millis) + " ms";
        if (millis < 60_000) return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
        var time = Duration.ofMillis(millis);
        if (millis < 3_600_000) return both(time.toMinutes(), "min", time.toSecondsPart(), "s");
        if (time.toDays() < 1) return both(time.toHours(), "h", time.toMinutesPart(), "min");
        return both(time.toDays(), "d", time.toHoursPart(), "h");
    }

    private static String both(long large, String largeUnit, long small, String smallUnit) {
        return large + " " + largeUnit + (small == 0 ? "" : " " + small + " " + smallUnit);
    }

    /** {@code 1 run}, {@code 2 runs}. */
    static String count(long number, String one) {
        return String.format(Locale.ROOT, "%,d ", number) + (number == 1 ? one : one + "s");
    }

    /**
     * A time as people type it: {@code 90s}, {@code 1h30m}, {@code 30d}, or ISO 8601 ({@code PT12H}).
     *
     * @throws Complaint if it is none
     */
    static Duration age(String typed) {
        if (AGE.matcher(typed).matches()) {
            return PART.matcher(typed)
                    .results()
                    .map(part -> part(Long.parseLong(part.group(1)), part.group(2)))
                    .reduce(Duration.ZERO, Duration::plus);
        }
        try {
            var time = Duration.parse(typed);
            if (!time.isNegative()) return time;
        } catch (java.time.format.DateTimeParseException notIso) {
            // said below
        }
        throw Complaint.usage(
                "'" + typed + "' is no length of time. Write a number and a unit: 90s, 15m, 1h30m, 12h, 30d or 4w.");
    }

    private static Duration part(long number, String unit) {
        return switch (unit) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "w" -> Duration.ofDays(7 * number);
            default -> Duration.ofDays(number);
        };
    }

    /** On one line and at most so long. */
    static String cut(String text, int width) {
        String line = text.indexOf('\n') < 0 ? text : text.replace('\n', ' ');
        return line.length() <= width ? line : line.substring(0, Math.max(0, width - 1)) + "…";
    }
}
