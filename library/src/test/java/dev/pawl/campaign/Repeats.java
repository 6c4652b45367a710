package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Effects that were begun more than once. That is allowed where the attempt before did not get to its end: it was killed,
 * or stood still, or could not reach the server, or gave up as its program wants it.
 */
final class Repeats {

    /** How much later than it was done a beginning must be to be after it, for the sake of two clocks. In milliseconds. */
    private static final long CLOCKS_DIFFER = 1_000;

    /** In the order of the fences: a worker that stood still may begin what others have long done. */
    private static final Comparator<LedgerEntry> BY_FENCE =
            Comparator.comparingInt(LedgerEntry::attempt).thenComparingLong(LedgerEntry::seq);

    private final Disturbances disturbances;
    private final Map<String, RunFacts.Done> done = new HashMap<>();
    private final Set<String> gaveUp = new HashSet<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Repeats(History history) {
        disturbances = new Disturbances(history.ledger());
        for (RunFacts run : history.runs()) {
            run.done().forEach(end -> done.put(run.run() + " " + end.effect(), end));
            run.story().ends().forEach(end -> done.put(run.run() + " " + end.effect(), end));
        }
        for (LedgerEntry entry : history.ledger()) {
            if (entry.what() == What.FAIL) gaveUp.add(effect(entry) + " " + entry.attempt());
        }
    }

    static List<Anomaly> in(History history) {
        var repeats = new Repeats(history);
        begins(history.ledger()).forEach(repeats::check);
        return repeats.anomalies;
    }

    private static Map<String, List<LedgerEntry>> begins(List<LedgerEntry> ledger) {
        var begins = new LinkedHashMap<String, List<LedgerEntry>>();
        for (LedgerEntry entry : ledger) {
            if (entry.what() != What.BEGIN) continue;
            begins.computeIfAbsent(effect(entry), effect -> new ArrayList<>()).add(entry);
        }
        begins.values().forEach(list -> list.sort(BY_FENCE));
        return begins;
    }

    private static String effect(LedgerEntry entry) {
        return entry.run() + " " + entry.effect();
    }

    private void check(String effect, List<LedgerEntry> begins) {
        var first = begins.getFirst();
        var end = done.getOrDefault(effect, done.get(first.run() + " " + first.task()));
        for (int i = 0; i < begins.size(); i++) {
            var begin = begins.get(i);
            if (end != null && isAfter(begin, end)) {
                found(Kind.REPEATED_DONE, "%s began although attempt %d had done it.", begin, end.attempt());
            } else if (i > 0) {
                checkRepeat(begins.get(i - 1), begin);
            }
            if (i > 0 && !begins.get(i - 1).key().equals(begin.key())) {
                found(
                        Kind.KEY_CHANGED,
                        "%s had the key %s before.",
                        begin,
                        begins.get(i - 1).key());
            }
        }
    }

    /** Only a worker that stood still cannot know: it learns of it at its next write, which is refused. */
    private boolean isAfter(LedgerEntry begin, RunFacts.Done end) {
        if (begin.attempt() > end.attempt()) return true;
        return begin.at() > end.at() + CLOCKS_DIFFER && !disturbances.stopped(begin, begin.seq());
    }

    private void checkRepeat(LedgerEntry before, LedgerEntry begin) {
        if (before.attempt() == begin.attempt()) {
            found(Kind.UNEXPLAINED_REPEAT, "%s began twice; the first time was %s.", begin, before);
        } else if (!gaveUp.contains(effect(before) + " " + before.attempt()) && !disturbances.explain(before, begin)) {
            found(Kind.UNEXPLAINED_REPEAT, "%s began, and nothing had kept %s from its end.", begin, before);
        }
    }

    private void found(Kind kind, String sentence, LedgerEntry begin, @Nullable Object other) {
        var said = other instanceof LedgerEntry entry ? entry.attempted() + " at " + entry.seq() : other;
        anomalies.add(new Anomaly(
                kind, sentence.formatted(begin.attempted() + ", key " + begin.key() + ", at " + begin.seq(), said)));
    }
}
