package dev.pawl.job;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import org.jspecify.annotations.Nullable;

/** A run that a job waited for ended without an output. */
public final class ChildFailed extends RuntimeException {

    private final RunId run;
    private final RunStatus status;
    private final FailureClass failureClass;

    ChildFailed(RunId run, String program, RunStatus status, @Nullable Json problem) {
        super("Run " + run + " of " + program + (status == RunStatus.CANCELLED ? " was cancelled" : " failed")
                + (problem == null ? "." : ": " + Problem.parse(problem).summary()));
        this.run = run;
        this.status = status;
        this.failureClass =
                problem == null ? FailureClass.LOGIC : Problem.parse(problem).failureClass();
    }

    /** The run. */
    public RunId run() {
        return run;
    }

    /** Why it failed; LOGIC if it was cancelled. */
    public FailureClass failureClass() {
        return failureClass;
    }

    /** FAILED or CANCELLED. */
    public RunStatus status() {
        return status;
    }
}
