package dev.pawl.bench;

import java.util.Arrays;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;

/** One figure per repetition, in the order of the repetitions. */
record Series(List<Double> samples) {

    Series {
        if (samples.isEmpty()) {
            throw new IllegalArgumentException("a series needs at least one sample");
        }
        samples = List.copyOf(samples);
    }

    double median() {
        return percentile(0.5);
    }

    double min() {
        return percentile(0);
    }

    double max() {
        return percentile(1);
    }

    /**
     * The ratios repetition by repetition. What slows a noisy machine down for a while slows the neighbours in the same
     * repetition too, so ratios taken in pairs spread less than the figures themselves.
     */
    Series ratioTo(Series other) {
        if (samples.size() != other.samples.size()) {
            throw new IllegalArgumentException("ratios are taken in pairs, but there are " + samples.size() + " and "
                    + other.samples.size() + " samples");
        }
        return new Series(IntStream.range(0, samples.size())
                .mapToObj(i -> samples.get(i) / other.samples.get(i))
                .toList());
    }

    /** The same figures in another unit. */
    Series map(DoubleUnaryOperator unit) {
        return new Series(samples.stream().map(unit::applyAsDouble).toList());
    }

    private double percentile(double fraction) {
        return percentile(samples.stream().mapToDouble(Double::doubleValue).toArray(), fraction);
    }

    /** The value below which a fraction of the values lies, interpolated between neighbours. */
    static double percentile(double[] values, double fraction) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double at = fraction * (sorted.length - 1);
        int below = (int) Math.floor(at);
        int above = (int) Math.ceil(at);
        return sorted[below] + (sorted[above] - sorted[below]) * (at - below);
    }
}
