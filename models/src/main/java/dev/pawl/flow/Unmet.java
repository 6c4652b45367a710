package dev.pawl.flow;

/** What becomes of a step whose conditions do not hold. From pgflow's {@code when_unmet}. */
public enum Unmet {
    /** The step is skipped; what depends on it sees that it is missing. */
    SKIP,
    /** The step is skipped, and with it everything that reads it, directly or indirectly. */
    SKIP_CASCADE,
    /** The run fails. */
    FAIL
}
