package dev.pawl.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the tasks of one step are treated. Taken from the code that runs, not from the stored shape: changing it needs no
 * new version.
 *
 * @param timeout after which the attempt is interrupted; null for no limit
 */
public record TaskOptions(Retry retry, @Nullable Duration timeout) {

    /** The default retry, no timeout. */
    public static final TaskOptions DEFAULT = new TaskOptions(Retry.DEFAULT, null);
}
