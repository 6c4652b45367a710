package dev.pawl.schedule;

import java.time.Duration;

/**
 * What becomes of fires that were missed because no worker was up: of all that are due at a moment, the {@code newest}
 * newest start however late they are, and so do those that are at most {@link #GRACE} late; the others are <em>missed</em>
 * and never start. What starts goes through the {@linkplain Overlap overlap policy} in the order of the planned times.
 *
 * @param newest how many, 0 to 1000
 */
public record CatchUp(int newest) {

    /** A fire that is at most this late (measured after jitter) is on time: it is never missed. */
    public static final Duration GRACE = Duration.ofSeconds(60);

    /** One turn of a schedule, which is one transaction, must not start runs without end. */
    static final int MOST = 1000;

    private static final CatchUp NONE = new CatchUp(0);
    private static final CatchUp LATEST = new CatchUp(1);

    public CatchUp {
        if (newest < 0 || newest > MOST) {
            throw new IllegalArgumentException(
                    "A schedule cannot catch up on " + newest + " fires; it can on 0 (none) to " + MOST + ".");
        }
    }

    /** Fires that are more than {@link #GRACE} late do not start. */
    public static CatchUp none() {
        return NONE;
    }

    /** The newest due fire starts however late it is, older ones do not. */
    public static CatchUp latest() {
        return LATEST;
    }

    /** The newest due fires start, at most so many, oldest first. */
    public static CatchUp all(int most) {
        return new CatchUp(most);
    }

    @Override
    public String toString() {
        return switch (newest) {
            case 0 -> "none";
            case 1 -> "latest";
            default -> "all up to " + newest;
        };
    }
}
