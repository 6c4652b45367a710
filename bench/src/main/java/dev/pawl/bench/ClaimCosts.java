package dev.pawl.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a claim costs, at several depths of the queue, and after much has passed through. */
final class ClaimCosts {

    /** How deep the queue is for whom nothing else is said: where things pass through, and where claims are warmed up. */
    private static final int MIDDLE = 100_000;

    /** A server looks after each database once a minute, if its settings were not changed. */
    private static final int VACUUM_SECONDS = 90;

    private static final int HUNDRED = 100;
    private static final int MOST_ONES = 100;
    private static final int MOST_HUNDREDS = 30;

    private final PostgresForBench postgres;
    private final int repetitions;

    ClaimCosts(PostgresForBench postgres, int repetitions) {
        this.postgres = postgres;
        this.repetitions = repetitions;
    }

    /**
     * What claims took in one state of the queue, in milliseconds: the medians of each repetition.
     *
     * @param state which state, in words
     */
    record Result(String state, Series one, Series hundred) {}

    /**
     * @param depths how many tasks are queued
     * @param passing how many pass through before the last measurement
     */
    List<Result> measure(List<Integer> depths, int passing) throws Exception {
        Map<String, TaskQueue> queues = new LinkedHashMap<>();
        try {
            for (int depth : depths) {
                Comparison.say("filling a queue with %,d tasks", depth);
                var queue = new TaskQueue(postgres.newDatabase("claims_" + depth), depth);
                queues.put("%,d queued".formatted(depth), queue);
                queue.fill();
            }
            postgres.settle();
            for (var queue : queues.values()) {
                one(queue); // warms up
                hundred(queue);
            }
            var results = new ArrayList<>(measure(queues));
            TaskQueue middle = new TaskQueue(postgres.newDatabase("claims_passing"), Math.min(MIDDLE, passing));
            queues.put("passing", middle);
            Comparison.say("letting %,d tasks pass through", passing);
            middle.fill();
            middle.passThrough(passing);
            String passed = "%,d queued, right after %,d have passed through".formatted(middle.depth(), passing);
            results.addAll(measure(Map.of(passed, middle)));
            Comparison.say("waiting for the server's own vacuum");
            if (middle.awaitAutovacuum(VACUUM_SECONDS)) {
                results.addAll(measure(Map.of("the same, once the server has vacuumed of its own accord", middle)));
            }
            return results;
        } finally {
            queues.values().forEach(TaskQueue::close);
        }
    }

    private List<Result> measure(Map<String, TaskQueue> queues) throws Exception {
        var ones = new Samples();
        var hundreds = new Samples();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            for (var queue : queues.entrySet()) {
                queue.getValue().fill();
                double one = one(queue.getValue());
                double hundred = hundred(queue.getValue());
                ones.add(queue.getKey(), one);
                hundreds.add(queue.getKey(), hundred);
                Comparison.say(
                        "%d/%d  %-45s one %.2f ms, a hundred %.2f ms",
                        repetition, repetitions, queue.getKey(), one, hundred);
            }
        }
        return queues.keySet().stream()
                .map(state -> new Result(state, ones.series(state), hundreds.series(state)))
                .toList();
    }

    // Both together take away at most about half of what is queued, so that the depth stays near what it is said to be.

    private static double one(TaskQueue queue) throws Exception {
        int times = Math.clamp(queue.depth() / 10, 1, MOST_ONES);
        return Series.percentile(Load.oneByOne(times, number -> queue.claim(1)), 0.5);
    }

    private static double hundred(TaskQueue queue) throws Exception {
        int times = Math.clamp(queue.depth() / (4 * HUNDRED), 1, MOST_HUNDREDS);
        return Series.percentile(Load.oneByOne(times, number -> queue.claim(HUNDRED)), 0.5);
    }
}
