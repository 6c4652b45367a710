package dev.pawl.campaign;

import dev.pawl.campaign.History.Promise;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Retry;
import dev.pawl.flow.Flow;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is run in a campaign. Every program takes the key of its submission, hands on the marks of its attempts, and comes to
 * the end that it is meant to come to, whatever befalls it.
 */
final class CampaignPrograms {

    static final String NARROW = "narrow";
    static final int LIMIT = 6;

    /** For workers and for whoever submits. */
    static final QueueLimit QUEUE_LIMIT = QueueLimit.running(NARROW, LIMIT);

    /** What schedules start. */
    static final String TICK = "flow:tick";

    private static final String WIDE = "flow:wide";
    private static final int OTHERS_PER_WIDE = 5;
    private static final int ELEMENTS = 20;
    private static final int GIVES_UP = 2;

    /** Three attempts, as by default; only sooner after each other. Being killed costs none. */
    private static final Retry SOON = Retry.times(3).base(Duration.ofMillis(100));

    private CampaignPrograms() {}

    static List<TypedProgram<String, String>> all(Effects effects) {
        var threeSteps = threeSteps(effects);
        var all = new ArrayList<>(List.of(threeSteps, wide(effects), retrying(effects), tick(effects)));
        all.addAll(CampaignJobs.all(effects, threeSteps));
        return all;
    }

    /** One that can only be submitted. */
    static TypedProgram<String, String> named(String name) {
        return named(all(Effects.none()), name);
    }

    static TypedProgram<String, String> named(List<TypedProgram<String, String>> programs, String name) {
        return programs.stream()
                .filter(program -> program.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    /** To choose from with equal chances: a wide run is as much work as many others. */
    static List<TypedProgram<String, String>> often(List<TypedProgram<String, String>> programs) {
        var often = new ArrayList<TypedProgram<String, String>>();
        for (TypedProgram<String, String> program : programs) {
            if (program.name().equals(TICK)) continue; // schedules start it often enough
            often.addAll(Collections.nCopies(program.name().equals(WIDE) ? 1 : OTHERS_PER_WIDE, program));
        }
        return often;
    }

    /** What each of them does. */
    static Map<String, Promise> promises() {
        var wide = new ArrayList<String>();
        for (int i = 0; i < ELEMENTS; i++) wide.add("element[" + i + "]");
        wide.add("joined[0]");
        var promises = new HashMap<>(CampaignJobs.promises());
        promises.put("flow:three-steps", Promise.of(List.of("first[0]", "second[0]", "third[0]")));
        promises.put(WIDE, Promise.of(wide));
        promises.put(TICK, Promise.of(List.of("tick[0]")));
        promises.put("flow:retrying", Promise.of(List.of("shaky[0]", "after[0]")));
        return promises;
    }

    private static TypedProgram<String, String> threeSteps(Effects effects) {
        return new Fenced<>(Flow.define("three-steps", String.class, (f, key) -> {
            var first =
                    f.step("first", String.class, key, k -> effects.apply("")).retry(SOON);
            var second = f.step("second", String.class, first, effects::apply).retry(SOON);
            return f.step("third", String.class, second, effects::apply).retry(SOON);
        }));
    }

    private static TypedProgram<String, String> wide(Effects effects) {
        return new Fenced<>(Flow.define("wide", String.class, (f, key) -> {
            var elements = f.map("element", String.class, f.range(ELEMENTS), i -> effects.apply("", NARROW))
                    .queue(NARROW)
                    .retry(SOON);
            return f.step("joined", String.class, elements, all -> effects.apply(String.join(",", all)))
                    .retry(SOON);
        }));
    }

    private static TypedProgram<String, String> tick(Effects effects) {
        return new Fenced<>(Flow.define(
                "tick",
                String.class,
                (f, schedule) -> f.step("tick", String.class, schedule, name -> effects.apply(""))
                        .retry(SOON)));
    }

    private static TypedProgram<String, String> retrying(Effects effects) {
        return new Fenced<>(Flow.define("retrying", String.class, (f, key) -> {
            var shaky = f.step("shaky", String.class, key, k -> effects.applyUnlessEarly("", GIVES_UP))
                    .retry(SOON);
            return f.step("after", String.class, shaky, effects::apply).retry(SOON);
        }));
    }
}
