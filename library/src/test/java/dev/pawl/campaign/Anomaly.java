package dev.pawl.campaign;

/**
 * Something that must not happen, whatever is killed.
 *
 * @param sentence what it was, with the names and numbers that one looks for next
 */
record Anomaly(Kind kind, String sentence) {

    /** What must not happen. */
    enum Kind {
        /** A submission was acknowledged, and there is no such run. */
        LOST,
        /** One key was given to two runs. */
        SUBMITTED_TWICE,
        /** A run has not ended although it had the time. */
        UNFINISHED,
        /** A run whose program has no reason to fail did not succeed. */
        ENDED_BADLY,
        /** The history of a run has gaps, or two ends of one task. */
        BROKEN_HISTORY,
        /** The engine says that something is done which the outside world never saw. */
        NEVER_APPLIED,
        /** What was durably done was begun again. */
        REPEATED_DONE,
        /** An attempt was repeated that nothing had kept from going on. */
        UNEXPLAINED_REPEAT,
        /** A repeat came with another idempotency key. */
        KEY_CHANGED,
        /** A transactional step left more than one row. */
        TRANSACTION_TWICE,
        /** A transactional step left no row. */
        TRANSACTION_MISSING,
        /** More ran in a queue than its limit allows. */
        LIMIT_EXCEEDED,
        /** What an attempt without a lease produced is shown as output. */
        STALE_WRITE
    }

    @Override
    public String toString() {
        return kind + ": " + sentence;
    }
}
