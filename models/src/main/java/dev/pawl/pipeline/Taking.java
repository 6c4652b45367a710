package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import dev.pawl.core.MessageStatus;
import dev.pawl.spi.Journal;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The messages that an attempt wants to reserve: all of them or none. If it was none, it has to be seen why, as trying again at
 * once would go on for ever for a message that nobody can have again.
 *
 * @param consumer null if it wants nothing
 */
record Taking(Handler.@Nullable Consumer<?, ?, ?> consumer, List<Message<?>> messages) {

    static final Taking NOTHING = new Taking(null, List.of());

    /**
     * Whether another consumer works with one of them now.
     *
     * @throws Failure.Logic if one of them was over when it was looked at, or is none
     */
    boolean isInOtherHands(Journal journal, Looking.Open seen) {
        if (consumer == null) return false;
        boolean taken = false;
        for (var message : messages) {
            var there = journal.messages(message.topic(), List.of(message.id())).stream()
                    .filter(one -> one.seq() == message.number())
                    .findFirst();
            boolean over = there.isEmpty() || there.get().status().terminal();
            if (!over) {
                taken |= there.get().status() == MessageStatus.RESERVED
                        && !consumer.name().equals(there.get().reservedBy());
            } else if (!seen.wasFree(message.number())) {
                throw refused(message, there.map(one -> one.status()).orElse(null));
            } // else another consumer was faster
        }
        return taken;
    }

    private Failure.Logic refused(Message<?> message, @Nullable MessageStatus status) {
        return new Failure.Logic(
                "The prepare of %s wants message \"%s\" of topic \"%s\" (number %d), which %s. It can have what its inbox shows as pending; of what byIds finds, some may be over."
                        .formatted(
                                consumer == null ? "nobody" : consumer.label(),
                                message.id(),
                                message.topic(),
                                message.number(),
                                status == null ? "is not there" : "is " + status + " already"));
    }
}
