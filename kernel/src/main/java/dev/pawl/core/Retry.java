package dev.pawl.core;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How often a task is tried, and how long it waits in between: {@code base · factor^(n-1)}, at most {@code cap}, then
 * up to {@code jitter} of it on top, so that many failures at once do not come back at once.
 *
 * @param maxAttempts all attempts, the first included; crashes count too
 * @param jitter the largest random share added, 0 to 1
 */
public record Retry(int maxAttempts, Duration base, double factor, Duration cap, double jitter) {

    /** Three attempts, after 1 s and 2 s, with up to 30 % jitter. */
    public static final Retry DEFAULT = times(3);

    public Retry {
        if (maxAttempts < 1) {
            throw new IllegalArgumentException(
                    "maxAttempts is " + maxAttempts + "; it includes the first attempt, so it is at least 1.");
        }
        if (base.isNegative() || cap.isNegative()) {
            throw new IllegalArgumentException("The base and the cap of a retry must not be negative.");
        }
        if (factor < 1 || jitter < 0 || jitter > 1) {
            throw new IllegalArgumentException(
                    "A retry needs factor >= 1 and jitter from 0 to 1, not " + factor + " and " + jitter + ".");
        }
    }

    /** So many attempts, the first included, with the default back-off: 1 s doubling to 10 min, up to 30 % jitter. */
    public static Retry times(int maxAttempts) {
        return new Retry(maxAttempts, Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.3);
    }

    /** One attempt. */
    public static Retry never() {
        return times(1);
    }

    /** The same with this first wait. */
    public Retry base(Duration first) {
        return new Retry(maxAttempts, first, factor, cap, jitter);
    }

    /** The same with this longest wait, before jitter. */
    public Retry cap(Duration longest) {
        return new Retry(maxAttempts, base, factor, longest, jitter);
    }

    /** The same with this share of jitter, 0 to 1. */
    public Retry jitter(double share) {
        return new Retry(maxAttempts, base, factor, cap, share);
    }

    /** How long to wait after the given number of attempts was spent (1 or more). */
    public Duration delay(int spent, RandomGenerator random) {
        double millis = Math.min((double) cap.toMillis(), (double) base.toMillis() * Math.pow(factor, spent - 1.0));
        double extra = jitter == 0 ? 0 : millis * jitter * random.nextDouble();
        return Duration.ofMillis((long) (millis + extra));
    }
}
