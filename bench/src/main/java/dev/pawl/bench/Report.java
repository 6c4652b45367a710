package dev.pawl.bench;

import dev.pawl.bench.Comparison.Latency;
import dev.pawl.bench.Comparison.Throughput;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Writes results as Markdown. The first contender of a list is the one that is set against all others. */
final class Report {

    private final StringBuilder text = new StringBuilder();
    private final Map<String, String> tuned = new LinkedHashMap<>();
    private final Targets targets = new Targets();
    private final String head;

    /**
     * @param command what measures all this again
     * @param machine what it was measured on
     */
    Report(String command, List<String> machine, int repetitions) {
        head = """
                # Performance

                Measured in one run of

                    %s

                on %d processors, with client and server on the same machine; Java %s with a heap of at most %,d MiB.
                %s

                %d repetitions in turn; each figure is the median, then minimum and maximum. Ratios are taken repetition by
                repetition: what slows the machine down for a while slows neighbours alike. Absolute figures do not carry over to
                other machines; ratios do.

                """.formatted(
                        command,
                        Runtime.getRuntime().availableProcessors(),
                        System.getProperty("java.version"),
                        Runtime.getRuntime().maxMemory() >> 20,
                        String.join("\n", machine),
                        repetitions);
    }

    void flows(String title, int concurrency, List<Throughput> results) {
        throughput(title, concurrency, results);
        targets.flows(results);
    }

    /** @param steps how many steps each job had */
    void jobs(String title, int concurrency, int steps, List<Throughput> results) {
        throughput(title, concurrency, results);
        targets.jobs(steps, results);
    }

    private void throughput(String title, int concurrency, List<Throughput> results) {
        section(
                title,
                "Finished per second, with up to %,d submitted and not yet finished at once.".formatted(concurrency));
        rates(results);
    }

    private void rates(List<Throughput> results) {
        line("| | per second | min – max | durable steps per second |");
        line("|---|--:|--:|--:|");
        for (var result : results) {
            line("| %s | %s | %,.0f |"
                    .formatted(
                            result.contender().name(),
                            whole(result.perSecond()),
                            result.stepsPerSecond().median()));
            remember(result.contender());
        }
        line("");
        var subject = results.getFirst();
        line("| %s, times as many per second as | runs or executions | min – max | durable steps | min – max |"
                .formatted(subject.contender().name()));
        line("|---|--:|--:|--:|--:|");
        for (var other : results.subList(1, results.size())) {
            line("| %s | %s | %s |"
                    .formatted(
                            other.contender().name(),
                            fine(subject.perSecond().ratioTo(other.perSecond())),
                            fine(subject.stepsPerSecond().ratioTo(other.stepsPerSecond()))));
        }
        line("");
        for (var other : results) {
            if (other.contender() instanceof Floor) {
                line("%s reaches **%.0f %%** of its floor."
                        .formatted(
                                subject.contender().name(),
                                100
                                        * subject.perSecond()
                                                .ratioTo(other.perSecond())
                                                .median()));
                line("");
            }
        }
    }

    /** @param what what there was one of */
    void latency(String title, String what, int samples, List<Latency> results) {
        latency(title, samples, results);
        targets.latency(what, results);
    }

    private void latency(String title, int samples, List<Latency> results) {
        section(
                title,
                "Milliseconds from submit to the known result, one run after the other, %,d in each repetition."
                        .formatted(samples));
        line("| | median | min – max of the medians | 95th percentile |");
        line("|---|--:|--:|--:|");
        for (var result : results) {
            line("| %s | %s | %.2f |"
                    .formatted(
                            result.contender().name(),
                            fine(result.median()),
                            result.p95().median()));
            remember(result.contender());
        }
        line("");
        var subject = results.getFirst();
        line("| %s takes, times the time of | ratio | min – max |"
                .formatted(subject.contender().name()));
        line("|---|--:|--:|");
        for (var other : results.subList(1, results.size())) {
            line("| %s | %s |"
                    .formatted(other.contender().name(), fine(subject.median().ratioTo(other.median()))));
        }
        line("");
    }

    /** What lies between nodes, where there is a target for it. */
    void graphs(String title, int atOnce, List<Pace.Result> results) {
        sqliteGraphs(title, atOnce, results);
        targets.graphs(atOnce, results);
    }

    /** The same without a target. */
    void sqliteGraphs(String title, int atOnce, List<Pace.Result> results) {
        section(title, """
                %,d runs at once, all the time. What lies between the end of the user code of one node and the beginning of the user
                code of the next node of the same run, in milliseconds: everything that the engine does about a node, its commit
                included. All nodes of all runs, median and percentiles of each repetition.""".formatted(atOnce));
        line("| ms between nodes | median | min – max | 95 % | min – max | 99 % | min – max |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.contender().name(),
                    fine(result.of(Pace.MEDIAN)) + " | " + fine(result.of(Pace.P95)) + " | "
                            + fine(result.of(Pace.P99)));
            remember(result.contender());
        }
        line("");
        line("| | nodes per second | min – max | processor time of this process per node, ms | min – max |");
        line("|---|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.contender().name(),
                    whole(result.of(Pace.PER_SECOND)) + " | " + precise(result.of(Pace.PROCESSOR)));
        }
        line("");
        ratios(
                results,
                Pace.MEDIAN,
                "time between nodes, median",
                Pace.P95,
                "95 %",
                Pace.PER_SECOND,
                "nodes per second");
    }

    /** @param kept characters that a step keeps of its state */
    void hashings(int kilobytes, int atOnce, double kept, List<Pace.Result> results) {
        section("Hashing, %d KB of state".formatted(kilobytes), """
                Each node changes one entry of a list of entries of 100 bytes. A node keeps %,.0f characters of the state on
                average. %,d runs of %d nodes at once; and one alone, from submit to the known result by the number of its nodes.""".formatted(kept, atOnce, GraphRuns.NODES));
        line("| | nodes per second | min – max | ms of a node alone | min – max | processor ms per node | min – max |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.contender().name(),
                    whole(result.of(Pace.PER_SECOND)) + " | " + precise(result.of(Pace.ALONE)) + " | "
                            + precise(result.of(Pace.PROCESSOR)));
        }
        line("");
        ratios(
                results,
                Pace.PER_SECOND,
                "nodes per second",
                Pace.ALONE,
                "time of a node alone",
                Pace.PROCESSOR,
                "processor time");
    }

    void policies(int atOnce, List<Pace.Result> results) {
        section("Graphs under a policy", """
                %,d runs of %d nodes at once, each with a recorded call: a policy is asked at the submission, and three times for
                each node. Its decisions are kept with the node.""".formatted(atOnce, GraphRuns.NODES));
        line(
                "| | nodes per second | min – max | ms between nodes, 95 % | min – max | processor ms per node | min – max |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.contender().name(),
                    whole(result.of(Pace.PER_SECOND)) + " | " + fine(result.of(Pace.P95)) + " | "
                            + precise(result.of(Pace.PROCESSOR)));
        }
        line("");
        ratios(
                results,
                Pace.PER_SECOND,
                "nodes per second",
                Pace.P95,
                "time between nodes, 95 %",
                Pace.PROCESSOR,
                "processor time");
    }

    /** Each by the first. */
    private void ratios(
            List<Pace.Result> results,
            String one,
            String oneIs,
            String two,
            String twoIs,
            String three,
            String threeIs) {
        var first = results.getFirst();
        line("| times that of %s | %s | min – max | %s | min – max | %s | min – max |"
                .formatted(first.contender().name(), oneIs, twoIs, threeIs));
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var other : results.subList(1, results.size())) {
            row(
                    other.contender().name(),
                    fine(other.of(one).ratioTo(first.of(one))) + " | "
                            + fine(other.of(two).ratioTo(first.of(two))) + " | "
                            + fine(other.of(three).ratioTo(first.of(three))));
        }
        line("");
    }

    void replays(String title, List<ReplaySpeed.Result> results) {
        section(title, """
                Steps per second of one run after the other, each of %d nodes, on one thread and read from the database: executed
                again with the code at hand and compared with what was recorded, and verified without the code.""".formatted(GraphRuns.NODES));
        line("| | executed again | min – max | verified | min – max |");
        line("|---|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.what(),
                    whole(result.samples().series(ReplaySpeed.AGAIN)) + " | "
                            + whole(result.samples().series(ReplaySpeed.VERIFIED)));
        }
        line("");
    }

    void pipelines(String title, List<Throughput> results) {
        section(title, """
                Messages per second through two consumers, published at once, from the first publication to the last arrival. Changes do
                nothing, so what is left is what tracking them costs. The peer's workflow of two steps reserves nothing, tracks no
                outcome, and calls again what was under way when it died.""");
        rates(results);
    }

    void message(String title, int samples, List<Latency> results) {
        latency(title, samples, results);
    }

    void idlePipelines(String title, List<IdlePipelines.Result> results) {
        section(title, """
                Pipelines with a producer that is due in an hour and a consumer that waits for messages: how often the worker calls the
                store, of whatever kind, and what the process takes of one processor.""");
        line("| pipelines | calls/s | min – max | % of a processor | min – max |");
        line("|--:|--:|--:|--:|--:|");
        for (var result : results) {
            row("%,d".formatted(result.pipelines()), fine(result.calls()) + " | " + fine(result.cpu()));
        }
        line("");
    }

    void decisions(List<PolicyDecisions.Result> results) {
        section("Decisions of policies", """
                Microseconds for one decision, one after the other: the documents that a graph of %d nodes with a recorded call in
                each brings about, and one with much in it.""".formatted(GraphRuns.NODES));
        line("| | median | min – max | 95 % | min – max | 99 % | min – max |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var result : results) {
            row(
                    result.what(),
                    fine(result.of(PolicyDecisions.MEDIAN)) + " | " + fine(result.of(PolicyDecisions.P95)) + " | "
                            + fine(result.of(PolicyDecisions.P99)));
        }
        line("");
    }

    void maps(String title, String where, Maps.Result result) {
        section(title, """
                A list of integers, a map over it, and the sum of what comes out, in a process of its own with a heap of %,d MiB
                and the settings of Pawl elsewhere. Beside the second big map, flows of three steps go on in the same process,
                one after the other; those within its fan-out count. Heap in use is taken after each collection of garbage.
                Processes, one after the other: %d.""".formatted(
                Maps.HEAP_LIMIT_MIB, result.of(Maps.BIG_SECONDS).samples().size()));
        line("| | median | min – max |");
        line("|---|--:|--:|");
        row(
                "map of %,d, items per second".formatted(result.small()),
                whole(result.itemsPerSecond(Maps.SMALL_SECONDS, result.small())));
        row(
                "map of %,d, items per second".formatted(result.big()),
                whole(result.itemsPerSecond(Maps.BIG_SECONDS, result.big())));
        row(
                "map of %,d beside short runs, items per second".formatted(result.big()),
                whole(result.itemsPerSecond(Maps.SHARED_SECONDS, result.big())));
        row("time per item, big map by small map", fine(result.growth()));
        row("median latency of a short run alone, ms per step", fine(perStep(result.of(Maps.ALONE_MILLIS))));
        row("the same beside the big map", fine(perStep(result.of(Maps.BESIDE_MILLIS))));
        row("how many short runs that was", whole(result.of(Maps.BESIDE_RUNS)));
        row("the second by the first", fine(result.slowdown()));
        row("95th percentile alone, ms per step", fine(perStep(result.of(Maps.ALONE_P95_MILLIS))));
        row("the same beside the big map", fine(perStep(result.of(Maps.BESIDE_P95_MILLIS))));
        row("peak of heap in use, MiB", whole(result.of(Maps.HEAP_MIB)));
        row("peak of memory of the process, MiB", whole(result.of(Maps.RESIDENT_MIB)));
        line("");
        targets.maps(where, result);
    }

    void parked(String title, Parked.Result result) {
        section(title, """
                Half of them in `job.sleep` for a day, half in `job.await` for a message, each after a step, in a process of its own
                with a heap of %,d MiB and the settings of Pawl elsewhere; then another process opens the same database. Heap in
                use is taken after a collection of garbage. What goes on while nothing does is watched for ten seconds; calls of
                the store are transactions and reads. Repetitions: %d.""".formatted(
                Parked.HEAP_LIMIT_MIB, result.of(Parked.PARK_SECONDS).samples().size()));
        line("| %,d jobs | median | min – max |".formatted(result.jobs()));
        line("|---|--:|--:|");
        row("submitted and parked, per second", whole(result.parkedPerSecond()));
        row("heap in use without them, MiB", fine(result.of(Parked.EMPTY_HEAP_MIB)));
        row("heap in use with them, MiB", fine(result.of(Parked.PARKED_HEAP_MIB)));
        row("heap in use of a process started after, MiB", fine(result.of(Parked.RESTARTED_HEAP_MIB)));
        row("peak of memory of the process that parked them, MiB", whole(result.of(Parked.RESIDENT_MIB)));
        row("a job of one step alone without them, ms", fine(result.of(Parked.RUN_MILLIS)));
        row("the same beside them, ms", fine(result.of(Parked.BESIDE_RUN_MILLIS)));
        row("restart: opening, ms", whole(result.of(Parked.OPEN_MILLIS)));
        row(
                "restart: from the start of the process to the end of its first job, ms",
                whole(result.of(Parked.RESTART_MILLIS)));
        row("from a message to the end of the job that waited for it, ms", fine(result.of(Parked.WAKE_MILLIS)));
        row("idle: claims per second", fine(result.of(Parked.IDLE_CLAIMS)));
        row("idle: calls of the store per second", fine(result.of(Parked.IDLE_CALLS)));
        row("idle: percent of one processor", fine(result.of(Parked.IDLE_CPU)));
        row(leases("statements per second that extend them"), fine(result.of(Parked.LEASE_TRANSACTIONS)));
        row(leases("how many are extended per second"), whole(result.of(Parked.LEASE_ROWS)));
        row(leases("percent of one processor"), fine(result.of(Parked.LEASE_CPU)));
        line("");
    }

    private static String leases(String what) {
        return "leases of %,d tasks that go on: %s".formatted(Parked.LONG_TASKS, what);
    }

    private static Series perStep(Series milliseconds) {
        return milliseconds.map(run -> run / Work.STEPS);
    }

    void claims(String title, List<ClaimCosts.Result> results) {
        section(title, """
                Milliseconds for one claim, commit included, one after the other over one connection: the median of each
                repetition. Each task is of a run of its own. Nothing was vacuumed by hand after tasks had passed through.""");
        line("| | a claim of one | min – max | a claim of a hundred | min – max | tasks per second in hundreds |");
        line("|---|--:|--:|--:|--:|--:|");
        for (var result : results) {
            line("| %s | %s | %s | %,.0f |"
                    .formatted(
                            result.state(),
                            fine(result.one()),
                            fine(result.hundred()),
                            100_000 / result.hundred().median()));
        }
        line("");
        targets.claims(results);
    }

    void forms(String title, List<StatementForms.Result> results) {
        section(title, """
                Rows per second over one connection, %d rows to a commit: once as arrays in one statement for the batch, as Pawl
                does on PostgreSQL, and once as a JDBC batch of the statement for a single row.""".formatted(StatementForms.BATCH));
        line("| | arrays | min – max | row by row | min – max | ratio | min – max |");
        line("|---|--:|--:|--:|--:|--:|--:|");
        for (var result : results) {
            line("| `%s` | %s | %s | %s |"
                    .formatted(
                            result.statement(),
                            whole(result.arrays()),
                            whole(result.rows()),
                            fine(result.arrays().ratioTo(result.rows()))));
        }
        line("");
    }

    /** The whole page, with the targets first, and how each contender was configured last. */
    String markdown() {
        var page = new StringBuilder(head).append(targets.markdown()).append(text);
        if (!tuned.isEmpty()) {
            page.append("## How each is configured\n\n");
            tuned.forEach((name, tuning) -> page.append("- **")
                    .append(name)
                    .append("**: ")
                    .append(tuning)
                    .append(".\n"));
        }
        return page.toString().stripTrailing() + '\n';
    }

    private static String whole(Series series) {
        return "%,.0f | %,.0f – %,.0f".formatted(series.median(), series.min(), series.max());
    }

    private static String fine(Series series) {
        return "%.2f | %.2f – %.2f".formatted(series.median(), series.min(), series.max());
    }

    private static String precise(Series series) {
        return "%.3f | %.3f – %.3f".formatted(series.median(), series.min(), series.max());
    }

    private void section(String title, String introduction) {
        line("## " + title);
        line("");
        line(introduction);
        line("");
    }

    private void row(String what, String figures) {
        line("| " + what + " | " + figures + " |");
    }

    private void remember(Contender contender) {
        tuned.putIfAbsent(contender.name(), contender.tuning());
    }

    private void line(String line) {
        text.append(line).append('\n');
    }
}
