package dev.pawl.engine;

import dev.pawl.core.Event;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.exec.Refused;
import dev.pawl.spi.Store;
import java.util.List;
import java.util.Optional;

/**
 * Tells those who follow a run what they have missed. Events are numbered without gaps, so a gap is what was trimmed away;
 * and no status changes without an event, so a run whose number is the same before and after a look did not change
 * meanwhile.
 */
final class Following {

    /** So often it is looked without a lock. */
    private static final int LOOKS = 3;

    private final Store store;

    Following(Store store) {
        this.store = store;
    }

    CaughtUp catchUp(RunId run, int afterSeq, int limit) {
        if (afterSeq < 0 || limit < 1) {
            throw new IllegalArgumentException(
                    "What comes after event %d, at most %d events: the first must not be negative, and the second at least 1."
                            .formatted(afterSeq, limit));
        }
        int newest = details(run).run().seq();
        if (newest == afterSeq) return new CaughtUp.Missed(List.of(), afterSeq);
        // Who knows more than there is has followed another run, or this one before it was restored from a backup.
        var missed = newest < afterSeq ? List.<Event>of() : store.events(run, afterSeq, limit);
        return isWhole(missed, afterSeq)
                ? new CaughtUp.Missed(missed, missed.getLast().seq())
                : snapshot(run, limit);
    }

    /** Not if something is missing at the beginning or, behind the first event, which is never trimmed, in the middle. */
    private static boolean isWhole(List<Event> events, int afterSeq) {
        return !events.isEmpty() && events.getLast().seq() == afterSeq + events.size();
    }

    private RunDetails details(RunId run) {
        return store.run(run).orElseThrow(() -> Refused.noSuchRun(run));
    }

    private CaughtUp.Snapshot snapshot(RunId run, int limit) {
        var seen = Optional.<CaughtUp.Snapshot>empty();
        for (int looks = 0; seen.isEmpty() && looks < LOOKS; looks++) seen = look(run, limit);
        // It is very busy: nobody changes it while it is locked.
        var still = seen.orElseGet(() -> store.write(tx -> {
            tx.lock(List.of(run));
            return look(run, limit).orElseThrow(() -> Refused.noSuchRun(run));
        }));
        var since = store.events(run, still.run().run().seq(), limit);
        if (!isWhole(since, still.run().run().seq())) return still;
        return new CaughtUp.Snapshot(still.run(), still.open(), still.tasks(), still.messages(), since);
    }

    /** Empty if it changed meanwhile. */
    private Optional<CaughtUp.Snapshot> look(RunId run, int limit) {
        var before = details(run);
        var seen = new CaughtUp.Snapshot(
                before, store.openTasks(run, limit), store.taskCounts(run), store.messageCounts(run), List.of());
        return details(run).run().seq() == before.run().seq() ? Optional.of(seen) : Optional.empty();
    }
}
