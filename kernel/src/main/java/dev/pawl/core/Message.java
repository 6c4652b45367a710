package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One item of a run's mailbox: a signal, or an item of one of its topics.
 *
 * @param seq its number within the run, in the order of arrival
 * @param name the topic, or what is waited for under
 * @param id what makes it the only one of this name in its run, or null
 * @param actor who sent it
 * @param at epoch milliseconds on the database's clock
 * @param delivery which delivery this is: 1, and one more each time it was reserved and released again
 * @param reservedBy the task name that works with it while it is {@link MessageStatus#RESERVED}, and that did in the end;
 *     null if none does
 */
public record Message(
        RunId run,
        int seq,
        String name,
        @Nullable String id,
        Payload payload,
        String actor,
        long at,
        MessageStatus status,
        int delivery,
        @Nullable String reservedBy) {

    /** One that nobody has reserved yet. */
    public Message(
            RunId run,
            int seq,
            String name,
            @Nullable String id,
            Payload payload,
            String actor,
            long at,
            MessageStatus status) {
        this(run, seq, name, id, payload, actor, at, status, 1, null);
    }
}
