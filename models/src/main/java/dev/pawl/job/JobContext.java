package dev.pawl.job;

import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What the code of a job asks of the outside. Each request is recorded; when the code runs again, after a crash or a wait,
 * it gets the recorded answers. So the code between requests must do the same each time: no clock, no randomness and no
 * changes outside but through here.
 *
 * <p>Nothing begins before everything that was recorded earlier is on disk. Not thread-safe: for several things at once
 * there are {@link #all}, {@link #any} and {@link #race}.
 *
 * <p>The idea of running code again over its journal is that of Temporal, Restate and DBOS.
 */
public sealed interface JobContext permits LiveJob {

    /** The run. */
    RunId run();

    /** Which attempt this is, from 1 on; also counts each time the job was taken up after a wait. */
    int attempt();

    // ---- steps ----------------------------------------------------------------------------------------------------

    /**
     * A durable step: once it has given something back, it is never run again. It may be run again after a crash, and is
     * tried again when it throws, as its failure says.
     *
     * @param name what it is called in the journal
     * @throws E what the step throws when it has failed for good; the same in every replay
     */
    <T, E extends Exception> T call(String name, Class<T> type, Action<T, E> step) throws E;

    /** The same for a generic type. */
    <T, E extends Exception> T call(String name, TypeRef<T> type, Action<T, E> step) throws E;

    /** The same, tried again in another way than the job says. */
    <T, E extends Exception> T call(String name, TypeRef<T> type, Retry retry, Action<T, E> step) throws E;

    /** A durable step that gives nothing back. */
    <E extends Exception> void call(String name, Action.Silent<E> step) throws E;

    /**
     * A change outside that must not happen twice. Its intent is on disk before it begins. When nobody knows whether it
     * happened (a crash in the middle, a time-out, an unknown exception), the run is blocked until a person says, with
     * {@code pawl resolve}.
     *
     * <p>A {@link dev.pawl.core.Failure.Logic}, {@code Auth}, {@code Permission} or {@code RateLimited} that the change
     * throws says that it did not happen. What did not happen is tried again as the job says.
     *
     * @return null only if a person said to go on without it
     */
    <T, E extends Exception> T once(String name, Class<T> type, Action.Keyed<T, E> change) throws E;

    /**
     * The same with a way to find out. Asked first when nobody knows.
     *
     * @param reconcile asks the other side by the key: what came back if it happened, empty if it did not; throws if the
     *     other side cannot say
     */
    <T, E extends Exception> T once(
            String name,
            Class<T> type,
            Action.Keyed<T, E> change,
            Action.Keyed<Optional<T>, ? extends Exception> reconcile)
            throws E;

    /**
     * SQL on the same database, in one transaction with its record: exactly once, whatever crashes.
     *
     * <p>On SQLite nothing else is written meanwhile, so be quick.
     */
    <T, E extends Exception> T transact(String name, Class<T> type, Action.Transacted<T, E> work) throws E;

    // ---- waiting --------------------------------------------------------------------------------------------------

    /** Waits, without a thread, also for weeks and over restarts. */
    void sleep(Duration time);

    /** Waits until a time on the database's clock. */
    void sleepUntil(Instant time);

    /** Waits for a signal; one that came before counts. Signals of one name come in the order in which they were sent. */
    <T> T await(String signal, Class<T> type);

    /** Waits for a signal, at most so long; empty if it did not come (or carries null). */
    <T> Optional<T> await(String signal, Class<T> type, Duration timeout);

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

    // ---- what would differ from time to time ----------------------------------------------------------------------

    /** The time on the database's clock; the same in every replay. */
    Instant now();

    /** A source of randomness; the same in every replay. */
    RandomGenerator random();

    /** A new UUID; the same in every replay. */
    UUID uuid();

    /**
     * Which side of a change of this code the run is on: the newest for a run that comes here for the first time, the
     * oldest for one that had passed here before the change was made.
     *
     * @param change what the change is called
     * @param oldest the oldest that this code can still go on with
     * @param newest what new runs get
     */
    int version(String change, int oldest, int newest);

    // ---- long work ------------------------------------------------------------------------------------------------

    /** Where an earlier attempt stopped, if it said so. */
    <T> Optional<T> checkpoint(Class<T> type);

    /** Says where to go on from. Durable on return; a sign of life; a place where pause and cancel take effect. */
    void checkpoint(Object state);

    /** Says how far it is, from nothing to all. A sign of life; a place where pause and cancel take effect. */
    void progress(long done, long total, String what);

    /** A sign of life; a place where pause and cancel take effect. Costs nothing. */
    void alive();

    /** Notes a line, once: not again in a replay. */
    void log(String line);

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
