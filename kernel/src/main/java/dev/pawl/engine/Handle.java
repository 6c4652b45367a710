package dev.pawl.engine;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.exec.Writer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;

/**
 * A submitted run.
 *
 * @param <O> the type of its output
 */
public final class Handle<O> {

    private final Pawl pawl;
    private final RunId id;
    private final CompletableFuture<Writer.Ended> ended;
    private final Function<Json, O> decode;

    Handle(Pawl pawl, RunId id, CompletableFuture<Writer.Ended> ended, Function<Json, O> decode) {
        this.pawl = pawl;
        this.id = id;
        this.ended = ended;
        this.decode = decode;
    }

    /** The run's id. */
    public RunId id() {
        return id;
    }

    /**
     * Waits for the end of the run and returns its output. Interrupting or giving up the wait leaves the run alone.
     *
     * @throws RunFailed if it failed or was cancelled
     * @throws dev.pawl.exec.Refused if it was pruned, and its output with it
     * @throws TimeoutException if it has not ended in time
     */
    public O await(Duration timeout) throws InterruptedException, TimeoutException {
        return decode.apply(pawl.await(id, ended, timeout));
    }
}
