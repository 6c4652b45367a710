package dev.pawl.store;

import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import java.util.List;

/**
 * Takes from runs that go on for ever what is long over: tasks that a newer one of their name has succeeded since, with
 * their journals, events, and the payloads of messages that are done with. What stays: the first event, which says who
 * submitted the run, the newest event and the newest task that succeeded, on which it goes on, and every message, because
 * its id must stay known.
 */
final class Standing {

    /** How many runs are looked at in one transaction; their rows stay locked until it ends. */
    private static final int RUNS = 50;

    private final Session session;
    private final Turns turns;
    private final long before;
    private int left;

    /**
     * @param before what was over at this time is not
     * @param rows about how many rows may be taken in one transaction
     */
    Standing(Session session, Turns turns, long before, int rows) {
        this.session = session;
        this.turns = turns;
        this.before = before;
        this.left = rows;
    }

    private record InSlot(RunId run, String slot) {}

    /** Goes on behind the run at which the last one stopped; answers how many rows were taken. */
    int trim() {
        int room = left;
        List<InSlot> runs = session.call("run.standing")
                .set("from", turns.trimmedUpTo())
                .set("limit", RUNS)
                .list(row -> new InSlot(Rows.id(row), row.getString("slot")));
        for (InSlot one : runs) {
            tasks(one.run());
            events(one.run());
            messages(one.run());
            if (left <= 0) return room - left; // the next one begins with this run again
            turns.trimmedUpTo(one.slot());
        }
        if (runs.size() < RUNS) turns.trimFromTheFirst();
        return room - left;
    }

    private void tasks(RunId run) {
        List<String> names = session.call("task.names").set("run_id", run).list(row -> row.getString("name"));
        for (String name : names) {
            if (left <= 0) return;
            var over = session.call("task.outdated")
                    .set("run_id", run)
                    .set("name", name)
                    .set("kernels", name.startsWith(TaskKey.KERNEL_PREFIX) ? 1 : 0)
                    .set("before", before)
                    .set("limit", left)
                    .list(Rows::key);
            JdbcTx.forget(session, over);
            left -= over.size();
        }
    }

    private void events(RunId run) {
        take(run, "event.outdated", "event.trim");
    }

    private void messages(RunId run) {
        take(run, "message.outdated", "message.strip");
    }

    private record Outdated(int rows, int upTo) {}

    private void take(RunId run, String look, String change) {
        if (left <= 0) return;
        var outdated = session.call(look)
                .set("run_id", run)
                .set("before", before)
                .set("limit", left)
                .first(row -> new Outdated(row.getInt("found"), row.getInt("up_to")))
                .orElseThrow();
        if (outdated.rows() == 0) return;
        session.call(change)
                .set("run_id", run)
                .set("before", before)
                .set("up_to", outdated.upTo())
                .update();
        left -= outdated.rows();
    }
}
