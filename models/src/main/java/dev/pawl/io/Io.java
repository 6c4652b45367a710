package dev.pawl.io;

import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import java.util.random.RandomGenerator;

/**
 * What code asks of the outside, in every model. Each request is recorded at the next position of its task's journal; when
 * the code runs again, after a crash, a wait or for a replay, it gets the recorded answers, and meets a
 * {@link dev.pawl.core.Failure.Diverged} if it asks for something else. So the code between requests must do the same each
 * time.
 *
 * <p>Nothing begins before everything that was recorded earlier is on disk. Not thread-safe.
 */
public interface Io {

    /** The run. */
    RunId run();

    /** The task in its run: {@code draft[3]}. */
    String task();

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
     * A durable step that says what it asks for, so that people see it, policies may look at it, and a replay notices when
     * the code asks for something else.
     *
     * @param request anything that can be written as JSON; nothing secret
     */
    <Q, T, E extends Exception> T call(String name, Q request, Class<T> type, Action.Of<Q, T, E> step) throws E;

    /** A call of a kind that knows how to say what it asks for: HTTP, SQL, a tool. It may be repeated after a crash. */
    <Q, R> R call(String name, Connector<Q, R> to, Q request) throws Exception;

    /** A change of such a kind, that must not happen twice; the other side gets its key. */
    <Q, R> R once(String name, Connector<Q, R> to, Q request) throws Exception;

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

    /** The same for a change that gives nothing back and knows no keys. */
    <E extends Exception> void once(String name, Action.Silent<E> change) throws E;

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

    /**
     * Waits until a person has approved or refused. The run is BLOCKED meanwhile; {@code pawl approve} and {@code pawl
     * reject} let it go on.
     *
     * @param name what is to be approved
     * @param question what whoever decides has to know; anything that can be written as JSON
     */
    Approval approval(String name, Object question);

    // ---- artifacts ------------------------------------------------------------------------------------------------

    /** Keeps something large beside the run; deleted with it. Equal content is kept once. */
    Artifact write(String name, String mediaType, byte[] content);

    /** What was kept. */
    byte[] read(Artifact artifact);

    // ---- what would differ from time to time ----------------------------------------------------------------------

    /** The time on the database's clock, at least a millisecond later than the last; the same in every replay. */
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

    /** Notes a line, once: not again in a replay. */
    void log(String line);
}
