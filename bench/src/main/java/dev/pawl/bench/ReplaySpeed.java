package dev.pawl.bench;

import dev.pawl.core.RunId;
import dev.pawl.engine.TimeTravel;
import dev.pawl.graph.Hashing;
import java.util.ArrayList;
import java.util.List;

/** How fast recorded runs of graphs are executed again, and verified. */
final class ReplaySpeed {

    static final String AGAIN = "steps executed again per second";
    static final String VERIFIED = "steps verified per second";

    private static final double SECONDS = 1;

    private final Databases databases;
    private final int repetitions;

    ReplaySpeed(Databases databases, int repetitions) {
        this.databases = databases;
        this.repetitions = repetitions;
    }

    /** What was measured of one kind of graph, a figure for each repetition. */
    record Result(String what, GraphRuns<?> runs, Samples samples) {}

    List<Result> measure() throws Exception {
        var results = List.of(
                result("a recorded call in each node", GraphRuns.calling("", databases.newDatabase("replay_calls"))),
                result("1 KB of state", sized(1)),
                result("100 KB of state", sized(100)));
        for (var result : results) result.runs.prepare();
        try {
            measure(results);
        } finally {
            for (var result : results) result.runs.close();
        }
        return results;
    }

    private GraphRuns<Casebook> sized(int kilobytes) throws Exception {
        int entries = Casebook.entries(kilobytes << 10);
        return GraphRuns.sized("", databases.newDatabase("replay_" + kilobytes), entries, Hashing.CHAINED);
    }

    private static Result result(String what, GraphRuns<?> runs) {
        return new Result(what, runs, new Samples());
    }

    private void measure(List<Result> results) throws Exception {
        var recorded = new ArrayList<RunId>();
        for (var result : results) recorded.add(result.runs.one());
        for (int repetition = 0; repetition <= repetitions; repetition++) {
            for (int i = 0; i < results.size(); i++) {
                var result = results.get(i);
                var run = recorded.get(i);
                double again = perSecond(() -> again(result.runs, run));
                double verified = perSecond(() -> verify(result.runs, run));
                if (repetition == 0) continue; // that was warming up
                Comparison.say("%-30s %,9.0f/s again, %,9.0f/s verified", result.what, again, verified);
                result.samples.add(AGAIN, again);
                result.samples.add(VERIFIED, verified);
            }
        }
    }

    private static double perSecond(Runnable run) {
        long begun = System.nanoTime();
        int runs = 0;
        do {
            run.run();
            runs++;
        } while (Load.secondsSince(begun) < SECONDS);
        return runs * GraphRuns.NODES / Load.secondsSince(begun);
    }

    private static void again(GraphRuns<?> runs, RunId run) {
        var replay = TimeTravel.replay(runs.history(run), List.of(runs.graph()), moment -> {});
        if (!replay.same()) throw new IllegalStateException("Executed again it differs: " + replay.divergence());
    }

    private static void verify(GraphRuns<?> runs, RunId run) {
        var verification = TimeTravel.verify(runs.history(run));
        if (!verification.flaws().isEmpty()) throw new IllegalStateException(String.join(" ", verification.flaws()));
    }
}
