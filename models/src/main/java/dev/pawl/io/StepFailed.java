package dev.pawl.io;

import dev.pawl.core.Problem;

/**
 * A step failed for good with an exception that cannot be made again from its record: neither it nor a supertype that says
 * anything has a public constructor that takes a message alone. Thrown in the first run and in every replay alike, so that both take the same way.
 */
public final class StepFailed extends RuntimeException {

    private final Problem problem;

    /** Made from its record. */
    public StepFailed(String step, Problem problem) {
        super("Step \"" + step + "\" failed: " + problem.summary());
        this.problem = problem;
    }

    /** As it is recorded. */
    public Problem problem() {
        return problem;
    }
}
