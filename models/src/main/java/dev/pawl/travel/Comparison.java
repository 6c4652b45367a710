package dev.pawl.travel;

import dev.pawl.json.JsonDiff;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Two moments of one run, or two runs, side by side. */
public final class Comparison {

    private Comparison() {}

    /** What differs between the states after two moments of a run, a sentence each. */
    public static List<String> states(Timeline run, int before, int after) {
        return JsonDiff.of(run.state(before), run.state(after));
    }

    /**
     * Where two runs part ways.
     *
     * @param number the first moment that differs
     * @param one that of the first run; null if it ends before
     * @param other that of the second run; null likewise
     * @param differences of the states, a sentence each
     */
    public record Parting(
            int number, @Nullable Moment one, @Nullable Moment other, List<String> differences) {}

    /** Where two runs part ways; null if they are the same. Begins where both are known. */
    public static @Nullable Parting parting(Timeline one, Timeline other) {
        int last = Math.max(one.last(), other.last());
        for (int number = Math.max(one.first(), other.first()); number <= last; number++) {
            var first = number > one.last() ? null : one.at(number);
            var second = number > other.last() ? null : other.at(number);
            if (same(first, second)) continue;
            var differences = first == null || second == null
                    ? List.<String>of()
                    : JsonDiff.of(one.state(number), other.state(number));
            return new Parting(number, first, second, differences);
        }
        return null;
    }

    private static boolean same(@Nullable Moment one, @Nullable Moment other) {
        return one != null
                && other != null
                && one.what().equals(other.what())
                && one.hash().equals(other.hash())
                && Objects.equals(one.next(), other.next());
    }
}
