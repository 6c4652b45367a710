package dev.pawl.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A failure that says by its type what should happen next. User code throws one of these where it knows; any other
 * throwable is {@link FailureClass#UNCLASSIFIED}. Classified at the source, by type, never by message.
 */
public abstract sealed class Failure extends RuntimeException {

    private final FailureClass failureClass;

    private Failure(FailureClass failureClass, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.failureClass = failureClass;
    }

    /** The class that decides what happens next. */
    public FailureClass failureClass() {
        return failureClass;
    }

    /** Will probably pass: retried with back-off. */
    public static final class Transient extends Failure {
        public Transient(String message) {
            this(message, null);
        }

        public Transient(String message, @Nullable Throwable cause) {
            super(FailureClass.TRANSIENT, message, cause);
        }
    }

    /** The other side asked to wait: retried, not before that time has passed. */
    public static final class RateLimited extends Failure {
        private final Duration retryAfter;

        public RateLimited(String message, Duration retryAfter) {
            super(FailureClass.RATE_LIMITED, message, null);
            this.retryAfter = retryAfter;
        }

        /** How long the other side asked to wait. */
        public Duration retryAfter() {
            return retryAfter;
        }
    }

    /** Took too long: retried with back-off. */
    public static final class Timeout extends Failure {
        public Timeout(String message) {
            super(FailureClass.TIMEOUT, message, null);
        }
    }

    /** Credentials are missing or wrong: the run is blocked until a person has fixed it and resumes. */
    public static final class Auth extends Failure {
        public Auth(String message) {
            super(FailureClass.AUTH, message, null);
        }
    }

    /** Not allowed: the run is blocked until a person has fixed it and resumes. */
    public static final class Permission extends Failure {
        public Permission(String message) {
            super(FailureClass.PERMISSION, message, null);
        }
    }

    /** Trying again cannot help: fails at once. */
    public static final class Logic extends Failure {
        public Logic(String message) {
            this(message, null);
        }

        public Logic(String message, @Nullable Throwable cause) {
            super(FailureClass.LOGIC, message, cause);
        }
    }

    /**
     * A step produced what its consumer cannot take, such as no list for a map. Fails the run at once, whatever the
     * step says about exhausted attempts; what was produced is kept for people to see.
     */
    public static final class TypeViolation extends Failure {
        private final Json produced;

        public TypeViolation(String message, Json produced) {
            super(FailureClass.LOGIC, message, null);
            this.produced = produced;
        }

        /** What the step produced. */
        public Json produced() {
            return produced;
        }
    }

    /** Our own mistake: reported as a bug of Pawl, never blamed on user code. */
    public static final class Internal extends Failure {
        public Internal(String message, @Nullable Throwable cause) {
            super(FailureClass.INTERNAL, message, cause);
        }
    }

    /** Nobody knows whether an outside change happened: the run is blocked until a person says. */
    public static final class Indeterminate extends Failure {
        private final boolean journaled;

        public Indeterminate(String message, @Nullable Throwable cause) {
            this(message, cause, false);
        }

        private Indeterminate(String message, @Nullable Throwable cause, boolean journaled) {
            super(FailureClass.INDETERMINATE, message, cause);
            this.journaled = journaled;
        }

        /** It stands in the journal: as soon as nothing there is unknown any more, there is nothing to wait for. */
        public static Indeterminate journaled(String message, @Nullable Throwable cause) {
            return new Indeterminate(message, cause, true);
        }

        /** Whether an answer to it may have come before anybody waits for it. */
        public boolean isJournaled() {
            return journaled;
        }
    }

    /** A policy said no, or somebody who had to approve did: fails at once. */
    public static final class Policy extends Failure {
        public Policy(String message) {
            super(FailureClass.POLICY, message, null);
        }
    }

    /** Somebody has to approve first: the run is blocked until a person has. */
    public static final class ApprovalWanted extends Failure {
        public ApprovalWanted(String message) {
            super(FailureClass.APPROVAL, message, null);
        }
    }

    /** The code asks for something else than was recorded: the run is blocked before anything new happens. */
    public static final class Diverged extends Failure {
        public Diverged(String message) {
            super(FailureClass.DIVERGED, message, null);
        }
    }

    /** A failure that is recorded already, with all its attempts: trying again would only bring it back. */
    public static final class Exhausted extends Failure {
        private final Problem problem;

        public Exhausted(Problem problem, Throwable cause) {
            super(problem.failureClass(), problem.message(), cause);
            this.problem = problem;
        }

        /** As it is recorded. */
        public Problem problem() {
            return problem;
        }
    }
}
