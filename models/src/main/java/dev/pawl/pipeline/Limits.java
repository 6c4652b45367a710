package dev.pawl.pipeline;

import java.time.Duration;
import java.time.Instant;

/**
 * How a pipeline treats time and failures.
 *
 * @param soonest a consumer that wants to be woken earlier is woken after this
 * @param latest a consumer that wants to be woken later is woken after this
 * @param pause the first pause after a failure that will probably pass; it doubles with every further one
 * @param longestPause and grows to this
 * @param failures so many failures in a row are tried again; after one more, somebody has to look
 * @param repairs after so many repaired versions in a row that failed in the code again, somebody has to look
 * @param activation how long one activation of a handler may take, all its phases together
 */
record Limits(
        Duration soonest,
        Duration latest,
        Duration pause,
        Duration longestPause,
        int failures,
        int repairs,
        Duration activation) {

    static final Limits DEFAULT = new Limits(
            Duration.ofSeconds(30),
            Duration.ofHours(24),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            5,
            2,
            Duration.ofMinutes(5));

    Limits {
        if (soonest.isNegative() || latest.compareTo(soonest) < 0) {
            throw new IllegalArgumentException(
                    "A pipeline that wakes its consumers after %s at the earliest and %s at the latest: the first must not be longer."
                            .formatted(soonest, latest));
        }
        if (pause.isNegative() || longestPause.compareTo(pause) < 0 || failures < 0) {
            throw new IllegalArgumentException(
                    "A pipeline that pauses %s, at most %s, after %d failures: pauses must not shrink, and none may be negative."
                            .formatted(pause, longestPause, failures));
        }
        if (activation.toMillis() < 1) {
            throw new IllegalArgumentException("A pipeline whose activations may take " + activation + ".");
        }
    }

    /** When a consumer is woken that wants to be woken at this time, however far away that is. */
    Instant wake(Instant now, Instant wanted) {
        var earliest = now.plus(soonest);
        var last = now.plus(latest);
        if (wanted.isBefore(earliest)) return earliest;
        return wanted.isAfter(last) ? last : wanted;
    }
}
