package dev.pawl.store;

import dev.pawl.core.RunId;
import java.util.List;

/** Deletes finished runs, oldest first, with their tasks and events. */
final class Pruning {

    private final Session session;
    private final Turns turns;

    Pruning(Session session, Turns turns) {
        this.session = session;
        this.turns = turns;
    }

    private record Prunable(RunId id, boolean keyed) {}

    List<RunId> prune(long endedBefore, int limit) {
        List<Prunable> runs = session.call("run.prunable")
                .set("from", turns.prunedUpTo())
                .set("below", RunId.firstAt(Math.max(0, endedBefore)))
                .set("ended_before", endedBefore)
                .set("limit", limit)
                .list(row -> new Prunable(Rows.id(row), row.getBoolean("keyed")));
        List<RunId> ids = runs.stream().map(Prunable::id).toList();
        on("event.delete", ids);
        on("effect.delete", ids);
        on("message.delete", ids);
        on("cause.delete", ids);
        on("input.delete", ids);
        on("task.delete", ids);
        on(
                "run.delete",
                runs.stream().filter(run -> !run.keyed()).map(Prunable::id).toList());
        on("run.strip", runs.stream().filter(Prunable::keyed).map(Prunable::id).toList());
        if (runs.size() < limit) turns.pruneFromTheOldest();
        else turns.prunedUpTo(ids.getLast());
        return ids;
    }

    private void on(String statement, List<RunId> ids) {
        session.batch(statement, ids).ids("id", id -> id).update();
    }
}
