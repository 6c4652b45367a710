package dev.pawl.schedule;

import java.time.Duration;
import java.time.Instant;

/**
 * Every so often of elapsed time, whatever the clocks on the wall do: at {@code anchor + k · interval}, k = 0, 1, 2, …
 *
 * @param interval at least 1 second
 */
public record Every(Duration interval) implements Timing {

    private static final Duration SHORTEST = Duration.ofSeconds(1);

    public Every {
        require("There is an", interval);
    }

    /** @param owner the beginning of the message: {@code Schedule "poll" has the} */
    static void require(String owner, Duration interval) {
        if (interval.compareTo(SHORTEST) < 0) {
            throw new IllegalArgumentException(owner + " interval " + interval + ": it must be at least 1 second.");
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
