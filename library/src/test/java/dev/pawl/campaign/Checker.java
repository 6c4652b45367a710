package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The verdict on a campaign: what is in its history that must not be there. Pure; it knows nothing of the engine but what
 * its public API said.
 */
final class Checker {

    private final History history;
    private final Map<String, RunFacts> runs = new HashMap<>();
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Checker(History history) {
        this.history = history;
        history.runs().forEach(run -> runs.put(run.run(), run));
    }

    /** Everything that must not be; empty if all is well. */
    static List<Anomaly> anomalies(History history) {
        var checker = new Checker(history);
        checker.submissions();
        for (RunFacts run : history.runs()) {
            checker.end(run);
            checker.story(run);
            checker.output(run);
        }
        checker.applied();
        checker.transactions();
        checker.anomalies.addAll(Relations.in(history));
        checker.anomalies.addAll(history.timetables().anomalies());
        checker.anomalies.addAll(Undoing.in(history));
        checker.anomalies.addAll(Attempts.in(history));
        checker.anomalies.addAll(Repeats.in(history));
        checker.anomalies.addAll(Overlaps.in(history));
        return checker.anomalies;
    }

    private void found(Kind kind, String sentence, Object... words) {
        anomalies.add(new Anomaly(kind, sentence.formatted(words)));
    }

    // ---- what was promised ----------------------------------------------------------------------------------------

    private void submissions() {
        var byKey = new TreeMap<String, Set<String>>();
        for (RunFacts run : history.runs()) {
            if (run.key() != null) of(byKey, run.program(), run.key()).add(run.run());
        }
        for (Submission submission : history.submissions()) {
            for (String run : Set.copyOf(submission.acknowledged())) {
                if (runs.containsKey(run)) {
                    of(byKey, submission.program(), submission.key()).add(run);
                } else {
                    found(Kind.LOST, "%s was acknowledged as run %s, which is not there.", submission.key(), run);
                }
            }
        }
        byKey.forEach((key, ids) -> {
            if (ids.size() > 1) found(Kind.SUBMITTED_TWICE, "%s was given to the runs %s.", key, ids);
        });
        history.submissions().stream().filter(Submission::cancelled).forEach(submission -> {
            for (String run : Set.copyOf(submission.acknowledged())) {
                var facts = runs.get(run);
                if (facts == null || !facts.terminal() || facts.status().equals("CANCELLED")) continue;
                found(Kind.LOST, "Run %s is %s, and its cancellation was acknowledged.", run, facts.status());
            }
        });
    }

    private static Set<String> of(Map<String, Set<String>> byKey, String program, String key) {
        return byKey.computeIfAbsent(program + " with key " + key, k -> new TreeSet<>());
    }

    private void end(RunFacts run) {
        var promise = history.promises().get(run.program());
        if (promise == null ? run.succeeded() : promise.ends().contains(run.status())) return;
        var kind = run.terminal() ? Kind.ENDED_BADLY : Kind.UNFINISHED;
        found(kind, "Run %s of %s is %s in the end. %s", run.run(), run.program(), run.status(), run.problem());
    }

    private void story(RunFacts run) {
        for (int i = 0; i < run.seqs().size(); i++) {
            if (run.seqs().get(i) == i + 1) continue;
            found(
                    Kind.BROKEN_HISTORY,
                    "Event %d of run %s has the number %s.",
                    i + 1,
                    run.run(),
                    run.seqs().get(i));
            break;
        }
        var ends = new HashSet<String>();
        var all = new ArrayList<>(run.done());
        all.addAll(run.story().ends());
        for (RunFacts.Done done : all) {
            if (!ends.add(done.effect())) {
                found(Kind.BROKEN_HISTORY, "%s of run %s succeeded more than once.", done.effect(), run.run());
            }
        }
    }

    // ---- what came of it ------------------------------------------------------------------------------------------

    private void output(RunFacts run) {
        var done = new HashMap<String, Integer>();
        run.done().forEach(end -> done.put(end.effect(), end.attempt()));
        for (Mark mark : new HashSet<>(run.shown())) {
            var attempt = done.get(mark.effect());
            if (attempt != null && attempt == mark.attempt()) continue;
            found(
                    Kind.STALE_WRITE,
                    "Run %s shows what attempt %d produced at %s, but %s.",
                    run.run(),
                    mark.attempt(),
                    mark.effect(),
                    attempt == null ? "no attempt succeeded" : "attempt " + attempt + " succeeded");
        }
    }

    private void applied() {
        var byAttempt = new HashSet<String>();
        var applied = new HashSet<String>();
        for (LedgerEntry entry : history.ledger()) {
            if (entry.what() != What.APPLY) continue;
            byAttempt.add(entry.run() + " " + entry.effect() + " " + entry.attempt());
            applied.add(entry.run() + " " + entry.effect());
        }
        for (RunFacts run : history.runs()) {
            for (RunFacts.Done done : run.done()) {
                if (byAttempt.contains(run.run() + " " + done.effect() + " " + done.attempt())) continue;
                found(
                        Kind.NEVER_APPLIED,
                        "%s of run %s was done by attempt %d, which never applied it.",
                        done.effect(),
                        run.run(),
                        done.attempt());
                applied.add(run.run() + " " + done.effect()); // said once
            }
            var promise = history.promises().get(run.program());
            if (promise == null || !run.succeeded()) continue;
            for (String effect : promise.effects()) {
                if (applied.contains(run.run() + " " + effect)) continue;
                found(Kind.NEVER_APPLIED, "Run %s succeeded without %s.", run.run(), effect);
            }
        }
    }

    private void transactions() {
        var rows = new TreeMap<String, Integer>();
        history.rows().forEach(row -> rows.merge(row.run() + " " + row.effect(), 1, Integer::sum));
        rows.forEach((row, count) -> {
            if (count > 1) found(Kind.TRANSACTION_TWICE, "There are %d rows of %s.", count, row);
        });
        for (RunFacts run : history.runs()) {
            var promise = history.promises().get(run.program());
            var wanted = new TreeSet<>(run.story().transacted());
            if (promise != null && run.succeeded()) wanted.addAll(promise.transactions());
            for (String effect : wanted) {
                if (rows.containsKey(run.run() + " " + effect)) continue;
                found(Kind.TRANSACTION_MISSING, "Run %s says that %s is done, and there is no row.", run.run(), effect);
            }
        }
    }
}
