package dev.pawl.core;

/** Which due tasks of a queue go first. Three levels, so that a claim stays three look-ups at any depth of the queue. */
public enum Priority {
    HIGH,
    NORMAL,
    LOW
}
