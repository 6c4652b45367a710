package dev.pawl.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Measures in turn what engines do between the steps of runs, with some runs going on at once. */
final class Pace {

    static final String PER_SECOND = "steps per second";
    static final String MEDIAN = "median gap in ms";
    static final String P95 = "95th percentile of gaps in ms";
    static final String P99 = "99th percentile of gaps in ms";
    static final String PROCESSOR = "processor time of this process per step in ms";
    static final String ALONE = "a step of a run alone in ms";

    private static final int FIRST_RUNS = 200;
    private static final double REOPENED_SECONDS = 1.5;

    private final Databases databases;
    private final Comparison.Plan plan;
    private final int atOnce;

    /** @param atOnce how many runs go on at any moment; in place of what the plan says */
    Pace(Databases databases, Comparison.Plan plan, int atOnce) {
        this.databases = databases;
        this.plan = plan;
        this.atOnce = atOnce;
    }

    /** What was measured of one contender, a figure for each repetition. */
    record Result(Paced contender, Samples samples) {

        Series of(String figure) {
            return samples.series(figure);
        }
    }

    /** @param alone how many runs go on alone, one after the other, in each repetition; may be 0 */
    List<Result> measure(List<? extends Paced> contenders, int alone) throws Exception {
        var results = new ArrayList<Result>();
        var rates = new double[contenders.size()];
        for (int i = 0; i < rates.length; i++) {
            results.add(new Result(contenders.get(i), new Samples()));
            rates[i] = warmUp(contenders.get(i));
        }
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            for (int i = 0; i < rates.length; i++) {
                rates[i] = measure(results.get(i), rates[i], alone);
                var result = results.get(i);
                Comparison.say(
                        "%d/%d  %-40s %,9.0f/s, gaps %.2f, 95 %%: %.2f ms",
                        repetition,
                        plan.repetitions(),
                        result.contender().name(),
                        result.of(PER_SECOND).samples().getLast(),
                        result.of(MEDIAN).samples().getLast(),
                        result.of(P95).samples().getLast());
            }
        }
        return results;
    }

    private double warmUp(Paced contender) throws Exception {
        Comparison.say("warming up %s", contender.name());
        databases.settle();
        contender.prepare();
        try (contender) {
            long begun = System.nanoTime();
            double rate = round(contender, atOnce);
            while (Load.secondsSince(begun) < plan.warmUpSeconds()) {
                rate = round(contender, runs(rate, 1));
            }
            return rate;
        }
    }

    private double measure(Result result, double lastRate, int alone) throws Exception {
        var contender = result.contender();
        var samples = result.samples();
        databases.settle();
        contender.prepare();
        try (contender) {
            round(contender, runs(lastRate, REOPENED_SECONDS));
            System.gc();
            int runs = runs(lastRate, plan.seconds());
            var gaps = new Gaps(runs, contender.stepsPerRun());
            contender.watch(gaps);
            long processor = processorNanos();
            double rate = contender.throughput(runs, atOnce);
            processor = processorNanos() - processor;
            double[] milliseconds = gaps.milliseconds();
            samples.add(PER_SECOND, rate * contender.stepsPerRun());
            samples.add(MEDIAN, Series.percentile(milliseconds, 0.5));
            samples.add(P95, Series.percentile(milliseconds, 0.95));
            samples.add(P99, Series.percentile(milliseconds, 0.99));
            samples.add(PROCESSOR, processor / 1e6 / runs / contender.stepsPerRun());
            if (alone > 0) {
                contender.watch(new Gaps(alone, contender.stepsPerRun()));
                samples.add(ALONE, Series.percentile(contender.latencies(alone), 0.5) / contender.stepsPerRun());
            }
            return rate;
        }
    }

    private double round(Paced contender, int runs) throws Exception {
        contender.watch(new Gaps(runs, contender.stepsPerRun()));
        return contender.throughput(runs, atOnce);
    }

    private int runs(double rate, double seconds) {
        return Math.max(Math.max(FIRST_RUNS, atOnce), (int) (rate * seconds));
    }

    private static long processorNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
