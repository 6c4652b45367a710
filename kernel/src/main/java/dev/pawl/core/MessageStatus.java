package dev.pawl.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a message stands. */
public enum MessageStatus {
    /** Nobody has taken it yet. */
    PENDING,
    /** Somebody works with it. */
    RESERVED,
    /** Taken for good. Terminal. */
    CONSUMED,
    /** A person decided to go on without it. Terminal. */
    SKIPPED;

    private static final Map<MessageStatus, Set<MessageStatus>> ALLOWED = Map.of(
            PENDING, EnumSet.of(RESERVED, CONSUMED),
            RESERVED, EnumSet.of(PENDING, CONSUMED, SKIPPED),
            CONSUMED, EnumSet.noneOf(MessageStatus.class),
            SKIPPED, EnumSet.noneOf(MessageStatus.class));

    /** Whether a message may go from this status to the other. */
    public boolean allows(MessageStatus next) {
        return ALLOWED.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether this status never changes again. */
    public boolean terminal() {
        return ALLOWED.getOrDefault(this, Set.of()).isEmpty();
    }
}
