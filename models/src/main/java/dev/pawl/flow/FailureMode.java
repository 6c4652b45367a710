package dev.pawl.flow;

/** When a run fails after one of its steps has. */
public enum FailureMode {
    /** At once; what is still open is cancelled. */
    FAIL_FAST,
    /** When everything that does not depend on the failed step has ended. The first failure is the run's. */
    WAIT_ALL
}
