package dev.pawl.spi;

import dev.pawl.core.Definition;
import dev.pawl.core.Effect;
import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import java.util.BitSet;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be done inside one transaction. Runs are locked before their tasks, and in the order of their ids, so that
 * two transactions never wait for each other in a circle.
 */
public interface Tx {

    /** Locks these runs and returns those that exist. */
    Map<RunId, Run> lock(Collection<RunId> ids);

    /** Inserts new runs and returns the ids of those that were inserted: not those whose id or key is taken. */
    Set<RunId> insertRuns(List<NewRun> runs);

    /** The same where nobody waits for the answer: at the latest with the commit. */
    void create(List<NewRun> runs);

    /** The run of a program that has this key. */
    Optional<RunId> runByKey(String program, String key);

    /** The open run that has this slot. */
    Optional<RunId> runBySlot(String slot);

    /** Inserts new tasks; those that exist already are left as they are. */
    void insertTasks(List<Task> tasks, long at);

    /**
     * Tells which queues had limits when tasks were inserted in this transaction, at the latest when it is committed: a
     * task inserted as running into one of them was stored as waiting.
     */
    void limitedQueues(Consumer<String> each);

    /** Inserts tasks that have succeeded already. */
    void provide(List<Provided> tasks, long at);

    /** Copies the succeeded tasks of a step of one run into another, and says which indexes they have. */
    BitSet copyTasks(RunId from, RunId to, String name, int definition);

    /** Ends leases: each only if the task is still running this attempt. Answers, for each, whether it was. */
    boolean[] end(List<TaskEnd> ends);

    /** Writes what has changed of locked runs. */
    void update(List<RunUpdate> runs);

    /** Writes events, each run's in order. */
    void append(List<NewEvents> events);

    /** Cancels the open tasks of a locked run, or of one of its steps. */
    List<TaskKey> cancelOpen(RunId run, @Nullable String name, long at);

    /**
     * Holds or releases the waiting tasks of a locked run.
     *
     * @param except those of this step stay as they are; null for none
     */
    void hold(RunId run, boolean held, @Nullable String except);

    /** Claims due tasks for a worker: attempts are counted, leases start, their runs are locked. */
    List<Claim> claim(ClaimRequest request);

    /** Extends leases; answers, for each, whether the task is still running this attempt, and whether it should. */
    List<Kept> extend(List<Extension> leases, long until);

    /**
     * Records effects of attempts that go on: each only if its task is still running this attempt.
     *
     * @param told is told how many were recorded, at the latest when this is committed
     */
    void record(List<NewEffect> effects, IntConsumer told);

    /** Records effects of attempts that this transaction knows to count. */
    void append(List<NewEffect> effects, IntConsumer told);

    /** Whether these effects were recorded by the attempts that they name. */
    boolean[] recorded(List<NewEffect> effects);

    /**
     * Keeps the newest content of places, each only if its task was last claimed for this attempt and has not ended.
     *
     * @param told is told how many were kept
     */
    void keep(List<NewEffect> places, IntConsumer told);

    /** Executes what was put off until the commit. */
    void flush();

    /** Whether these tasks are still running these attempts; locks nothing, so their runs must be locked. */
    boolean[] holds(List<Lease> leases);

    /** The journal of a task, each revision: the effects from one ordinal on, at most so many. */
    List<Effect> effects(TaskKey task, int fromOrdinal, int limit);

    /**
     * Copies the journal of a task, but not its places, into that of another up to an ordinal.
     *
     * @param own whether its effects stay those of the attempts that recorded them; else nobody's attempt recorded them
     */
    void copyEffects(TaskKey from, TaskKey to, int below, boolean own);

    /** Deletes the journal of a task and the task itself, which has ended. */
    void forget(TaskKey task);

    /** Puts a message into the mailbox of a locked run; answers whether it is new. */
    boolean send(Message message);

    /** Takes messages out of the mailbox of their runs. */
    void consume(List<Message> messages);

    /**
     * Puts messages into topics of locked runs. One whose id is known in its topic replaces the payload of the one that is
     * there, which keeps its number and its status; if that has been consumed or skipped, nothing changes.
     *
     * @param messages no two of the same run, topic and id
     * @return for each, the number of the message that is there now, or 0 if nothing changed
     */
    int[] publish(List<Message> messages);

    /**
     * Reserves messages of locked runs: for each reservation all of its messages, or none if one of them is not pending.
     *
     * @param reservations no two of the same message
     * @return for each, whether its messages are reserved now
     */
    boolean[] reserve(List<Reservation> reservations);

    /**
     * What becomes of messages of locked runs: each only if the tasks of its name have reserved it.
     *
     * @param messages no two the same
     */
    void dispose(List<Disposal> messages);

    /** How many messages the tasks of this name have reserved. */
    int reserved(RunId run, String by);

    /**
     * Since when messages have been pending that tasks of locked runs listen for.
     *
     * @return for each, the time of the oldest one, in epoch milliseconds; {@link Long#MAX_VALUE} if there is none
     */
    long[] pendingSince(List<Listening> tasks);

    /** Registers inputs of a locked run; answers with their numbers, in this order. One that is known gets the new title. */
    int[] register(RunId run, List<Input> inputs, long at);

    /** Says what messages of locked runs come from. */
    void caused(List<Cause> causes);

    /** Says that messages of locked runs come from all that what the tasks of a name have reserved comes from. */
    void inherited(List<Inheritance> messages);

    /**
     * Makes the parked tasks of a locked run due.
     *
     * @param name those that listen to it, and those that listen to whatever happens; null for these alone
     */
    void wake(RunId run, @Nullable String name, long at);

    /** Makes the parked tasks of locked runs due that listen to these topics. */
    void wakeListeners(List<Heard> topics, long at);

    /** Makes the waiting tasks of one name due, parked or not. */
    void wakeStep(RunId run, String name, long at);

    /** Whether nobody knows of some effect of an open task of a locked run whether it happened. */
    boolean indeterminate(RunId run);

    /** A locked run and its open tasks belong to another definition from now on. */
    void migrate(RunId run, int definition);

    /** Why a locked run is going to fail, if that is known. */
    @Nullable
    Json problem(RunId run);

    /** Reads runs without locking them. */
    Map<RunId, Run> peek(Collection<RunId> ids);

    /** The open children of runs that are to end with them. */
    List<Run> openChildren(Collection<RunId> parents);

    /** Counts the lost and stalled attempts of a run's open tasks from zero again. */
    void forgive(RunId run);

    /** The running tasks of a worker, for finding out what a claim did whose reply was lost. */
    List<Claim> claimedBy(int worker);

    /** The events of a run that begin at this number, as they were written; null if there are none. */
    @Nullable
    String eventsAt(RunId run, int seq);

    /** Finds or creates the stored definition; the shape of an existing one is not changed. */
    Definition define(String program, String version, Json shape, long at);

    /** Declares the limits of a queue; the tasks in it are counted against them from then on. */
    void limit(QueueLimit limit);

    /** Registers a worker and returns its number. */
    int insertWorker(String host, List<String> queues, List<Integer> definitions, int slots, long at);

    /** A sign of life, or the last one. */
    void seen(int worker, long at, boolean stopped);

    /** Forgets the workers that were last seen before a time and hold no lease; says how many. */
    int forgetWorkers(long seenBefore);

    /**
     * Deletes finished runs that ended before a time, at most {@code limit}, with everything that belongs to them. A
     * run with a key keeps its bare row, so that the key gives the same run for ever.
     *
     * @return the runs whose payloads are gone
     */
    List<RunId> prune(long endedBefore, int limit);

    /**
     * Takes from open runs that go on for ever what was over before a time: ended tasks but the newest that succeeded, events
     * but the first and the newest, and payloads of messages.
     *
     * @param rows about how many rows at most
     * @return how many it was
     */
    int trim(long overBefore, int rows);

    /** Messages that the tasks of a name want. */
    record Reservation(RunId run, String by, List<Integer> messages) {}

    /**
     * What becomes of a reserved message: consumed, skipped, or pending again in another delivery.
     *
     * @param mail how many messages the run was ever sent; what is released counts as sent once more
     */
    record Disposal(RunId run, int message, String by, MessageStatus to, int mail) {
        public Disposal {
            if (!MessageStatus.RESERVED.allows(to)) {
                throw new IllegalArgumentException(
                        "A reserved message cannot become " + to + ": it is consumed, skipped or released.");
            }
        }
    }

    /**
     * What a task waits for.
     *
     * @param after only messages count that were sent, or sent again, after so many
     */
    record Listening(RunId run, List<String> topics, int after) {}

    /** A message comes from an input. */
    record Cause(RunId run, int input, int message) {}

    /** A message comes from what the tasks of a name have reserved. */
    record Inheritance(RunId run, String by, int message) {}

    /** Something was published to a topic. */
    record Heard(RunId run, String topic) {}

    /**
     * A lease to be extended.
     *
     * @param aliveAt the newest sign of life of its body, or null if it gives none
     */
    record Extension(Lease lease, @Nullable Long aliveAt) {}

    /** What became of a lease that was to be extended. */
    enum Kept {
        /** It was not: the task runs elsewhere, or not any more. */
        LOST,
        /** It was. */
        KEPT,
        /** It was, but the run is held: user code should stop at the next safe point. */
        HELD
    }

    /** A task that comes into being with its output. */
    record Provided(TaskKey key, int definition, Placement placement, Payload output) {}

    /** An effect on its way into a journal. */
    record NewEffect(TaskKey task, Effect effect) {}

    /**
     * A new run.
     *
     * @param key what makes it the only one of its program, or null
     * @param slot what makes it the only open one, or null
     * @param link how it comes from {@code retryOf}, or null
     * @param detached whether it stays when its parent is cancelled or fails
     */
    record NewRun(
            Run run,
            String program,
            @Nullable String key,
            Payload input,
            Plan.@Nullable Output output,
            @Nullable Json problem,
            long createdAt,
            @Nullable Long endedAt,
            @Nullable RunId retryOf,
            @Nullable Link link,
            @Nullable String slot,
            boolean detached,
            @Nullable Json labels) {}

    /**
     * What changes of a run. Output, problem, detail and end: null leaves what is there; they are shown only in the
     * statuses they belong to, so nothing needs to be cleared.
     *
     * @param detail who holds it and why
     */
    record RunUpdate(
            Run run,
            Plan.@Nullable Output output,
            @Nullable Json problem,
            @Nullable String detail,
            @Nullable Long endedAt) {}

    /** Events of one transaction of one run, numbered on from {@code firstSeq}. */
    record NewEvents(RunId run, int firstSeq, long at, String body) {}

    /** A right to a task: the task, and the attempt it was claimed with. */
    record Lease(TaskKey key, int attempt) {}

    /**
     * The end of a lease.
     *
     * @param to READY for another try, or a terminal status
     * @param held whether it must wait until its run is released
     * @param how whether the attempt counts, and against what
     * @param parked whether a message may wake it before its time
     */
    record TaskEnd(
            Lease lease,
            TaskStatus to,
            long wakeAt,
            boolean held,
            How how,
            boolean parked,
            @Nullable Payload output,
            @Nullable Json problem,
            long at) {

        /** For another attempt from that time on; this one is not spent. */
        public TaskEnd again(long dueAt, boolean heldUntilReleased) {
            return again(dueAt, heldUntilReleased, How.RETURNED, false);
        }

        /** For another attempt from that time on. */
        public TaskEnd again(long dueAt, boolean heldUntilReleased, How spent, boolean waits) {
            return new TaskEnd(lease, TaskStatus.READY, dueAt, heldUntilReleased, spent, waits, output, problem, at);
        }
    }

    /** What an ended attempt counts against. */
    enum How {
        /** The budget of attempts. */
        SPENT,
        /** Nothing. */
        RETURNED,
        /** The budget of recoveries. */
        STALLED
    }

    /**
     * What a worker wants.
     *
     * @param definitions only tasks of these
     * @param queues only tasks in these
     */
    record ClaimRequest(int worker, List<Integer> definitions, List<String> queues, int limit, long now, long until) {}

    /**
     * A claimed task.
     *
     * @param lostBy the worker that let its lease run out, or null if the task was waiting
     */
    record Claim(Task task, Run run, @Nullable Integer lostBy) {}
}
