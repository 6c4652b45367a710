package dev.pawl.campaign;

import dev.pawl.campaign.History.Promise;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Retry;
import dev.pawl.flow.Flow;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What is run in a campaign. Every program takes the key of its submission, hands on the marks of its attempts, and is meant
 * to succeed, whatever befalls it.
 */
final class CampaignPrograms {

    static final String NARROW = "narrow";
    static final int LIMIT = 6;

    /** For workers and for whoever submits. */
    static final QueueLimit QUEUE_LIMIT = QueueLimit.running(NARROW, LIMIT);

    private static final String WIDE = "flow:wide";
    private static final int OTHERS_PER_WIDE = 12;
    private static final int ELEMENTS = 20;
    private static final int GIVES_UP = 2;

    /** Lost leases count as attempts, and nobody here is to fail because it was killed too often. */
    private static final Retry PATIENT =
            Retry.times(50).base(Duration.ofMillis(100)).cap(Duration.ofMillis(500));

    private CampaignPrograms() {}

    static List<TypedProgram<String, String>> all(Effects effects) {
        return List.of(threeSteps(effects), wide(effects), retrying(effects));
    }

    /** To choose from with equal chances: a wide run is as much work as many others. */
    static List<TypedProgram<String, String>> often(List<TypedProgram<String, String>> programs) {
        var often = new ArrayList<TypedProgram<String, String>>();
        for (TypedProgram<String, String> program : programs) {
            often.addAll(Collections.nCopies(program.name().equals(WIDE) ? 1 : OTHERS_PER_WIDE, program));
        }
        return often;
    }

    /** What each of them does. */
    static Map<String, Promise> promises() {
        var elements = IntStream.range(0, ELEMENTS).mapToObj(i -> "element[" + i + "]");
        var wide = elements.collect(Collectors.toSet());
        wide.add("joined[0]");
        return Map.of(
                "flow:three-steps",
                new Promise(Set.of("first[0]", "second[0]", "third[0]"), Set.of()),
                WIDE,
                new Promise(wide, Set.of()),
                "flow:retrying",
                new Promise(Set.of("shaky[0]", "after[0]"), Set.of()));
    }

    private static TypedProgram<String, String> threeSteps(Effects effects) {
        return new Fenced<>(Flow.define("three-steps", String.class, (f, key) -> {
            var first =
                    f.step("first", String.class, key, k -> effects.apply("")).retry(PATIENT);
            var second = f.step("second", String.class, first, effects::apply).retry(PATIENT);
            return f.step("third", String.class, second, effects::apply).retry(PATIENT);
        }));
    }

    private static TypedProgram<String, String> wide(Effects effects) {
        return new Fenced<>(Flow.define("wide", String.class, (f, key) -> {
            var elements = f.map("element", String.class, f.range(ELEMENTS), i -> effects.apply("", NARROW))
                    .queue(NARROW)
                    .retry(PATIENT);
            return f.step("joined", String.class, elements, all -> effects.apply(String.join(",", all)))
                    .retry(PATIENT);
        }));
    }

    private static TypedProgram<String, String> retrying(Effects effects) {
        return new Fenced<>(Flow.define("retrying", String.class, (f, key) -> {
            var shaky = f.step("shaky", String.class, key, k -> effects.applyUnlessEarly("", GIVES_UP))
                    .retry(PATIENT);
            return f.step("after", String.class, shaky, effects::apply).retry(PATIENT);
        }));
    }
}
