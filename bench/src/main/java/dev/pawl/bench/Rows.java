package dev.pawl.bench;

import dev.pawl.core.Json;
import java.util.List;

/**
 * The rows that the engine writes for a run, in the same tables, by the same statements, with the same values. What the
 * engine only reads or locks is left out.
 */
abstract class Rows {

    private static final long LEASE_MILLIS = 4_000;
    static final int WORKER = 1;
    private static final int DEFINITION = 1;
    private static final int FORMAT = 2;

    /** Whether a change ends a task. */
    abstract boolean endsTask(Change change);

    /** Whether a change is followed by a task that was not there before. */
    abstract boolean createsTask(Change change);

    /** Whether a change adds to a journal. */
    abstract boolean recorded(Change change);

    abstract String program();

    /** The task that a change ends. */
    abstract String ended(Change change);

    /** The task that a change creates. */
    abstract String created(Change change);

    /** The state of the model after a change, as JSON. */
    abstract String state(Change change);

    /** The number of the first event that a change adds. */
    abstract int seq(Change change);

    /** The events that a change adds, a line each. */
    abstract String events(Change change);

    Columns<Change> taskEnds(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("run_id", Change::run)
                .texts("name", this::ended)
                .ints("idx", change -> 0)
                .ints("attempt", change -> 1)
                .texts("status", change -> "SUCCEEDED")
                .longs("wake_at", change -> now)
                .smalls("held", change -> 0)
                .ints("returned", change -> 0)
                .ints("stalled", change -> 0)
                .smalls("parked", change -> 0)
                .texts("output", Rows::output)
                .texts("problem", change -> null)
                .longs("at", change -> now);
    }

    Columns<Change> runInserts(List<Change> submissions, long now) {
        return new Columns<>(submissions)
                .ids("id", Change::run)
                .longs("created_at", change -> now)
                .longs("started_at", change -> now)
                .longs("ended_at", change -> null)
                .longs("deadline_at", change -> null)
                .ints("definition", change -> DEFINITION)
                .ints("seq", change -> 3)
                .smalls("priority", change -> 1)
                .texts("status", change -> "RUNNING")
                .texts("reason", change -> null)
                .texts("queue", change -> "default")
                .texts("limit_key", change -> "")
                .texts("program", change -> program())
                .texts("once_key", change -> null)
                .ids("retry_of", change -> null)
                .texts("link", change -> null)
                .texts("slot", change -> null)
                .ids("parent_id", change -> null)
                .ints("parent_number", change -> 0)
                .smalls("detached", change -> 0)
                .ints("children", change -> 0)
                .ints("mail", change -> 0)
                .texts("undo", change -> null)
                .smalls("format", change -> FORMAT)
                .texts("state", this::state)
                .texts("input", change -> Json.quote(Work.input(change.run().low())))
                .texts("output", change -> null)
                .texts("collected", change -> null)
                .texts("problem", change -> null);
    }

    Columns<Change> runUpdates(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("id", Change::run)
                .texts("status", change -> change.last() ? "SUCCEEDED" : "RUNNING")
                .texts("reason", change -> null)
                .texts("state", this::state)
                .ints("seq", change -> seq(change) + 1)
                .longs("started_at", change -> now)
                .texts("output", change -> change.last() ? output(change) : null)
                .texts("collected", change -> null)
                .texts("problem", change -> null)
                .texts("detail", change -> null)
                .longs("ended_at", change -> change.last() ? now : null)
                .ints("children", change -> 0)
                .ints("mail", change -> 0)
                .texts("undo", change -> null);
    }

    Columns<Change> taskInserts(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("run_id", Change::run)
                .texts("name", this::created)
                .ints("idx", change -> 0)
                .texts("status", change -> "RUNNING")
                .ints("definition", change -> DEFINITION)
                .texts("queue", change -> "default")
                .smalls("priority", change -> 1)
                .texts("limit_key", change -> "")
                .smalls("held", change -> 0)
                .ints("attempt", change -> 1)
                .ints("returned", change -> 0)
                .longs("wake_at", change -> now + LEASE_MILLIS)
                .ints("worker", change -> WORKER)
                .texts("listens", change -> null)
                .all("at", now);
    }

    Columns<Change> eventAppends(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("run_id", Change::run)
                .longs("at", change -> now)
                .ints("seq", this::seq)
                .texts("body", this::events);
    }

    Columns<Change> effects(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("run_id", Change::run)
                .texts("name", this::ended)
                .ints("idx", change -> 0)
                .ints("ordinal", change -> change.ended() - 1)
                .ints("revision", change -> 0)
                .ints("attempt", change -> 1)
                .longs("at", change -> now)
                .texts("kind", change -> "call")
                .texts("status", change -> "APPLIED")
                .texts("label", change -> "step-" + change.ended())
                .texts("request", change -> null)
                .texts("value", Rows::output)
                .texts("problem", change -> null);
    }

    private static String output(Change change) {
        return Json.quote(Work.step(change.ended(), "a number of twenty c"));
    }
}
