package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * What the rules of a model need to know of a run: everything that changes while it goes on, and none of its payloads.
 *
 * @param definition the stored number of its program and version
 * @param reason why it is blocked, else null
 * @param state what the model keeps between tasks, opaque to the kernel
 * @param seq the number of its newest event
 * @param startedAt when its first task was claimed, in epoch milliseconds; null before
 * @param deadlineAt when it fails if it has not ended by then, in epoch milliseconds; null for never
 */
public record Run(
        RunId id,
        int definition,
        RunStatus status,
        @Nullable Reason reason,
        Placement placement,
        Json state,
        int seq,
        @Nullable Long startedAt,
        @Nullable Long deadlineAt) {}
