package dev.pawl.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.Pattern;

/**
 * Every so often of elapsed time, whatever the clocks on the wall do: at {@code anchor + k · interval}, k = 0, 1, 2, …
 *
 * @param interval at least 1 second, at most 100 years
 */
public record Every(Duration interval) implements Timing {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final Pattern TEXT = Pattern.compile("([0-9]{1,10})([smhd])");

    public Every {
        require("There is an", interval);
    }

    /** Every so many seconds. */
    public static Every seconds(long number) {
        return new Every(Duration.ofSeconds(number));
    }

    /** Every so many minutes. */
    public static Every minutes(long number) {
        return new Every(Duration.ofMinutes(number));
    }

    /** Every so many hours. */
    public static Every hours(long number) {
        return new Every(Duration.ofHours(number));
    }

    /** Every so many days of 24 hours. */
    public static Every days(long number) {
        return new Every(Duration.ofDays(number));
    }

    /**
     * What a person writes: a whole number and its unit, such as {@code 30s}, {@code 5m}, {@code 1h} or {@code 1d}.
     *
     * @throws IllegalArgumentException if it is nothing of that kind, shorter than 1 second or longer than 100 years
     */
    public static Every of(String text) {
        var found = TEXT.matcher(text);
        if (!found.matches()) {
            throw new IllegalArgumentException("There is the interval \"" + text
                    + "\": it must be a whole number and one of the units s, m, h and d, such as 30s, 5m, 1h or 1d.");
        }
        long number = Long.parseLong(found.group(1));
        return switch (found.group(2)) {
            case "s" -> seconds(number);
            case "m" -> minutes(number);
            case "h" -> hours(number);
            default -> days(number);
        };
    }

    /** @param owner the beginning of the message: {@code Schedule "poll" has the} */
    static void require(String owner, Duration interval) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(owner + " interval " + interval + ": it must be at least 1 second.");
        }
        if (interval.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(owner + " interval " + interval + ": it must be at most 100 years.");
        }
    }

    @Override
    public Instant next(Instant after, Instant anchor) {
        if (after.isBefore(anchor)) return anchor;
        long passed = Duration.between(anchor, after).dividedBy(interval);
        return anchor.plus(interval.multipliedBy(passed + 1));
    }

    @Override
    public String toString() {
        return "every " + interval;
    }
}
