package dev.pawl.job;

import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import org.jspecify.annotations.Nullable;

/** A run that a job waited for ended without an output. */
public final class ChildFailed extends RuntimeException {

    private final RunId run;
    private final RunStatus status;

    ChildFailed(RunId run, String program, RunStatus status, @Nullable Json problem) {
        super("Run " + run + " of " + program + (status == RunStatus.CANCELLED ? " was cancelled" : " failed")
                + (problem == null ? "." : ": " + Problem.parse(problem).summary()));
        this.run = run;
        this.status = status;
    }

    /** The run. */
    public RunId run() {
        return run;
    }

    /** FAILED or CANCELLED. */
    public RunStatus status() {
        return status;
    }
}
