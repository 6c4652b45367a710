package dev.pawl.flow;

/** What becomes of a step whose task has failed for good. From pgflow's {@code when_exhausted}. */
public enum Exhausted {
    /** The run fails. */
    FAIL,
    /** The step is skipped; what depends on it sees that it is missing. */
    SKIP,
    /** The step is skipped, and with it everything that reads it, directly or indirectly. */
    SKIP_CASCADE
}
