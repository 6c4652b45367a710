package dev.pawl.pipeline;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a consumer may look at while it prepares: pending messages, oldest first. Looking takes nothing. Valid only until
 * {@code prepare} returns; used later, it throws {@link dev.pawl.core.Failure.Logic}.
 *
 * @param <M> what the messages of its topic carry
 */
public interface Inbox<M> {

    /** How many messages {@link #peek()} shows at most. */
    int PEEKED = 100;

    /** The oldest pending message. */
    Optional<Message<M>> first();

    /** The oldest pending messages, at most {@value #PEEKED}. */
    List<Message<M>> peek();

    /** The oldest pending messages, at most so many. */
    List<Message<M>> peek(int limit);

    /** The messages with these ids, whatever their status; ids that are unknown are left out. Oldest first. */
    List<Message<M>> byIds(Collection<String> ids);

    /**
     * The same for another topic of the consumer.
     *
     * @throws dev.pawl.core.Failure.Logic if the consumer does not read it
     */
    <T> Inbox<T> of(Topic<T> topic);

    /** What {@code next} remembered last; empty if it never has. */
    <S> Optional<S> remembered(Class<S> type);
}
