package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.Supervision;
import dev.pawl.core.Task;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Runs user code for one task and says what the attempt came to. Knows no threads. */
public final class TaskRunner {

    private final Store store;
    private final Payloads payloads;
    private final OutputCache cache;
    private final Classifier classifier;
    private final RandomGenerator random;

    public TaskRunner(
            Store store, Payloads payloads, OutputCache cache, Classifier classifier, RandomGenerator random) {
        this.store = store;
        this.payloads = payloads;
        this.cache = cache;
        this.classifier = classifier;
        this.random = random;
    }

    /**
     * What an attempt came to.
     *
     * @param recorded what it has recorded and not yet written
     */
    public record Attempted(Verdict verdict, Recorded recorded) {}

    /** One whole attempt in the calling thread, without a lease to watch or a timeout. */
    public Attempted attempt(Program program, Run run, Task task, Surroundings around) {
        var poisoned = poisoned(program, task);
        if (poisoned != null) return new Attempted(poisoned, Recorded.NONE);
        var journal = new Recorder(around, task, new Leased(run, task, Long.MAX_VALUE / 2));
        Verdict verdict;
        try {
            verdict = judge(
                    program,
                    run,
                    task,
                    body(program, run, task, journal, around).call());
        } catch (Exception | StackOverflowError | Journal.Superseded thrown) {
            verdict = judge(program, task, thrown);
        }
        return new Attempted(verdict, journal.take());
    }

    /** The user code of a task, ready to be called once. */
    Callable<Result> body(Program program, Run run, Task task, Recorder journal, Surroundings around) {
        if (task.key().kernels()) return () -> new Result.Done(Json.NULL, -1);
        var outputs = new RunOutputs(run.id(), store, payloads, cache);
        var claimed = new Claimed(run, task.key(), task.attempt(), outputs);
        var gate = Gate.of(around, task, journal);
        if (gate == null) return () -> program.execute(claimed, journal);
        journal.gated(gate);
        return () -> gate.around(() -> program.execute(claimed, journal));
    }

    /** A verdict without running anything: when the attempts before this one ended with their workers. */
    @Nullable
    Verdict poisoned(Program program, Task task) {
        if (task.key().kernels()) return null;
        int allowed = program.options(task.key().name()).supervision().recoveries();
        if (task.lost() <= allowed || store.recordedSince(task.key(), task.attempt() - 1 - allowed)) return null;
        return stalled("Its worker died %d times, and it was taken up again %d times without getting anywhere."
                .formatted(task.lost(), allowed));
    }

    private static Verdict stalled(String message) {
        var problem = Problem.of(FailureClass.STALLED, "Stalled", message);
        return new Verdict.Ended(new Outcome.Failed(problem, null));
    }

    /** What a body comes to that gave no sign of life for too long. */
    Verdict stalled(Program program, Task task) {
        var how = program.options(task.key().name()).supervision();
        if (how.onStall() == Supervision.OnStall.FAIL)
            return stalled("It gave no sign of life for " + how.staleAfter() + ".");
        if (task.stalls() >= how.recoveries()) {
            return stalled(
                    "It gave no sign of life for %s, and was taken up again %d times before: max recovery attempts exceeded."
                            .formatted(how.staleAfter(), task.stalls()));
        }
        if (!store.recordedSince(task.key(), -1)) { // what it took over from an earlier run counts
            return stalled("It gave no sign of life for %s, and there is no checkpoint available to go on from."
                    .formatted(how.staleAfter()));
        }
        boolean pause = how.onStall() == Supervision.OnStall.PAUSE;
        return new Verdict.Stalled(
                pause,
                Problem.of(FailureClass.STALLED, "Stalled", "It gave no sign of life for " + how.staleAfter() + "."));
    }

    /** What a returned result comes to. */
    Verdict judge(Program program, Run run, Task task, Result result) {
        return switch (result) {
            case Result.Parked(long wakeAt, var state, boolean listens) ->
                new Verdict.Parked(wakeAt, run.family().mail(), state, listens);
            case Result.Failed(Problem problem, var facts) ->
                new Verdict.Ended(new Outcome.Failed(problem, null, facts));
            case Result.Continued(Json input) -> {
                try {
                    yield new Verdict.Ended(new Outcome.Continued(payloads.keep(
                            run.id(), "The input that task " + task.key().label() + " goes on with", input)));
                } catch (RuntimeException unkept) {
                    yield judge(program, task, unkept);
                }
            }
            case Result.Skip(String reason) -> new Verdict.Ended(new Outcome.Skipped(reason));
            case Result.Done(Json output, int size, var facts, var changes) -> {
                try {
                    var payload = payloads.keep(
                            task.key().run(), "The output of task " + task.key().label(), output);
                    yield new Verdict.Ended(new Outcome.Succeeded(payload, size, facts, changes));
                } catch (RuntimeException unkept) {
                    yield judge(program, task, unkept);
                }
            }
        };
    }

    /** What a throwable comes to. */
    Verdict judge(Program program, Task task, Throwable thrown) {
        if (thrown instanceof Journal.Superseded) return new Verdict.HandedBack();
        if (thrown instanceof Failure.Exhausted exhausted) {
            return new Verdict.Ended(new Outcome.Failed(exhausted.problem(), null));
        }
        TaskOptions options = program.options(task.key().name());
        var failureClass = classifier.classOf(thrown);
        var problem = Problem.of(failureClass, thrown);
        var blocked = blocks(failureClass);
        if (blocked != null) {
            boolean journaled = thrown instanceof Failure.Indeterminate unknown && unknown.isJournaled();
            return new Verdict.Blocked(blocked, problem, journaled);
        }
        if (failureClass.retried() && task.spent() < options.retry().maxAttempts()) {
            return new Verdict.Again(wait(options, task, thrown), problem);
        }
        return new Verdict.Ended(new Outcome.Failed(problem, produced(task, thrown)));
    }

    /** Why a failure of this class holds the run until a person did something about it; null if it does not. */
    private static @Nullable Reason blocks(FailureClass failureClass) {
        return switch (failureClass) {
            case AUTH -> Reason.AUTH;
            case PERMISSION -> Reason.PERMISSION;
            case INDETERMINATE -> Reason.INDETERMINATE;
            case DIVERGED -> Reason.DIVERGED;
            case APPROVAL -> Reason.APPROVAL;
            case TRANSIENT, RATE_LIMITED, TIMEOUT, LOGIC, UNCLASSIFIED, INTERNAL, STALLED, POLICY -> null;
        };
    }

    private Duration wait(TaskOptions options, Task task, Throwable thrown) {
        var delay = options.retry().delay(task.spent(), random);
        if (thrown instanceof Failure.RateLimited limited
                && limited.retryAfter().compareTo(delay) > 0) return limited.retryAfter();
        return delay;
    }

    private @Nullable Payload produced(Task task, Throwable thrown) {
        if (!(thrown instanceof Failure.TypeViolation violation)) return null;
        try {
            return payloads.keep(
                    task.key().run(), "What task " + task.key().label() + " produced", violation.produced());
        } catch (RuntimeException unkept) {
            return Payload.inline(Json.NULL); // a violation all the same
        }
    }
}
