package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import org.jspecify.annotations.Nullable;

/**
 * One attempt at one activation of a handler. What earlier attempts have recorded is not done again.
 *
 * <p>Failures that need somebody (credentials, an unknown outcome, an approval) leave the activation open, and it goes on when
 * somebody has resumed the run. All others end it, and the {@link Rules} plan its retry.
 */
abstract class Activation {

    final Pipeline pipeline;
    final Claimed task;
    final Journal journal;

    Activation(Pipeline pipeline, Claimed task, Journal journal) {
        this.pipeline = pipeline;
        this.task = task;
        this.journal = journal;
    }

    static Activation of(Pipeline pipeline, Claimed task, Journal journal) {
        var handler = pipeline.blueprint().handler(task.key().name());
        return switch (handler) {
            case null ->
                throw new Failure.Internal("%s has no handler for task %s.".formatted(pipeline, task.key()), null);
            case Handler.Producer<?> producer -> new Production<>(producer, pipeline, task, journal);
            case Handler.Consumer<?, ?, ?> consumer -> new Consumption<>(consumer, pipeline, task, journal);
        };
    }

    /** Works as far as it gets. */
    final Result run() throws Exception {
        try {
            return work();
        } catch (Exception failure) {
            return failed(failure);
        }
    }

    abstract Result work() throws Exception;

    private Result failed(Exception failure) throws Exception {
        var failureClass = journal.classOf(failure);
        if (needsSomebody(failureClass)) throw failure;
        long after = failure instanceof Failure.RateLimited limited
                ? limited.retryAfter().toMillis()
                : 0;
        return new Result.Failed(
                Problem.of(failureClass, failure), Retried.fromJournal(after).facts());
    }

    private static boolean needsSomebody(FailureClass failureClass) {
        return switch (failureClass) {
            case AUTH, PERMISSION, INDETERMINATE, APPROVAL, DIVERGED -> true;
            case TRANSIENT, RATE_LIMITED, TIMEOUT, LOGIC, UNCLASSIFIED, INTERNAL, POLICY, STALLED -> false;
        };
    }

    /** What the last committed activation of this handler gave back; null if there is none. */
    final @Nullable Json memory() {
        var line = PipelineState.read(task.run().state()).line(task.key().name());
        return line == null || line.memory() < 0
                ? null
                : task.outputs().of(task.key().name(), line.memory());
    }

    /** The next activation: it waits for a message that came after so many, or for its time. */
    final Plan.Await next(Handler handler, long until, int after) {
        var priority = handler instanceof Handler.Producer ? Rules.PRODUCERS : null;
        return new Plan.Await(handler.name(), task.key().index() + 1, handler.listens(), until, after, priority);
    }
}
