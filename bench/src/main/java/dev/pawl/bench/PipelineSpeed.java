package dev.pawl.bench;

import java.util.ArrayList;
import java.util.List;

/** How many messages pass through pipelines of two consumers in a second, and what it costs to track their changes. */
final class PipelineSpeed {

    private static final int MANY = 100;

    private final Databases databases;
    private final int repetitions;
    private final double seconds;

    PipelineSpeed(Databases databases, int repetitions, double seconds) {
        this.databases = databases;
        this.repetitions = repetitions;
        this.seconds = seconds;
    }

    /**
     * What was measured of one kind of load, a figure for each repetition.
     *
     * @param what in words
     * @param pipelines how many go on at once
     * @param atOnce how many messages a consumer takes in one activation
     * @param changes whether its consumers change something outside
     */
    record Result(String what, int pipelines, int atOnce, boolean changes, List<Double> perSecond) {
        Series series() {
            return new Series(perSecond);
        }
    }

    List<Result> measure() throws Exception {
        var results = List.of(
                kind("one pipeline, a message at a time", 1, 1, true),
                kind("the same, without changes", 1, 1, false),
                kind("one pipeline, 100 messages at a time", 1, 100, true),
                kind("100 pipelines, a message at a time", MANY, 1, true),
                kind("the same, without changes", MANY, 1, false));
        var loads = new ArrayList<PipelineLoad>();
        try {
            for (int i = 0; i < results.size(); i++) {
                var kind = results.get(i);
                loads.add(new PipelineLoad(
                        databases.newDatabase("pipelines_" + i), kind.pipelines, kind.atOnce, kind.changes));
            }
            for (int repetition = 0; repetition <= repetitions; repetition++) {
                for (int i = 0; i < results.size(); i++) {
                    double speed = measure(loads.get(i), results.get(i).pipelines);
                    if (repetition == 0) continue; // that was warming up
                    Comparison.say("%-45s %,9.0f messages/s", results.get(i).what, speed);
                    results.get(i).perSecond.add(speed);
                }
            }
        } finally {
            loads.forEach(PipelineLoad::close);
        }
        return results;
    }

    /** As many messages as take the wanted time, by a first look. */
    private double measure(PipelineLoad load, int pipelines) throws InterruptedException {
        double first = load.messagesPerSecond(Math.max(200, 2 * pipelines));
        return load.messagesPerSecond((int) Math.max(200, first * seconds) / pipelines * pipelines);
    }

    private static Result kind(String what, int pipelines, int atOnce, boolean changes) {
        return new Result(what, pipelines, atOnce, changes, new ArrayList<>());
    }
}
