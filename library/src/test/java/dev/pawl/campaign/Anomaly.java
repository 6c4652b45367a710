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
        /** A run came to an end that its program is not meant to come to. */
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
        /** What must not happen twice outside did, and nobody stood still meanwhile. */
        ONCE_TWICE,
        /** A signal was acknowledged, and the run it was for ended without it. */
        SIGNAL_LOST,
        /** A run took a signal more than once. */
        SIGNAL_TWICE,
        /** A run took its signals in another order than that in which they were sent, or one that nobody sent. */
        SIGNAL_ORDER,
        /** A run started more runs of its own than its code asks for. */
        CHILD_TWICE,
        /** A run succeeded without a run that its code starts. */
        CHILD_MISSING,
        /** A run did not succeed, and something that it had done was not undone. */
        NOT_UNDONE,
        /** Something was undone that was to stay, or was never to be undone. */
        UNDONE_IN_VAIN,
        /** A sleep ended too early. */
        WOKEN_EARLY,
        /** A worker that was told to end kept an attempt from its end, and it counts as lost or as failed. */
        SPENT_AT_SHUTDOWN,
        /** A planned time of a schedule started nothing. */
        FIRE_MISSED,
        /** A planned time of a schedule started more than one run. */
        FIRE_TWICE,
        /** A schedule started something at a time that was not planned. */
        FIRE_UNPLANNED,
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
