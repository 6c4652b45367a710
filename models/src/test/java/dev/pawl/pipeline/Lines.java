package dev.pawl.pipeline;

import dev.pawl.schedule.Every;
import dev.pawl.schedule.Timing;

/** Small pipelines for the tests of the rules. */
final class Lines {

    static final Topic<String> IN = Topic.of("IN", String.class);

    private Lines() {}

    /** A producer "poll" and consumers of these names, all of which do nothing. */
    static Pipeline of(String name, String... consumers) {
        return of(name, Every.minutes(5), consumers);
    }

    static Pipeline of(String name, Timing when, String... consumers) {
        return Pipeline.define(name, p -> {
            p.producer("poll", when, Integer.class, (out, cursor) -> cursor);
            for (String consumer : consumers) idle(p, consumer, IN);
        });
    }

    static void idle(Pipeline.Parts p, String name, Topic<String> topic) {
        p.consumer(name, topic)
                .prepare(String.class, inbox -> Prepared.nothing())
                .next((out, data) -> {});
    }
}
