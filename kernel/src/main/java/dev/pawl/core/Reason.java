package dev.pawl.core;

/** Why a run is {@link RunStatus#BLOCKED}: what it needs from somebody. */
public enum Reason {
    /** Somebody must approve. */
    APPROVAL,
    /** Credentials are missing, wrong or expired. */
    AUTH,
    /** The credentials are right and not allowed to do this. */
    PERMISSION,
    /** Nobody knows whether an outside change happened. */
    INDETERMINATE,
    /** A policy holds it. */
    POLICY,
    /** The code differs from what was recorded. */
    DIVERGED,
    /** It gave no sign of life too often. */
    STALLED,
    /** Its code failed in a way that only other code cures: a repaired version releases it, or somebody who resumes it. */
    REPAIR,
    /** It failed so often, or in such a way, that somebody has to look before it goes on. */
    FAILING;

    /** Whether the deadline of a run that is blocked for this still fails it: not while something may have happened outside. */
    public boolean mayExpire() {
        return this != INDETERMINATE;
    }
}
