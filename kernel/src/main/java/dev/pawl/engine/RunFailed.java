package dev.pawl.engine;

import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import org.jspecify.annotations.Nullable;

/** Somebody waited for the output of a run, and it ended without one. */
public final class RunFailed extends RuntimeException {

    private final RunId run;
    private final RunStatus status;
    private final @Nullable Json problem;

    RunFailed(RunId run, RunStatus status, @Nullable Json problem) {
        super("Run " + run + " " + (status == RunStatus.CANCELLED ? "was cancelled" : "failed")
                + (problem == null ? "." : ": " + Problem.parse(problem).summary()));
        this.run = run;
        this.status = status;
        this.problem = problem;
    }

    public RunId run() {
        return run;
    }

    /** FAILED or CANCELLED. */
    public RunStatus status() {
        return status;
    }

    /** The {@link dev.pawl.core.Problem} as JSON, or null. */
    public @Nullable Json problem() {
        return problem;
    }
}
