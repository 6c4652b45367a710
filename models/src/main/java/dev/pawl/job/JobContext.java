package dev.pawl.job;

import dev.pawl.io.Action;
import dev.pawl.io.Io;
import dev.pawl.spi.TypedProgram;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the code of a job asks of the outside: all of {@link Io}, other runs, and what long work needs. When the code runs
 * again, after a crash or a wait, it gets the recorded answers. So the code between requests must do the same each time: no
 * clock, no randomness and no changes outside but through here.
 *
 * <p>Not thread-safe: for several things at once there are {@link #all}, {@link #any} and {@link #race}.
 *
 * <p>The idea of running code again over its journal is that of Temporal, Restate and DBOS.
 */
public sealed interface JobContext extends Io permits LiveJob {

    // ---- other runs -----------------------------------------------------------------------------------------------

    /** Starts a run of any model, exactly once. It is cancelled if this one is cancelled or fails. */
    <I, O> Child<O> start(TypedProgram<I, O> program, I input);

    /** Starts a run that goes its own way from then on. */
    <I, O> Child<O> startDetached(TypedProgram<I, O> program, I input);

    /**
     * Waits for the end of a run that was started.
     *
     * @throws ChildFailed if it ended without an output
     */
    <O> O await(Child<O> child);

    /** Starts a run and waits for its end. */
    default <I, O> O run(TypedProgram<I, O> program, I input) {
        return await(start(program, input));
    }

    // ---- several things at once -----------------------------------------------------------------------------------

    /**
     * Does all of them at the same time and waits for all.
     *
     * @return what they gave back, in the order of the branches
     * @throws Exception what the first branch in order threw that failed for good, when all have ended
     */
    <T> List<T> all(List<? extends Branch<? extends T>> branches) throws Exception;

    /**
     * Does all of them at the same time; the first to succeed wins, and the others are stopped.
     *
     * @throws Exception what the last one threw, if all failed for good
     */
    <T> T any(List<? extends Branch<? extends T>> branches) throws Exception;

    /**
     * Does all of them at the same time; the first to end wins, in whatever way, and the others are stopped.
     *
     * @throws Exception what the winner threw
     */
    <T> T race(List<? extends Branch<? extends T>> branches) throws Exception;

    // ---- long work ------------------------------------------------------------------------------------------------

    /** Where an earlier attempt stopped, if it said so. */
    <T> Optional<T> checkpoint(Class<T> type);

    /** Says where to go on from. Durable on return; a sign of life; a place where pause and cancel take effect. */
    void checkpoint(Object state);

    /** Says how far it is, from nothing to all. A sign of life; a place where pause and cancel take effect. */
    void progress(long done, long total, String what);

    /** A sign of life; a place where pause and cancel take effect. Costs nothing. */
    void alive();

    // ---- ends -----------------------------------------------------------------------------------------------------

    /**
     * Says how to undo what was just done. When the job fails or is cancelled, these steps are done, the last one first,
     * each as durable as any other; one that fails for good does not keep the others from being done.
     */
    <E extends Exception> void compensate(String name, Action.Silent<E> undo);

    /**
     * Ends this round and begins the job anew with another input, as the same run and with an empty journal: for what goes
     * on for ever. Never returns; written as {@code throw job.continueWith(next)}.
     */
    RuntimeException continueWith(@Nullable Object input);
}
