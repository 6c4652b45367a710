package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * A task with everything that people ask about it.
 *
 * @param output what it produced, or null
 * @param problem its newest {@link Problem} as JSON, also while it waits for its next attempt; null if there is none
 * @param parked whether it waits for its time or for a message
 * @param aliveAt the newest sign of life of its running body that is known, or null
 */
public record TaskDetails(
        Task task,
        @Nullable Payload output,
        @Nullable Json problem,
        long createdAt,
        @Nullable Long startedAt,
        @Nullable Long endedAt,
        boolean parked,
        @Nullable Long aliveAt) {}
