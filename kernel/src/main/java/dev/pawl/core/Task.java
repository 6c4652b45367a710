package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/**
 * One leased unit of work of a run, the only thing that is ever claimed.
 *
 * @param attempt the fence: counted at every claim, before anything runs, and only ever growing
 * @param returned how many of these attempts were given back unspent (hand-back at shutdown, waiting)
 * @param wakeAt the one clock column: due from this time on, and the end of the lease while running (epoch milliseconds)
 * @param held whether its run is held, so that nobody may claim it
 * @param worker the number of the worker that claimed it last, or null
 */
public record Task(
        TaskKey key,
        TaskStatus status,
        int definition,
        Placement placement,
        int attempt,
        int returned,
        long wakeAt,
        boolean held,
        @Nullable Integer worker) {

    /** This waiting task in its first attempt. */
    public Task leased(int byWorker, long until) {
        return new Task(key, TaskStatus.RUNNING, definition, placement, attempt + 1, returned, until, held, byWorker);
    }

    /** This running task with a longer lease. */
    public Task leased(long until) {
        return new Task(key, status, definition, placement, attempt, returned, until, held, worker);
    }

    /** This waiting task, held or released. */
    public Task hold(boolean now) {
        return new Task(key, status, definition, placement, attempt, returned, wakeAt, now, worker);
    }

    /** Attempts that count against the budget. */
    public int spent() {
        return attempt - returned;
    }
}
