package dev.pawl.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Measures Pawl beside its peers and beside its own floor, and prints the result as Markdown.
 *
 * <pre>
 * Main [PART…] [options]       all parts but tune when none is named
 *   flows      flows of three steps, thousands at once, beside peers and the floor
 *   latency    one flow alone, beside peers and the floor
 *   jobs       jobs of 1, 5 and 10 steps, thousands at once, beside a peer and the floor
 *   job-latency one job of one step alone, beside a peer and the floor
 *   sqlite     both on SQLite, beside the floor there
 *   sqlite-jobs both on SQLite, beside the floor there
 *   graphs     what lies between the nodes of a hundred graphs at once, beside a peer, and on SQLite
 *   graph-hashing what hashing costs with small and large states, and what is kept of these
 *   policy     how long policies take to decide, and what they cost a graph
 *   pipelines  messages through pipelines of two consumers, and what tracking their changes costs
 *   idle-pipelines what pipelines cost that have nothing to do
 *   replay     how fast recorded runs of graphs are executed again, and verified
 *   parked     jobs that wait: memory, restart, and what idling and leases cost
 *   map        small and big maps, their memory, and a short run beside them
 *   claims     what a claim costs, however deep the queue is and whatever has passed through it
 *   forms      what arrays buy against rows in JDBC batches
 *   tune       looks for the best settings of the peers
 *
 *   --repetitions 5    how often each contender is measured
 *   --seconds 4        how long each measurement of throughput lasts, roughly
 *   --warm-up 8        how many seconds each contender runs before anything counts
 *   --concurrency 4096 how many runs may be submitted and not yet finished at once
 *   --samples 200      how many single runs each measurement of latency has
 *   --small-map 10000  items of the small map
 *   --big-map 1000000  items of the big map; a tenth of it on SQLite
 *   --big-maps 2       how many processes with big maps there are, one after the other
 *   --parked 100000    how many jobs wait
 *   --passing 1000000  how many tasks pass through a queue before claims are measured again, and how deep it is at most
 *   --data FOLDER      where the databases lie, on a disk (target/bench)
 *   --markdown FILE    where to write the report, besides printing it
 * </pre>
 */
public final class Main {

    private static final String COMMAND =
            "java -cp 'bench/target/pawl-bench.jar:bench/target/lib/*' dev.pawl.bench.Main";

    private static final List<String> PARTS = List.of(
            "flows",
            "latency",
            "jobs",
            "job-latency",
            "sqlite",
            "sqlite-jobs",
            "graphs",
            "graph-hashing",
            "policy",
            "replay",
            "pipelines",
            "idle-pipelines",
            "parked",
            "map",
            "claims",
            "forms",
            "tune");

    private static final List<Integer> JOB_STEPS = List.of(1, 5, 10);

    /** How many graphs go on at once. */
    private static final int GRAPHS = 100;

    /** How many graphs go on alone in each repetition. */
    private static final int ALONE = 30;

    /** How many pipelines go on at once. */
    private static final List<Integer> PIPELINES = List.of(1, 100);

    private static final List<Integer> IDLE_PIPELINES = List.of(1, 1_000);

    private static final List<Integer> STATE_KILOBYTES = List.of(1, 100);

    /** Options that say where, not what; they are nobody else's business. */
    private static final Set<String> PLACES = Set.of("--data", "--markdown");

    private final Set<String> parts = new LinkedHashSet<>();
    private final StringBuilder command = new StringBuilder(COMMAND);
    private int repetitions = 5;
    private double seconds = 4;
    private double warmUp = 8;
    private int concurrency = 4_096;
    private int samples = 200;
    private int smallMap = 10_000;
    private int bigMap = 1_000_000;
    private int bigMaps = 2;
    private int parked = 100_000;
    private int passing = 1_000_000;
    private Path data = Path.of("target", "bench");
    private @Nullable Path markdown;

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        var main = new Main();
        main.read(List.of(arguments));
        main.run();
        System.exit(0); // some peers leave threads behind
    }

    private void read(List<String> arguments) {
        var rest = new ArrayList<>(arguments).iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            if (PARTS.contains(argument)) {
                parts.add(argument);
                command.append(' ').append(argument);
                continue;
            }
            if (!argument.startsWith("--") || !rest.hasNext()) {
                throw new IllegalArgumentException(
                        "Unknown part or option without a value: \"" + argument + "\"; parts are " + PARTS + ".");
            }
            String value = rest.next();
            option(argument, value);
            if (!PLACES.contains(argument)) {
                command.append(' ').append(argument).append(' ').append(value);
            }
        }
        if (parts.isEmpty()) {
            parts.addAll(PARTS);
            parts.remove("tune");
        }
    }

    private void option(String name, String value) {
        switch (name) {
            case "--repetitions" -> repetitions = Integer.parseInt(value);
            case "--seconds" -> seconds = Double.parseDouble(value);
            case "--warm-up" -> warmUp = Double.parseDouble(value);
            case "--concurrency" -> concurrency = Integer.parseInt(value);
            case "--samples" -> samples = Integer.parseInt(value);
            case "--small-map" -> smallMap = Integer.parseInt(value);
            case "--big-map" -> bigMap = Integer.parseInt(value);
            case "--big-maps" -> bigMaps = Integer.parseInt(value);
            case "--parked" -> parked = Integer.parseInt(value);
            case "--passing" -> passing = Integer.parseInt(value);
            case "--data" -> data = Path.of(value);
            case "--markdown" -> markdown = Path.of(value);
            default -> throw new IllegalArgumentException("Unknown option \"" + name + "\".");
        }
    }

    private void run() throws Exception {
        try (var postgres = PostgresForBench.start(data);
                var sqlite = SqliteForBench.start(data)) {
            var machine = List.of(
                    postgres.description() + ".",
                    sqlite.description() + ".",
                    "One sync of a page to this disk takes %.2f ms.".formatted(Disk.syncMilliseconds(data)));
            var report = new Report(command.toString(), machine, repetitions);
            for (String part : parts) {
                long begun = System.nanoTime();
                measure(part, postgres, sqlite, report);
                Comparison.say("%s took %.0f s", part, Load.secondsSince(begun));
            }
            if (!parts.equals(Set.of("tune"))) {
                publish(report.markdown());
            }
        }
    }

    private void measure(String part, PostgresForBench postgres, SqliteForBench sqlite, Report report)
            throws Exception {
        var plan = new Comparison.Plan(repetitions, seconds, warmUp, concurrency, samples);
        switch (part) {
            case "flows" ->
                report.flows(
                        "Flows of three steps",
                        concurrency,
                        new Comparison(postgres, plan).throughput(Contenders.flows(postgres, plan)));
            case "latency" ->
                report.latency(
                        "One flow alone",
                        "flow",
                        samples,
                        new Comparison(postgres, plan).latency(Contenders.latency(postgres)));
            case "jobs" -> {
                for (int steps : JOB_STEPS) {
                    var contenders = Contenders.jobs(postgres, plan, steps);
                    report.jobs(
                            jobsOf(steps), concurrency, steps, new Comparison(postgres, plan).throughput(contenders));
                }
            }
            case "job-latency" ->
                report.latency(
                        "One job of one step alone",
                        "job of one step",
                        samples,
                        new Comparison(postgres, plan).latency(Contenders.jobLatency(postgres, 1)));
            case "sqlite-jobs" -> {
                for (int steps : JOB_STEPS) {
                    var contenders = Contenders.sqliteJobs(sqlite, plan, steps);
                    report.jobs(
                            jobsOf(steps) + " on SQLite",
                            concurrency,
                            steps,
                            new Comparison(sqlite, plan).throughput(contenders));
                }
                report.latency(
                        "One job of one step alone on SQLite",
                        "job of one step on SQLite",
                        samples,
                        new Comparison(sqlite, plan).latency(Contenders.sqliteJobLatency(sqlite, 1)));
            }
            case "graphs" -> {
                String title = "Graphs of %d nodes".formatted(GraphRuns.NODES);
                report.graphs(title, GRAPHS, pace(postgres, plan).measure(Contenders.graphs(postgres), 0));
                report.sqliteGraphs(
                        title + " on SQLite", GRAPHS, pace(sqlite, plan).measure(Contenders.sqliteGraphs(sqlite), 0));
            }
            case "graph-hashing" -> {
                for (int kilobytes : STATE_KILOBYTES) {
                    var contenders = Contenders.hashings(postgres, kilobytes);
                    var kept = contenders.getFirst().keptPerStep();
                    report.hashings(
                            kilobytes, GRAPHS, kept, pace(postgres, plan).measure(contenders, ALONE));
                }
            }
            case "policy" -> {
                report.decisions(new PolicyDecisions(sqlite.newDatabase("policy_documents"), repetitions).measure());
                report.policies(GRAPHS, pace(postgres, plan).measure(Contenders.policies(postgres), 0));
            }
            case "replay" -> {
                report.replays("Replay", new ReplaySpeed(postgres, repetitions).measure());
                report.replays("Replay on SQLite", new ReplaySpeed(sqlite, repetitions).measure());
            }
            case "pipelines" -> {
                for (int count : PIPELINES) {
                    report.pipelines(
                            pipelinesOf(count),
                            new Comparison(postgres, plan)
                                    .throughput(Contenders.pipelinesAndPeer(postgres, "pipelines", count)));
                }
                report.message(
                        "One message alone",
                        samples,
                        new Comparison(postgres, plan).latency(Contenders.pipelinesAndPeer(postgres, "message", 1)));
                for (int count : PIPELINES) {
                    report.pipelines(
                            pipelinesOf(count) + " on SQLite",
                            new Comparison(sqlite, plan).throughput(Contenders.pipelines(sqlite, "pipelines", count)));
                }
            }
            case "idle-pipelines" -> {
                report.idlePipelines(
                        "Idle pipelines", new IdlePipelines(postgres, repetitions).measure(IDLE_PIPELINES));
                report.idlePipelines(
                        "Idle pipelines on SQLite", new IdlePipelines(sqlite, repetitions).measure(IDLE_PIPELINES));
            }
            case "parked" -> {
                report.parked("Parked jobs", new Parked(postgres, data, repetitions).measure(parked));
                report.parked("Parked jobs on SQLite", new Parked(sqlite, data, repetitions).measure(parked));
            }
            case "sqlite" -> {
                var comparison = new Comparison(sqlite, plan);
                report.flows(
                        "Flows of three steps on SQLite",
                        concurrency,
                        comparison.throughput(Contenders.sqliteFlows(sqlite, plan)));
                report.latency(
                        "One flow alone on SQLite",
                        "flow on SQLite",
                        samples,
                        comparison.latency(Contenders.sqliteLatency(sqlite)));
            }
            case "map" -> {
                report.maps("Maps", "", new Maps(postgres, data, bigMaps, samples).measure(smallMap, bigMap));
                report.maps(
                        "Maps on SQLite",
                        ", on SQLite",
                        new Maps(sqlite, data, bigMaps, samples).measure(smallMap, bigMap / 10));
            }
            case "claims" ->
                report.claims(
                        "Claims",
                        new ClaimCosts(postgres, repetitions)
                                .measure(List.of(passing / 1_000, passing / 10, passing), passing));
            case "forms" -> report.forms("Arrays and rows", new StatementForms(postgres, repetitions).measure());
            default -> new PeerTuning(postgres, seconds, concurrency).run();
        }
    }

    private static Pace pace(Databases databases, Comparison.Plan plan) {
        return new Pace(databases, plan, GRAPHS);
    }

    private static String pipelinesOf(int count) {
        return count == 1 ? "One pipeline" : "%d pipelines".formatted(count);
    }

    private static String jobsOf(int steps) {
        return steps == 1 ? "Jobs of one step" : "Jobs of %d steps".formatted(steps);
    }

    private void publish(String report) throws Exception {
        System.out.println(report);
        if (markdown != null) {
            Files.writeString(markdown, report);
        }
    }
}
