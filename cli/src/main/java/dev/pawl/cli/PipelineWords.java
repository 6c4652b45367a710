package dev.pawl.cli;

import dev.pawl.core.InputDetails;
import java.time.DateTimeException;
import java.time.Duration;

/** What is told of pipelines, as people like to read it. */
final class PipelineWords {

    private static final String EVERY = "every ";

    private PipelineWords() {}

    /** {@code every 5 min}, or a cron expression with its zone. */
    static String schedule(String stored) {
        if (!stored.startsWith(EVERY)) return stored;
        try {
            return EVERY
                    + interval(Duration.parse(stored.substring(EVERY.length())).toMillis());
        } catch (DateTimeException other) {
            return stored;
        }
    }

    private static String interval(long millis) {
        boolean whole = millis < 60_000 && millis % 1_000 == 0;
        return whole ? millis / 1_000 + " s" : Text.duration(millis);
    }

    /** Done; pending; or stale, if it has been pending for so long. */
    static String state(InputDetails input, long now, Duration stale) {
        if (!input.isPending()) return "done";
        return now - input.at() > stale.toMillis() ? "stale" : "pending";
    }
}
