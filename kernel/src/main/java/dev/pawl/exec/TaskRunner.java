package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.Task;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
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

    /** One whole attempt in the calling thread, without a lease to watch or a timeout. */
    public Verdict attempt(Program program, Run run, Task task) {
        var poisoned = poisoned(program, task);
        if (poisoned != null) return poisoned;
        try {
            return judge(program, task, body(program, run, task).call());
        } catch (Exception | StackOverflowError thrown) {
            return judge(program, task, thrown);
        }
    }

    /** The user code of a task, ready to be called once. */
    Callable<Result> body(Program program, Run run, Task task) {
        if (task.key().kernels()) return () -> new Result.Done(Json.NULL, -1);
        var outputs = new RunOutputs(run.id(), store, payloads, cache);
        var claimed = new Claimed(run, task.key(), task.attempt(), outputs);
        return () -> program.execute(claimed);
    }

    /** A verdict without running anything: when the attempts before this one ended with their workers. */
    @Nullable
    Verdict poisoned(Program program, Task task) {
        if (task.key().kernels()) return null;
        int allowed = program.options(task.key().name()).retry().maxAttempts();
        if (task.spent() <= allowed) return null;
        var problem = Problem.of(
                FailureClass.STALLED,
                "Stalled",
                "Its worker died during attempt %d of %d.".formatted(task.spent() - 1, allowed));
        return new Verdict.Ended(new Outcome.Failed(problem, null));
    }

    /** What a returned result comes to. */
    Verdict judge(Program program, Task task, Result result) {
        return switch (result) {
            case Result.Skip(String reason) -> new Verdict.Ended(new Outcome.Skipped(reason));
            case Result.Done(Json output, int size) -> {
                try {
                    var payload = payloads.keep(
                            task.key().run(), "The output of task " + task.key().label(), output);
                    if (!task.key().kernels()) {
                        cache.put(
                                task.key().run(), task.key().name(), task.key().index(), output);
                    }
                    yield new Verdict.Ended(new Outcome.Succeeded(payload, size));
                } catch (RuntimeException unkept) {
                    yield judge(program, task, unkept);
                }
            }
        };
    }

    /** What a throwable comes to. */
    Verdict judge(Program program, Task task, Throwable thrown) {
        TaskOptions options = program.options(task.key().name());
        var failureClass = classifier.classOf(thrown);
        var problem = Problem.of(failureClass, thrown);
        if (failureClass == FailureClass.AUTH) return new Verdict.Blocked(Reason.AUTH, problem);
        if (failureClass == FailureClass.PERMISSION) return new Verdict.Blocked(Reason.PERMISSION, problem);
        if (failureClass.retried() && task.spent() < options.retry().maxAttempts()) {
            return new Verdict.Again(wait(options, task, thrown), problem);
        }
        return new Verdict.Ended(new Outcome.Failed(problem, produced(task, thrown)));
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
