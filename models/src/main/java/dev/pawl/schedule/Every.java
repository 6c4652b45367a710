package dev.pawl.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * Every so often of elapsed time, whatever the clocks on the wall do: at {@code anchor + k · interval}, k = 0, 1, 2, …
 *
 * @param interval at least 1 second, at most 100 years
 */
public record Every(Duration interval) implements Timing {

    private static final Duration SHORTEST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofDays(36_500);

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
