package dev.pawl.schedule;

/** What happens to a fire while a run that the schedule started earlier is still open. */
public enum Overlap {
    /** The fire is skipped. */
    SKIP,
    /** One fire waits until no run is open, and starts then; while one waits, further ones are skipped. */
    QUEUE_ONE,
    /** The fire starts beside what is open. */
    ALLOW,
    /** What is open is cancelled, and the fire starts at once. */
    CANCEL_OLD
}
