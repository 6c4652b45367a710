package dev.pawl.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;

/** When a schedule fires, before jitter and without its start and end. Immutable and thread-safe. */
public sealed interface Timing permits Cron, Every {

    /**
     * The first planned time after this one.
     *
     * @param anchor what intervals are aligned on; cron expressions do not look at it
     * @return null if there is none
     */
    @Nullable
    Instant next(Instant after, Instant anchor);

    /**
     * The times that a cron expression describes; what that may be, and how it meets daylight saving, says {@link Cron}.
     *
     * @throws IllegalArgumentException if it is no cron expression, or describes no time; the message says why
     */
    static Timing cron(String expression, ZoneId zone) {
        return Cron.parse("There is a", expression, zone);
    }

    /**
     * Every so often, at least 1 second.
     *
     * @throws IllegalArgumentException if that is too often
     */
    static Timing every(Duration interval) {
        return new Every(interval);
    }
}
