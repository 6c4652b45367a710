package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Store;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a journal needs of the engine around it.
 *
 * @param births makes the submissions of runs that runs start
 * @param policies decides what may happen; null if everything may
 */
public record Surroundings(
        Store store,
        Clock clock,
        Payloads payloads,
        Classifier classifier,
        Entry.Committer committer,
        Births births,
        @Nullable Policies policies) {

    /** Makes the submissions of runs that runs start. */
    @FunctionalInterface
    public interface Births {
        /**
         * The submission of a child.
         *
         * @throws Refused if this process does not know its program
         */
        Entry.Submission of(Task parent, Journal.Start child);
    }

    /** How runs have ended: those of them that have. */
    Map<RunId, Journal.Ended> ended(Collection<RunId> runs) {
        var outputs = new RunResults(store, payloads);
        var ended = new HashMap<RunId, Journal.Ended>();
        for (RunId run : store.ended(runs).keySet()) {
            store.run(run)
                    .ifPresent(details -> ended.put(
                            run, new Journal.Ended(details.status(), outputs.of(details), details.problem())));
        }
        return ended;
    }
}
