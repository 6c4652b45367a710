package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What was undone, and what was not. */
final class Undoing {

    /** The task that undoes something is called {@code undo[0]} or {@code undo[1]}. */
    private static final String UNDO = "undo[";

    private Undoing() {}

    static List<Anomaly> in(History history) {
        var undone = undone(history.ledger());
        var anomalies = new ArrayList<Anomaly>();
        for (RunFacts run : history.runs()) {
            if (!run.terminal()) continue;
            var wanted = run.succeeded() ? List.<String>of() : run.story().undos();
            var was = undone.getOrDefault(run.run(), Set.of());
            for (String step : wanted) {
                if (was.contains(step)) continue;
                anomalies.add(new Anomaly(
                        Kind.NOT_UNDONE, "Run %s is %s without %s.".formatted(run.run(), run.status(), step)));
            }
            for (String step : was) {
                if (wanted.contains(step)) continue;
                anomalies.add(new Anomaly(
                        Kind.UNDONE_IN_VAIN,
                        "Run %s is %s, and %s was done although nothing asked for it."
                                .formatted(run.run(), run.status(), step)));
            }
        }
        return anomalies;
    }

    /** By run, the steps of undoing that were applied. */
    private static Map<String, Set<String>> undone(List<LedgerEntry> ledger) {
        var undone = new HashMap<String, Set<String>>();
        for (LedgerEntry entry : ledger) {
            if (entry.what() != What.APPLY || !entry.effect().startsWith(UNDO)) continue;
            String step = entry.effect().substring(entry.effect().indexOf('/') + 1);
            undone.computeIfAbsent(entry.run(), run -> new HashSet<>()).add(step);
        }
        return undone;
    }
}
