package dev.pawl.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How the tasks of one step are treated. Taken from the code that runs, not from the stored shape: changing it needs no
 * new version.
 *
 * @param timeout after which the attempt is interrupted; null for no limit
 */
public record TaskOptions(Retry retry, @Nullable Duration timeout, Supervision supervision) {

    /** The default retry and supervision, no timeout. */
    public static final TaskOptions DEFAULT = new TaskOptions(Retry.DEFAULT, null);

    /** The default supervision. */
    public TaskOptions(Retry retry, @Nullable Duration timeout) {
        this(retry, timeout, Supervision.DEFAULT);
    }
}
