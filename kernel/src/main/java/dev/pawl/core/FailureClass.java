package dev.pawl.core;

/** What kind of failure happened, and so what happens next. */
public enum FailureClass {
    TRANSIENT(true),
    RATE_LIMITED(true),
    TIMEOUT(true),
    AUTH(false),
    PERMISSION(false),
    LOGIC(false),
    UNCLASSIFIED(true),
    INTERNAL(false),
    INDETERMINATE(false),
    /** A policy said no. */
    POLICY(false),
    /** Somebody has to approve. */
    APPROVAL(false),
    DIVERGED(false),
    STALLED(false);

    private final boolean retried;

    FailureClass(boolean retried) {
        this.retried = retried;
    }

    /** Whether another attempt may help, within the step's budget. */
    public boolean retried() {
        return retried;
    }
}
