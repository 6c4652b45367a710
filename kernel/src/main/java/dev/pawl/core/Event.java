package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One numbered fact of a run's history.
 *
 * @param seq 1, 2, 3 … within the run, without gaps
 * @param at epoch milliseconds on the database's clock
 * @param kind what happened, such as {@code task.succeeded}
 * @param task the task or step it happened to, or null when it happened to the run
 * @param data the details, a JSON object
 */
public record Event(int seq, long at, String kind, @Nullable String task, Json data) {}
