package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * The limits of a queue, over all workers. Kept in the database: the newest declaration counts for everybody.
 *
 * @param maxRunning at most so many running tasks, or null for no limit
 * @param maxPerKey at most so many running tasks of one key, or null for no limit; keys take turns either way
 */
public record QueueLimit(
        String queue,
        @Nullable Integer maxRunning,
        @Nullable Integer maxPerKey) {

    public QueueLimit {
        if ((maxRunning != null && maxRunning < 1) || (maxPerKey != null && maxPerKey < 1)) {
            throw new IllegalArgumentException("The limits of queue '" + queue + "' must be at least 1.");
        }
    }

    /** At most so many running tasks in a queue. */
    public static QueueLimit running(String queue, int maxRunning) {
        return new QueueLimit(queue, maxRunning, null);
    }

    /** At most so many running tasks of one key in a queue, keys taking turns. */
    public static QueueLimit perKey(String queue, int maxPerKey) {
        return new QueueLimit(queue, null, maxPerKey);
    }

    /** The same, with a limit for each key. */
    public QueueLimit andPerKey(int max) {
        return new QueueLimit(queue, maxRunning, max);
    }
}
