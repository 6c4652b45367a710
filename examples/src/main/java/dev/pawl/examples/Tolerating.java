package dev.pawl.examples;

import dev.pawl.core.Retry;
import dev.pawl.flow.Flow;
import dev.pawl.flow.Tolerance;
import java.util.List;

/** Tolerated failures: up to half of the elements may fail; the sum is that of the others, and the bad ones are named. */
public final class Tolerating {

    /** What could be added up, and the places of what could not. */
    public record Sum(long sum, List<Integer> bad) {}

    /** The flow. Its input is a list, so it can begin with a map. */
    public static final Flow<List<String>, Sum> FLOW = Flow.defineList("tolerating", String.class, (f, texts) -> {
        var numbers = f.map("parse", Long.class, texts, text -> Long.parseLong(text))
                .retry(Retry.never())
                .tolerate(Tolerance.percent(50));
        return f.step(
                "sum",
                Sum.class,
                numbers,
                some -> new Sum(
                        some.values().stream().mapToLong(Long::longValue).sum(),
                        some.errors().stream().map(error -> error.index()).toList()));
    });

    private Tolerating() {}
}
