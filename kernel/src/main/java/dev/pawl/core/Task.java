package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One leased unit of work of a run, the only thing that is ever claimed.
 *
 * @param attempt the fence: counted at every claim, before anything runs, and only ever growing
 * @param returned how many of these attempts were given back unspent (hand-back at shutdown, waiting)
 * @param lost how many of these attempts ended with the lease of a dead worker; they have a budget of their own
 * @param stalls how many of these attempts gave no sign of life for too long
 * @param wakeAt the one clock column: due from this time on, and the end of the lease while running (epoch milliseconds)
 * @param held whether its run is held, so that nobody may claim it
 * @param worker the number of the worker that claimed it last, or null
 * @param listens the topics of which a message wakes it before its time, each between two line breaks; null if it waits
 *     for nothing, or for whatever is sent to its run. Only told to the store, which does not tell it again
 */
public record Task(
        TaskKey key,
        TaskStatus status,
        int definition,
        Placement placement,
        int attempt,
        int returned,
        int lost,
        int stalls,
        long wakeAt,
        boolean held,
        @Nullable Integer worker,
        @Nullable String listens) {

    /** A task that listens to no topic. */
    public Task(
            TaskKey key,
            TaskStatus status,
            int definition,
            Placement placement,
            int attempt,
            int returned,
            int lost,
            int stalls,
            long wakeAt,
            boolean held,
            @Nullable Integer worker) {
        this(key, status, definition, placement, attempt, returned, lost, stalls, wakeAt, held, worker, null);
    }

    /** A task that was never lost and never stalled. */
    public Task(
            TaskKey key,
            TaskStatus status,
            int definition,
            Placement placement,
            int attempt,
            int returned,
            long wakeAt,
            boolean held,
            @Nullable Integer worker) {
        this(key, status, definition, placement, attempt, returned, 0, 0, wakeAt, held, worker);
    }

    /** This waiting task in its first attempt. */
    public Task leased(int byWorker, long until) {
        return new Task(
                key,
                TaskStatus.RUNNING,
                definition,
                placement,
                attempt + 1,
                returned,
                lost,
                stalls,
                until,
                held,
                byWorker,
                listens);
    }

    /** This running task with a longer lease. */
    public Task leased(long until) {
        return new Task(
                key, status, definition, placement, attempt, returned, lost, stalls, until, held, worker, listens);
    }

    /** This waiting task, due at another time. */
    public Task due(long from) {
        return new Task(
                key, status, definition, placement, attempt, returned, lost, stalls, from, held, worker, listens);
    }

    /** This waiting task for another definition. */
    public Task of(int other) {
        return new Task(key, status, other, placement, attempt, returned, lost, stalls, wakeAt, held, worker, listens);
    }

    /** This waiting task, held or released. */
    public Task hold(boolean now) {
        return new Task(
                key, status, definition, placement, attempt, returned, lost, stalls, wakeAt, now, worker, listens);
    }

    /** Attempts that count against the budget of attempts: those that user code itself ended or is in. */
    public int spent() {
        return attempt - returned - lost - stalls;
    }
}
