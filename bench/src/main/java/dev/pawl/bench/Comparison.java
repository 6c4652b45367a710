package dev.pawl.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Measures contenders in turn, A B C A B C, so that a machine which gets slower or faster treats all of them alike. */
final class Comparison {

    /**
     * How long everything takes.
     *
     * @param repetitions how often each contender is measured
     * @param seconds how long each measurement should last, roughly
     * @param warmUpSeconds how long each contender runs before anything counts
     * @param concurrency how many runs may be submitted and not yet finished at any moment
     * @param latencySamples how many single runs one repetition has when nothing else is going on
     */
    record Plan(int repetitions, double seconds, double warmUpSeconds, int concurrency, int latencySamples) {}

    /** What one contender finished per second in each repetition. */
    record Throughput(Contender contender, Series perSecond) {

        Series stepsPerSecond() {
            return perSecond.map(runs -> runs * contender.stepsPerRun());
        }
    }

    /** How long single runs of one contender took: median and 95th percentile of each repetition, in milliseconds. */
    record Latency(Contender contender, Series median, Series p95) {}

    private static final int FIRST_RUNS = 500;

    /** New connections need a while until their statements are prepared and their caches filled. */
    private static final double REOPENED_SECONDS = 1.5;

    private final Databases databases;
    private final Plan plan;

    Comparison(Databases databases, Plan plan) {
        this.databases = databases;
        this.plan = plan;
    }

    List<Throughput> throughput(List<Contender> contenders) throws Exception {
        var rates = new double[contenders.size()];
        for (int i = 0; i < rates.length; i++) {
            try (var contender = opened(contenders.get(i))) {
                rates[i] = warmUp(contender);
            }
        }
        var samples = emptySamples(contenders);
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            for (int i = 0; i < rates.length; i++) {
                try (var contender = opened(contenders.get(i))) {
                    contender.throughput(runs(rates[i], REOPENED_SECONDS), plan.concurrency());
                    System.gc();
                    rates[i] = contender.throughput(runs(rates[i], plan.seconds()), plan.concurrency());
                    samples.get(i).add(rates[i]);
                    say("%d/%d  %-32s %,9.0f/s", repetition, plan.repetitions(), contender.name(), rates[i]);
                }
            }
        }
        var results = new ArrayList<Throughput>();
        for (int i = 0; i < rates.length; i++) {
            results.add(new Throughput(contenders.get(i), new Series(samples.get(i))));
        }
        return results;
    }

    List<Latency> latency(List<Contender> contenders) throws Exception {
        for (var each : contenders) {
            try (var contender = opened(each)) {
                say("warming up %s", contender.name());
                long begun = System.nanoTime();
                while (Load.secondsSince(begun) < plan.warmUpSeconds()) {
                    contender.latencies(100);
                }
            }
        }
        var medians = emptySamples(contenders);
        var tails = emptySamples(contenders);
        for (int repetition = 1; repetition <= plan.repetitions(); repetition++) {
            for (int i = 0; i < contenders.size(); i++) {
                try (var contender = opened(contenders.get(i))) {
                    contender.latencies(plan.latencySamples() / 4);
                    System.gc();
                    double[] milliseconds = contender.latencies(plan.latencySamples());
                    medians.get(i).add(Series.percentile(milliseconds, 0.5));
                    tails.get(i).add(Series.percentile(milliseconds, 0.95));
                    say(
                            "%d/%d  %-32s %9.2f ms",
                            repetition,
                            plan.repetitions(),
                            contender.name(),
                            medians.get(i).getLast());
                }
            }
        }
        var results = new ArrayList<Latency>();
        for (int i = 0; i < contenders.size(); i++) {
            results.add(new Latency(contenders.get(i), new Series(medians.get(i)), new Series(tails.get(i))));
        }
        return results;
    }

    private Contender opened(Contender contender) throws Exception {
        databases.settle();
        contender.prepare();
        return contender;
    }

    /** Runs a contender until it is warm, in rounds of about a second, and returns the rate of the last round. */
    private double warmUp(Contender contender) throws Exception {
        say("warming up %s", contender.name());
        long begun = System.nanoTime();
        double rate = contender.throughput(FIRST_RUNS, plan.concurrency());
        while (Load.secondsSince(begun) < plan.warmUpSeconds()) {
            rate = contender.throughput(runs(rate, 1), plan.concurrency());
        }
        return rate;
    }

    private static int runs(double rate, double seconds) {
        return Math.max(FIRST_RUNS, (int) (rate * seconds));
    }

    private static List<List<Double>> emptySamples(List<Contender> contenders) {
        var samples = new ArrayList<List<Double>>();
        contenders.forEach(contender -> samples.add(new ArrayList<>()));
        return samples;
    }

    /** Progress goes beside the results, which are all that is printed to the standard output. */
    static void say(String format, Object... values) {
        System.err.printf(Locale.ROOT, format + "%n", values);
    }
}
