package dev.pawl.pipeline;

import java.time.Duration;

/** Doubling pauses. */
final class Backoff {

    private static final int MOST_DOUBLINGS = 40;

    private Backoff() {}

    /** The pause after the n-th failure: {@code min(first · 2^(n-1), most)}. */
    static Duration after(int failures, Duration first, Duration most) {
        long doubled = first.toMillis();
        long cap = most.toMillis();
        for (int i = 1; i < Math.min(failures, MOST_DOUBLINGS) && doubled < cap; i++) {
            doubled = doubled > cap / 2 ? cap : doubled * 2; // which cannot overflow
        }
        return Duration.ofMillis(Math.min(doubled, cap));
    }
}
