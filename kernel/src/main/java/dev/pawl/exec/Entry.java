package dev.pawl.exec;

import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.spi.Program;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Something to be written; the future completes when it is durable. */
public sealed interface Entry {

    RunId run();

    CompletableFuture<?> done();

    /**
     * A new run. Completes with its id, or with that of the run that had the key first.
     *
     * @param start what the program wants written at the start
     */
    record Submission(
            RunId run,
            int definition,
            Program program,
            Placement placement,
            @Nullable String key,
            Payload input,
            Plan start,
            @Nullable Long deadlineAt,
            @Nullable RunId retryOf,
            String actor,
            CompletableFuture<RunId> done)
            implements Entry {}

    /**
     * The end of an attempt. Completes with whether the lease still held.
     *
     * @param freesHand whether the worker's slot is free afterwards: not while user code ignores its interruption
     */
    record Ending(Program program, Task task, Verdict verdict, boolean freesHand, CompletableFuture<Boolean> done)
            implements Entry {
        @Override
        public RunId run() {
            return task.key().run();
        }
    }

    /** What a person asks of a run. Completes with the status before, or with {@link Refused}. */
    record Command(RunId run, Verb verb, String actor, String comment, CompletableFuture<RunStatus> done)
            implements Entry {}

    /** A run's deadline has passed while its own tasks hold every slot. Completes with whether it still mattered. */
    record Expiry(RunId run, CompletableFuture<Boolean> done) implements Entry {}

    /** What a person may ask. */
    enum Verb {
        PAUSE,
        RESUME,
        CANCEL
    }
}
