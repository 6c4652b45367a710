package dev.pawl.pipeline;

import java.time.Duration;

/**
 * How the other side is asked what became of a change: at once, and then again with growing pauses while it does not know.
 *
 * @param first the first pause
 * @param most the longest pause
 * @param times how often it is asked again before a person is
 * @param limit how long one question may take
 */
public record Reconciling(Duration first, Duration most, int times, Duration limit) {

    /** After 10, 20, 40, 80 and 160 seconds, each for 30 seconds at most. */
    public static final Reconciling DEFAULT =
            new Reconciling(Duration.ofSeconds(10), Duration.ofMinutes(10), 5, Duration.ofSeconds(30));

    public Reconciling {
        if (first.isNegative() || most.compareTo(first) < 0 || times < 0 || limit.toMillis() < 1) {
            throw new IllegalArgumentException(
                    "Reconciling needs pauses that are not negative and do not shrink, and a limit of at least 1 ms: "
                            + first + ", " + most + ", " + times + ", " + limit);
        }
    }

    /** So often and no more. */
    public Reconciling times(int number) {
        return new Reconciling(first, most, number, limit);
    }

    /** With these pauses: the first one, doubling up to the longest. */
    public Reconciling pauses(Duration from, Duration upTo) {
        return new Reconciling(from, upTo, times, limit);
    }

    /** With this limit for one question. */
    public Reconciling limit(Duration time) {
        return new Reconciling(first, most, times, time);
    }

    /**
     * The pause after the n-th question that brought no answer.
     *
     * @param asked 1, 2, 3 …
     */
    public Duration pause(int asked) {
        return Backoff.after(asked, first, most);
    }
}
