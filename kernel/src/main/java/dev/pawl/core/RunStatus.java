package dev.pawl.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where a run stands. The table of allowed changes is the whole truth; the kernel refuses everything else. */
public enum RunStatus {
    /** Accepted and durable; no task was claimed yet. */
    QUEUED,
    /** At least one task was claimed. */
    RUNNING,
    /** A person holds it; nothing new starts until it is resumed. */
    PAUSED,
    /** It needs somebody: see its {@link Reason}. */
    BLOCKED,
    /** Done, with an output. Terminal. */
    SUCCEEDED,
    /** Ended with a {@link Problem}. Terminal. */
    FAILED,
    /** Ended by a person or a parent. Terminal. */
    CANCELLED;

    private static final Map<RunStatus, Set<RunStatus>> ALLOWED = Map.of(
            QUEUED, EnumSet.of(RUNNING, CANCELLED),
            RUNNING, EnumSet.of(PAUSED, BLOCKED, SUCCEEDED, FAILED, CANCELLED),
            PAUSED, EnumSet.of(RUNNING, CANCELLED),
            BLOCKED, EnumSet.of(RUNNING, FAILED, CANCELLED),
            SUCCEEDED, EnumSet.noneOf(RunStatus.class),
            FAILED, EnumSet.noneOf(RunStatus.class),
            CANCELLED, EnumSet.noneOf(RunStatus.class));

    /** Whether a run may go from this status to the other. */
    public boolean allows(RunStatus next) {
        return successors().contains(next);
    }

    private Set<RunStatus> successors() {
        return ALLOWED.getOrDefault(this, Set.of());
    }

    /** Whether this status never changes again. */
    public boolean terminal() {
        return successors().isEmpty();
    }

    /** Whether tasks created now must wait until somebody releases the run. */
    public boolean held() {
        return this == PAUSED || this == BLOCKED;
    }
}
