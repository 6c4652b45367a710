package dev.pawl.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a task stands. */
public enum TaskStatus {
    /** Waits for its time, for a worker, or for a limit. */
    READY,
    /** Leased to a worker. */
    RUNNING,
    /** Done; its output was written in the same transaction. Terminal. */
    SUCCEEDED,
    /** Its attempts are spent, or it must not be tried again. Terminal. */
    FAILED,
    /** It decided not to run, or another step's end made it needless. Terminal. */
    SKIPPED,
    /** Its run ended first. Terminal. */
    CANCELLED;

    private static final Map<TaskStatus, Set<TaskStatus>> ALLOWED = Map.of(
            READY, EnumSet.of(RUNNING, FAILED, SKIPPED, CANCELLED),
            RUNNING, EnumSet.of(READY, SUCCEEDED, FAILED, SKIPPED, CANCELLED),
            SUCCEEDED, EnumSet.noneOf(TaskStatus.class),
            FAILED, EnumSet.noneOf(TaskStatus.class),
            SKIPPED, EnumSet.noneOf(TaskStatus.class),
            CANCELLED, EnumSet.noneOf(TaskStatus.class));

    /** Whether a task may go from this status to the other. */
    public boolean allows(TaskStatus next) {
        return successors().contains(next);
    }

    private Set<TaskStatus> successors() {
        return ALLOWED.getOrDefault(this, Set.of());
    }

    /** Whether this status never changes again. */
    public boolean terminal() {
        return successors().isEmpty();
    }
}
