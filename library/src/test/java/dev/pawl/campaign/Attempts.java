package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What attempts at the same task may know of each other: what must happen once, what comes one after the other, and what an
 * attempt costs that was handed over.
 */
final class Attempts {

    private final History history;
    private final Disturbances disturbances;
    private final Map<String, List<LedgerEntry>> byEffect = new HashMap<>();
    private final Set<String> gaveUp = new HashSet<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Attempts(History history) {
        this.history = history;
        disturbances = new Disturbances(history.ledger());
        for (LedgerEntry entry : history.ledger()) {
            byEffect.computeIfAbsent(entry.run() + " " + entry.effect(), effect -> new ArrayList<>())
                    .add(entry);
            if (entry.what() == What.FAIL) gaveUp.add(attempt(entry.run(), entry.task(), entry.attempt()));
        }
    }

    static List<Anomaly> in(History history) {
        var attempts = new Attempts(history);
        for (RunFacts run : history.runs()) {
            var promise = history.promises().get(run.program());
            if (promise == null) continue;
            promise.once().forEach(effect -> attempts.once(run.run(), effect));
            if (promise.ordered()) attempts.order(run.run(), promise.effects());
        }
        attempts.spent();
        return attempts.anomalies;
    }

    private void found(Kind kind, String sentence, Object... words) {
        anomalies.add(new Anomaly(kind, sentence.formatted(words)));
    }

    private static String attempt(String run, String task, int attempt) {
        return run + " " + task + " " + attempt;
    }

    private List<LedgerEntry> entries(String run, String effect, What what) {
        return byEffect.getOrDefault(run + " " + effect, List.of()).stream()
                .filter(entry -> entry.what() == what)
                .toList();
    }

    /** Whoever stands still between its look at its lease and the change outside cannot be kept from it. */
    private void once(String run, String effect) {
        var applied = entries(run, effect, What.APPLY);
        for (int i = 1; i < applied.size(); i++) {
            var before = applied.get(i - 1);
            var entry = applied.get(i);
            if (disturbances.stopped(before, before.seq()) || disturbances.stopped(entry, entry.seq())) continue;
            found(Kind.ONCE_TWICE, "%s did it, and %s before.", entry.attempted(), before.attempted());
        }
    }

    /** An attempt that begins the next one has read or written that this one is done, and later attempts read it too. */
    private void order(String run, List<String> effects) {
        for (int i = 0; i + 1 < effects.size(); i++) {
            var nexts = entries(run, effects.get(i + 1), What.BEGIN);
            for (LedgerEntry begin : entries(run, effects.get(i), What.BEGIN)) {
                for (LedgerEntry next : nexts) {
                    if (next.attempt() > begin.attempt()) continue;
                    if (next.attempt() == begin.attempt() && next.seq() > begin.seq()) continue;
                    found(Kind.REPEATED_DONE, "%s began, but %s came after it.", begin.attempted(), next.attempted());
                }
            }
        }
    }

    private void spent() {
        var workers = new HashMap<String, LedgerEntry>();
        for (LedgerEntry entry : history.ledger()) {
            if (entry.what() == What.BEGIN) {
                workers.putIfAbsent(attempt(entry.run(), entry.task(), entry.attempt()), entry);
            }
        }
        for (RunFacts run : history.runs()) {
            for (RunFacts.Done spent : run.story().spent()) {
                var which = attempt(run.run(), spent.effect(), spent.attempt());
                var begin = workers.get(which);
                if (begin == null || gaveUp.contains(which)) continue;
                if (disturbances.terminated(begin.worker()) == Long.MAX_VALUE) continue;
                if (disturbances.stopped(begin, Long.MAX_VALUE)) continue;
                found(
                        Kind.SPENT_AT_SHUTDOWN,
                        "%s counts as lost or failed, although its worker was told to end.",
                        begin.attempted());
            }
        }
    }
}
