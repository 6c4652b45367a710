package dev.pawl.core;

/** How a run comes from an earlier one, which stays as it is. */
public enum Link {
    /** It keeps what succeeded and goes on from what failed. */
    RETRY,
    /** It begins anew, perhaps with another input. */
    RESTART,
    /** It keeps what was done before a chosen step. */
    FORK
}
