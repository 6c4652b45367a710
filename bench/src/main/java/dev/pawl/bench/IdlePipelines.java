package dev.pawl.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.pawl.core.Json;
import dev.pawl.core.Priority;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import dev.pawl.spi.Program;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.List;

/** Measures what pipelines cost that have nothing to do. */
final class IdlePipelines {

    private static final Topic<String> MAILS = Topic.of("MAILS", String.class);
    private static final long WATCHED_MILLIS = 10_000;
    private static final long SETTLE_MILLIS = 3_000;

    private final Databases databases;
    private final int repetitions;

    IdlePipelines(Databases databases, int repetitions) {
        this.databases = databases;
        this.repetitions = repetitions;
    }

    /**
     * What came out, a figure for each repetition.
     *
     * @param pipelines how many there are
     * @param calls of the store per second, of whatever kind
     * @param cpu of the process, in percent of one processor
     */
    record Result(int pipelines, Series calls, Series cpu) {}

    List<Result> measure(List<Integer> numbers) throws Exception {
        var results = new ArrayList<Result>();
        for (int number : numbers) results.add(measure(number));
        return results;
    }

    private Result measure(int number) throws Exception {
        var calls = new ArrayList<Double>();
        var cpu = new ArrayList<Double>();
        for (int repetition = 0; repetition < repetitions; repetition++) {
            var counter = new CallCounter();
            var pipelines = new ArrayList<Pipeline>();
            for (int i = 0; i < number; i++) pipelines.add(pipeline("idle-" + i));
            String url = databases.newDatabase("idle_" + number + "_" + repetition);
            try (var pawl =
                    Pawl.over(counter.around(Stores.open(url)), PawlRuns.settings(), List.<Program>copyOf(pipelines))) {
                for (var pipeline : pipelines) {
                    if (pawl.submitInSlot(pipeline, Json.NULL, Priority.NORMAL, "bench")
                            .isEmpty()) {
                        throw new IllegalStateException("Something else has the slot of " + pipeline);
                    }
                }
                Thread.sleep(SETTLE_MILLIS);
                long before = counter.ofStore();
                double worked = cpuSeconds();
                Thread.sleep(WATCHED_MILLIS);
                calls.add((counter.ofStore() - before) * 1_000.0 / WATCHED_MILLIS);
                cpu.add(100 * (cpuSeconds() - worked) * 1_000 / WATCHED_MILLIS);
            }
            Comparison.say("%,d idle pipelines: %.1f calls/s, %.1f %%", number, calls.getLast(), cpu.getLast());
        }
        return new Result(number, new Series(calls), new Series(cpu));
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    private static Pipeline pipeline(String name) {
        return Pipeline.define(name, p -> {
            p.producer("poll", Every.hours(1), Integer.class, (out, cursor) -> cursor == null ? 0 : cursor + 1);
            p.consumer("read", MAILS)
                    .prepare(String.class, inbox -> Prepared.nothing())
                    .mutate(String.class, (mail, key) -> key);
        });
    }
}
