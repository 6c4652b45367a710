package dev.pawl.spi;

import dev.pawl.core.Definition;
import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.HealthFacts;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.core.WorkerInfo;
import java.nio.file.Path;
import java.sql.Connection;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One database. Thread-safe. */
public interface Store extends AutoCloseable {

    /**
     * Runs the work in one transaction and commits it durably. The work may be run more than once (after a deadlock),
     * so it must build what it returns afresh each time.
     *
     * @throws StoreException.Unavailable if nothing was written
     * @throws StoreException.OutcomeUnknown if the reply to the commit was lost
     */
    <T> T write(Function<Tx, T> work);

    /** The same for work that has nothing to return. */
    default void writes(Consumer<Tx> work) {
        boolean done = write(tx -> {
            work.accept(tx);
            return true;
        });
        if (!done) throw new IllegalStateException("The store dropped the work.");
    }

    /** How many transactions are worth having under way at once: committers use as many lanes. */
    int lanes();

    /** The database's clock, in epoch milliseconds. */
    long databaseTime();

    /** A description for people, without secrets: {@code SQLite /tmp/pawl.db}. */
    String describe();

    /** Where the artifacts of this database are kept unless somebody says otherwise. */
    Path defaultArtifacts();

    /**
     * Listens for the doorbell of other processes, until closed. The bell may ring for nothing and may be missed:
     * nothing but speed depends on it.
     */
    AutoCloseable listen(Runnable bell);

    /** Rings the doorbell of other processes, never inside a transaction. */
    void ring();

    Optional<RunDetails> run(RunId id);

    Optional<RunId> runByKey(String program, String key);

    /** Newest first. */
    List<RunDetails> runs(RunFilter filter);

    /** Of these runs, those that have ended, with how. */
    Map<RunId, RunStatus> ended(Collection<RunId> runs);

    /** Of these runs, those that have not ended. */
    Set<RunId> open(Collection<RunId> runs);

    /** The open runs whose slots are in a range, both ends included, in the order of their slots. */
    List<RunDetails> inSlots(String from, String to, int limit);

    /** In the order of name and index; of all names if {@code name} is null. */
    List<TaskDetails> tasks(RunId run, @Nullable String name, int fromIndex, int limit);

    /** Those of a run that are not over, in the order of name and index. */
    List<TaskDetails> openTasks(RunId run, int limit);

    /** How many tasks of each step have which status. */
    Map<String, Map<TaskStatus, Integer>> taskCounts(RunId run);

    /** Events after a sequence number, in order. */
    List<Event> events(RunId run, int afterSeq, int limit);

    /** The journal of a task, each revision: the effects from one ordinal on, at most so many. */
    List<Effect> effects(TaskKey task, int fromOrdinal, int limit);

    /**
     * The effects of a run about which a person has to say something: those of which nobody knows whether they happened,
     * and those that somebody has to approve.
     */
    List<Tx.NewEffect> undecided(RunId run);

    /** The newest effect of a task's journal, if it has any. */
    Optional<Effect> newestEffect(TaskKey task);

    /** Whether an attempt after this one recorded anything in the journal of a task. */
    boolean recordedSince(TaskKey task, int attempt);

    /** Messages of a run's mailbox that nobody has taken, oldest first; of all names if {@code name} is null. */
    List<Message> messages(RunId run, @Nullable String name, int limit);

    /** Messages of a run, oldest first. */
    List<Message> messages(MessageFilter filter);

    /** Those messages of a topic that have one of these ids, whatever their status, oldest first. */
    List<Message> messages(RunId run, String topic, Collection<String> ids);

    /** How many messages of each topic, and of each kind of signal, have which status. */
    Map<String, Map<MessageStatus, Integer>> messageCounts(RunId run);

    /** The inputs of a run in the order of their numbers, with how far what they caused has come. */
    List<InputDetails> inputs(RunId run, int afterNumber, int limit);

    /** What a message comes from. */
    List<InputDetails> inputsOf(RunId run, int message);

    /** The messages that an input caused, directly or through others, oldest first. */
    List<Message> messagesOf(RunId run, int input);

    /** The runs that a run started, oldest first. */
    List<RunDetails> children(RunId parent, int limit);

    /** The runs that retry, restart or fork a run, oldest first. */
    List<RunDetails> successors(RunId run);

    /**
     * Runs user code in a transaction of its own, on a connection without any of our settings, and records an effect with
     * it.
     *
     * @param work what is recorded; perhaps nothing
     * @throws Journal.Superseded if the task is not running this attempt any more; all is rolled back
     */
    <E extends Exception> void transact(Tx.Lease lease, TransactedWork<E> work) throws E;

    /** User code in a transaction. */
    @FunctionalInterface
    interface TransactedWork<E extends Exception> {
        /** Does it and says what is recorded with it. */
        Effect run(Connection connection) throws E;
    }

    /**
     * Does the work in a transaction that somebody else has begun on a connection of theirs, and will commit or roll
     * back.
     *
     * @throws StoreException.Unusable if the connection is not one to this database, or in auto-commit mode
     */
    <T> T within(Connection theirs, Function<Tx, T> work);

    List<Definition> definitions();

    List<WorkerInfo> workers();

    List<QueueLimit> queueLimits();

    /** How many tasks are open in a queue under a key: those running, and those waiting. */
    Occupancy occupancy(String queue, @Nullable String key);

    /**
     * How runs, tasks and workers are doing, by bounded looks at the newest and at what is open.
     *
     * @param now the time on the database's clock, in epoch milliseconds
     * @param window which ended runs count: those created so long ago or less
     */
    HealthFacts health(long now, Duration window);

    /**
     * Open tasks.
     *
     * @param running those that are leased
     * @param waiting those that are due or will be
     */
    record Occupancy(int running, int waiting) {}

    /**
     * Which runs to list.
     *
     * @param label only runs with this label, or null
     * @param before only runs older than this id, for paging; null for the newest
     */
    record RunFilter(
            @Nullable RunStatus status,
            @Nullable String program,
            Map.@Nullable Entry<String, String> label,
            @Nullable RunId before,
            int limit) {

        /** Whatever their labels. */
        public RunFilter(@Nullable RunStatus status, @Nullable String program, @Nullable RunId before, int limit) {
            this(status, program, null, before, limit);
        }
    }

    /**
     * Which messages to list.
     *
     * @param topic only of this topic; null for all
     * @param status only with this status; null for all
     * @param after only those with a greater number, for paging; 0 for the first
     */
    record MessageFilter(
            RunId run, @Nullable String topic, @Nullable MessageStatus status, int after, int limit) {}

    @Override
    void close();
}
