package dev.pawl.bench;

import dev.pawl.bench.Comparison.Latency;
import dev.pawl.bench.Comparison.Throughput;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the engine is to reach, and whether it does: by the median of the repetitions. */
final class Targets {

    private static final double TIMES_DBOS = 8;
    private static final double TIMES_DB_SCHEDULER = 2.5;
    private static final double TIMES_DBOS_JOBS_OF_ONE = 8;
    private static final double TIMES_DBOS_STEPS_OF_TEN = 15;
    private static final double PART_OF_DBOS_LATENCY = 1;

    /** A cost for each item that stays within this is called linear: what remains is warming up. */
    private static final double LINEAR_GROWTH = 1.5;

    private static final double SLOWDOWN_BESIDE_A_MAP = 3;
    private static final double CLAIM_GROWTH = 2;
    private static final double NODE_MILLIS = 5;

    private final List<String> rows = new ArrayList<>();

    /** Against each peer in each of the ways it is measured. */
    void flows(List<Throughput> results) {
        var pawl = results.getFirst();
        for (var other : results) {
            if (other.contender() instanceof DbosWorkflows) {
                atLeast(
                        TIMES_DBOS,
                        "runs per second of " + other.contender().name(),
                        pawl.perSecond().ratioTo(other.perSecond()));
            } else if (other.contender() instanceof DbSchedulerTasks) {
                atLeast(
                        TIMES_DB_SCHEDULER,
                        "executions per second of " + other.contender().name() + ", in tasks",
                        pawl.stepsPerSecond().ratioTo(other.stepsPerSecond()));
            }
        }
    }

    /** Runs for jobs of one step, steps for jobs of ten; in between there is nothing to reach. */
    void jobs(int steps, List<Throughput> results) {
        var pawl = results.getFirst();
        for (var other : results) {
            if (!(other.contender() instanceof DbosWorkflows)) continue;
            String name = other.contender().name();
            if (steps == 1) {
                atLeast(
                        TIMES_DBOS_JOBS_OF_ONE,
                        "runs per second of " + name + ", jobs of one step",
                        pawl.perSecond().ratioTo(other.perSecond()));
            } else if (steps == 10) {
                atLeast(
                        TIMES_DBOS_STEPS_OF_TEN,
                        "steps per second of " + name + ", jobs of ten steps",
                        pawl.stepsPerSecond().ratioTo(other.stepsPerSecond()));
            }
        }
    }

    /** @param what what there was one of */
    void latency(String what, List<Latency> results) {
        var pawl = results.getFirst();
        for (var other : results) {
            if (other.contender() instanceof DbosWorkflows) {
                atMost(
                        PART_OF_DBOS_LATENCY,
                        "unloaded latency of one " + what + ", times the median of "
                                + other.contender().name(),
                        pawl.median().ratioTo(other.median()));
            }
        }
    }

    /** Of the first of the results. */
    void graphs(int atOnce, List<Pace.Result> results) {
        atMost(
                NODE_MILLIS,
                "what the engine takes per node at 95 %%, %,d graphs at once, ms".formatted(atOnce),
                results.getFirst().of(Pace.P95));
    }

    void maps(String where, Maps.Result result) {
        atMost(
                LINEAR_GROWTH,
                "time per item of a map of %,d, times that of %,d%s".formatted(result.big(), result.small(), where),
                result.growth());
        atMost(
                SLOWDOWN_BESIDE_A_MAP,
                "latency of a short run beside a map of %,d, times its unloaded one%s".formatted(result.big(), where),
                result.slowdown());
        atMost(
                Maps.HEAP_LIMIT_MIB,
                "peak heap in MiB, map of %,d%s".formatted(result.big(), where),
                result.of(Maps.HEAP_MIB));
    }

    void claims(List<ClaimCosts.Result> results) {
        claims("one task", results, ClaimCosts.Result::one);
        claims("a hundred tasks", results, ClaimCosts.Result::hundred);
    }

    private void claims(String size, List<ClaimCosts.Result> results, Function<ClaimCosts.Result, Series> figures) {
        double shortest = medians(results, figures).min(Double::compare).orElseThrow();
        double longest = medians(results, figures).max(Double::compare).orElseThrow();
        atMost(
                CLAIM_GROWTH,
                "time to claim %s, longest by shortest of the %d states".formatted(size, results.size()),
                new Series(List.of(longest / shortest)));
    }

    private static Stream<Double> medians(
            List<ClaimCosts.Result> results, Function<ClaimCosts.Result, Series> figures) {
        return results.stream().map(figures).map(Series::median);
    }

    private void atLeast(double wanted, String times, Series reached) {
        add("at least %s times the %s".formatted(number(wanted), times), reached, reached.median() >= wanted);
    }

    private void atMost(double wanted, String what, Series reached) {
        add("%s: at most %s".formatted(what, number(wanted)), reached, reached.median() <= wanted);
    }

    private static String number(double value) {
        return value == Math.rint(value) ? "%,.0f".formatted(value) : String.valueOf(value);
    }

    private void add(String target, Series reached, boolean met) {
        rows.add("| %s | %s | %s – %s | %s |"
                .formatted(
                        target,
                        figure(reached.median()),
                        figure(reached.min()),
                        figure(reached.max()),
                        met ? "yes" : "**no**"));
    }

    private static String figure(double value) {
        return (value < 100 ? "%.2f" : "%,.0f").formatted(value);
    }

    /** A table of all of them; empty if nothing with a target was measured. */
    String markdown() {
        if (rows.isEmpty()) {
            return "";
        }
        return """
                ## Targets

                | target | reached | min – max | met |
                |---|--:|--:|---|
                %s

                """.formatted(String.join("\n", rows));
    }
}
