package dev.pawl.bench;

import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;

/** Writes the rows of runs over one connection, in the order in which the engine does. */
final class RowWriter {

    private final Rows rows;
    private final PlainConnection.Prepared effectRecord;
    private final PlainConnection.Prepared taskEnd;
    private final PlainConnection.Prepared effectAppend;
    private final PlainConnection.Prepared runInsert;
    private final PlainConnection.Prepared runUpdate;
    private final PlainConnection.Prepared taskInsert;
    private final PlainConnection.Prepared eventAppend;

    RowWriter(PlainConnection connection, Rows rows) throws SQLException {
        this.rows = rows;
        effectRecord = connection.prepareInsert("effect.record");
        taskEnd = connection.prepare("task.end");
        effectAppend = connection.prepareInsert("effect.append");
        runInsert = connection.prepareInsert("run.insert");
        runUpdate = connection.prepare("run.update");
        taskInsert = connection.prepareInsert("task.insert");
        eventAppend = connection.prepare("event.append");
    }

    /** Within a transaction that the caller has begun and will commit. */
    void write(List<Change> changes) throws SQLException {
        long now = System.currentTimeMillis();
        var ended = only(changes, rows::endsTask);
        var goingOn = only(changes, change -> rows.recorded(change) && !rows.endsTask(change));
        effectRecord.execute(rows.effects(goingOn, now));
        taskEnd.execute(rows.taskEnds(ended, now));
        effectAppend.execute(rows.effects(only(ended, rows::recorded), now));
        runInsert.execute(rows.runInserts(only(changes, Change::first), now));
        runUpdate.execute(rows.runUpdates(ended, now));
        taskInsert.execute(rows.taskInserts(only(changes, rows::createsTask), now));
        eventAppend.execute(rows.eventAppends(only(changes, change -> change.first() || rows.endsTask(change)), now));
    }

    private static List<Change> only(List<Change> changes, Predicate<Change> which) {
        return changes.stream().filter(which).toList();
    }
}
