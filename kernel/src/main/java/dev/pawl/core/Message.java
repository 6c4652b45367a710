package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One item of a run's mailbox: a signal.
 *
 * @param seq 1, 2, 3 … within the run, in the order of arrival
 * @param name what is waited for under
 * @param id what makes it the only one of its run, or null
 * @param actor who sent it
 * @param at epoch milliseconds on the database's clock
 */
public record Message(
        RunId run,
        int seq,
        String name,
        @Nullable String id,
        Payload payload,
        String actor,
        long at,
        MessageStatus status) {}
