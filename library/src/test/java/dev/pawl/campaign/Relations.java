package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** What runs have to do with each other and with the load generator: children, signals. And with time: sleeps. */
final class Relations {

    /** How much too early a sleep may seem to end, for the sake of two clocks. In milliseconds. */
    private static final long CLOCKS_DIFFER = 1_000;

    private final History history;
    private final List<Anomaly> anomalies = new ArrayList<>();

    private Relations(History history) {
        this.history = history;
    }

    static List<Anomaly> in(History history) {
        var relations = new Relations(history);
        relations.children();
        relations.signals();
        history.runs().forEach(relations::naps);
        return relations.anomalies;
    }

    private void found(Kind kind, String sentence, Object... words) {
        anomalies.add(new Anomaly(kind, sentence.formatted(words)));
    }

    private void children() {
        var children = new HashMap<String, Map<String, Integer>>();
        for (RunFacts run : history.runs()) {
            var parent = run.story().parent();
            if (parent == null) continue;
            children.computeIfAbsent(parent, id -> new HashMap<>()).merge(run.program(), 1, Integer::sum);
        }
        for (RunFacts run : history.runs()) {
            var promise = history.promises().get(run.program());
            if (promise == null) continue;
            var programs = new HashSet<>(promise.children().keySet());
            var there = children.getOrDefault(run.run(), Map.of());
            programs.addAll(there.keySet());
            for (String program : programs) {
                int wanted = promise.children().getOrDefault(program, 0);
                int count = there.getOrDefault(program, 0);
                if (count > wanted) {
                    found(Kind.CHILD_TWICE, "Run %s started %d runs of %s, not %d.", run.run(), count, program, wanted);
                } else if (count < wanted && run.succeeded()) {
                    found(Kind.CHILD_MISSING, "Run %s succeeded with %d runs of %s.", run.run(), count, program);
                }
            }
        }
    }

    private void signals() {
        var runs = new HashMap<String, RunFacts>();
        history.runs().forEach(run -> runs.put(run.run(), run));
        for (Submission submission : history.submissions()) {
            submission.acknowledged().stream()
                    .distinct()
                    .filter(runs::containsKey)
                    .map(runs::get)
                    .forEach(run -> signals(submission, run));
        }
    }

    private void signals(Submission submission, RunFacts run) {
        var sent = submission.signals().stream().map(Submission.Signal::id).toList();
        var received = run.story().received();
        int newest = -1;
        var known = new HashSet<String>();
        for (String id : received) {
            int place = sent.indexOf(id);
            if (!known.add(id)) {
                found(Kind.SIGNAL_TWICE, "Run %s took signal %s more than once: %s.", run.run(), id, received);
            } else if (place < newest || place < 0) {
                found(Kind.SIGNAL_ORDER, "Run %s took the signals %s, and sent were %s.", run.run(), received, sent);
                return;
            }
            newest = Math.max(newest, place);
        }
        if (!run.terminal()) return;
        for (Submission.Signal signal : submission.signals()) {
            if (!signal.acknowledged() || known.contains(signal.id())) continue;
            found(Kind.SIGNAL_LOST, "Run %s ended without signal %s.", run.run(), signal.id());
        }
    }

    private void naps(RunFacts run) {
        for (RunFacts.Nap nap : run.story().naps()) {
            if (nap.at() + CLOCKS_DIFFER >= nap.until()) continue;
            found(
                    Kind.WOKEN_EARLY,
                    "%s of run %s was done %d ms too early.",
                    nap.effect(),
                    run.run(),
                    nap.until() - nap.at());
        }
    }
}
