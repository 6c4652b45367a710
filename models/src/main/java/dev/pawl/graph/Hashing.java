package dev.pawl.graph;

/** What is done so that the history of a run can be proved. */
public enum Hashing {
    /** Nothing: the history can be replayed, and not verified. */
    OFF,
    /** Each step is hashed and chained to the one before. The default. */
    CHAINED,
    /** The same, and each node runs twice on what it recorded: both must come to the same state. */
    TWICE
}
