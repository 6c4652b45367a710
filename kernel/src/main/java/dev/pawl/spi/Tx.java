package dev.pawl.spi;

import dev.pawl.core.Definition;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
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

    /** The run of a program that has this key. */
    Optional<RunId> runByKey(String program, String key);

    /** Inserts new tasks; those that exist already are left as they are. */
    void insertTasks(List<Task> tasks, long at);

    /**
     * Tells which queues had limits when tasks were inserted in this transaction, at the latest when it is committed: a
     * task inserted as running into one of them was stored as waiting.
     */
    void limitedQueues(Consumer<String> each);

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

    /** Holds or releases the waiting tasks of a locked run. */
    void hold(RunId run, boolean held);

    /** Claims due tasks for a worker: attempts are counted, leases start, their runs are locked. */
    List<Claim> claim(ClaimRequest request);

    /** Extends leases; answers, for each, whether the task is still running this attempt. */
    boolean[] extend(List<Lease> leases, long until);

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
     * A new run.
     *
     * @param key what makes it the only one of its program, or null
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
            @Nullable RunId retryOf) {}

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
     * @param returned 1 if the attempt was not spent, else 0
     */
    record TaskEnd(
            Lease lease,
            TaskStatus to,
            long wakeAt,
            boolean held,
            int returned,
            @Nullable Payload output,
            @Nullable Json problem,
            long at) {}

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
