package dev.pawl.bench;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import java.sql.SQLException;
import java.util.List;

/**
 * The rows that the engine writes for a flow of three steps, without an engine: in the same tables, by the same
 * statements, with the same values. What the engine only reads or locks is left out.
 */
final class FlowRows {

    /**
     * What happens to a run in one commit.
     *
     * @param ended 0 for its submission, n for the end of its nth task
     */
    record Change(RunId run, int ended) {

        Change next() {
            return new Change(run, ended + 1);
        }

        boolean last() {
            return ended == Work.STEPS;
        }

        /** The number of the first event: three of the submission, and two of every end of a task. */
        int seq() {
            return ended == 0 ? 1 : 2 + 2 * ended;
        }
    }

    private static final List<String> NAMES = List.of("first", "second", "third");
    private static final long LEASE_MILLIS = 6_000;
    private static final int WORKER = 1;
    private static final int DEFINITION = 1;
    private static final int FORMAT = 2;

    private final PlainConnection.Prepared taskEnd;
    private final PlainConnection.Prepared runInsert;
    private final PlainConnection.Prepared runUpdate;
    private final PlainConnection.Prepared taskInsert;
    private final PlainConnection.Prepared eventAppend;

    FlowRows(PlainConnection connection) throws SQLException {
        taskEnd = connection.prepare("task.end");
        runInsert = connection.prepare("run.insert");
        runUpdate = connection.prepare("run.update");
        taskInsert = connection.prepare("task.insert");
        eventAppend = connection.prepare("event.append");
    }

    /** Writes them in the order in which the engine does. */
    void write(List<Change> changes) throws SQLException {
        long now = System.currentTimeMillis();
        var submitted = changes.stream().filter(change -> change.ended() == 0).toList();
        var ended = changes.stream().filter(change -> change.ended() > 0).toList();
        var goingOn = changes.stream().filter(change -> !change.last()).toList();
        taskEnd.execute(taskEnds(ended, now));
        runInsert.execute(runInserts(submitted, now));
        runUpdate.execute(runUpdates(ended, now));
        taskInsert.execute(taskInserts(goingOn, now));
        eventAppend.execute(events(changes, now));
    }

    static Columns<Change> taskEnds(List<Change> ended, long now) {
        return new Columns<>(ended)
                .ids("run_id", Change::run)
                .texts("name", change -> NAMES.get(change.ended() - 1))
                .ints("idx", change -> 0)
                .ints("attempt", change -> 1)
                .texts("status", change -> "SUCCEEDED")
                .longs("wake_at", change -> now)
                .smalls("held", change -> 0)
                .ints("returned", change -> 0)
                .ints("stalled", change -> 0)
                .smalls("parked", change -> 0)
                .texts("output", FlowRows::output)
                .texts("problem", change -> null)
                .longs("at", change -> now);
    }

    static Columns<Change> runInserts(List<Change> submitted, long now) {
        return new Columns<>(submitted)
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
                .texts("program", change -> PawlRuns.FLOW.name())
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
                .texts("state", FlowRows::state)
                .texts("input", change -> Json.quote(Work.input(change.run().low())))
                .texts("output", change -> null)
                .texts("collected", change -> null)
                .texts("problem", change -> null);
    }

    static Columns<Change> runUpdates(List<Change> ended, long now) {
        return new Columns<>(ended)
                .ids("id", Change::run)
                .texts("status", change -> change.last() ? "SUCCEEDED" : "RUNNING")
                .texts("reason", change -> null)
                .texts("state", FlowRows::state)
                .ints("seq", change -> change.seq() + 1)
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

    static Columns<Change> taskInserts(List<Change> goingOn, long now) {
        return new Columns<>(goingOn)
                .ids("run_id", Change::run)
                .texts("name", change -> NAMES.get(change.ended()))
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
                .all("at", now);
    }

    static Columns<Change> events(List<Change> changes, long now) {
        return new Columns<>(changes)
                .ids("run_id", Change::run)
                .longs("at", change -> now)
                .ints("seq", Change::seq)
                .texts("body", FlowRows::body);
    }

    private static String output(Change change) {
        return Json.quote(Work.step(change.ended(), "a number of twenty c"));
    }

    private static String state(Change change) {
        var text = new StringBuilder();
        for (int i = 0; i <= Math.min(change.ended(), Work.STEPS - 1); i++) {
            text.append(i == 0 ? "{\"" : ",\"").append(NAMES.get(i));
            text.append(i < change.ended() ? "\":\"succeeded\"" : "\":\"running\"");
        }
        return text.append('}').toString();
    }

    private static String body(Change change) {
        var text = new StringBuilder();
        if (change.ended() == 0) {
            text.append("run.queued - {\"actor\":\"\"}\nrun.started - {}");
        } else {
            text.append("task.succeeded ").append(NAMES.get(change.ended() - 1)).append("[0] {\"attempt\":1}");
        }
        if (change.last()) {
            text.append("\nrun.succeeded - {}");
        } else {
            text.append("\ntask.started ")
                    .append(NAMES.get(change.ended()))
                    .append("[0] {\"attempt\":1,\"worker\":")
                    .append(WORKER)
                    .append('}');
        }
        return text.toString();
    }
}
