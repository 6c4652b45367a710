package dev.pawl.bench;

import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.spi.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Messages through pipelines of two consumers, one message to an activation. Their changes do nothing: what is left is what
 * it costs to reserve, to prepare, to track a change (its intent and its outcome, each on disk before anything follows), to
 * publish and to consume.
 */
final class PipelineRuns implements Contender {

    private static final Topic<String> FIRST = Topic.of("FIRST", String.class);
    private static final Topic<String> SECOND = Topic.of("SECOND", String.class);
    private static final int PATIENCE_SECONDS = 120;
    private static final int CONSUMERS = 2;

    private final String name;
    private final String jdbcUrl;
    private final List<Pipeline> pipelines = new ArrayList<>();
    private @Nullable Pawl pawl;
    private long published;
    private volatile CountDownLatch arrived = new CountDownLatch(0);

    /**
     * @param count how many pipelines go on at once
     * @param changes whether the consumers change something outside, or only pass on
     */
    PipelineRuns(String name, String jdbcUrl, int count, boolean changes) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        for (int i = 0; i < count; i++) pipelines.add(pipeline("bench-" + i, changes));
    }

    private Pipeline pipeline(String slug, boolean changes) {
        return Pipeline.define(slug, p -> {
            var first = p.consumer("first", FIRST)
                    .prepare(
                            String.class,
                            inbox -> inbox.first()
                                    .map(message -> Prepared.of(message.payload(), message))
                                    .orElse(Prepared.nothing()));
            var second = p.consumer("second", SECOND)
                    .prepare(
                            String.class,
                            inbox -> inbox.first()
                                    .map(message -> Prepared.of(message.payload(), message))
                                    .orElse(Prepared.nothing()));
            if (changes) {
                first.mutate(String.class, (id, key) -> key).next((out, id, outcome) -> {
                    if (id != null) out.publish(SECOND, id, id);
                });
                second.mutate(String.class, (id, key) -> key).next((out, id, outcome) -> arrive(id));
            } else {
                first.next((out, id) -> {
                    if (id != null) out.publish(SECOND, id, id);
                });
                second.next((out, id) -> arrive(id));
            }
        });
    }

    private void arrive(@Nullable String id) {
        if (id != null) arrived.countDown();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String tuning() {
        return "the defaults, with %,d slots".formatted(PawlRuns.SLOTS);
    }

    @Override
    public int stepsPerRun() {
        return CONSUMERS;
    }

    @Override
    public void prepare() {
        pawl = Pawl.open(jdbcUrl, PawlRuns.settings(), List.<Program>copyOf(pipelines));
        pipelines.forEach(pipeline -> Pipelines.of(pawl).start(pipeline));
    }

    /** All messages are published at once; they wait in their topics. */
    @Override
    public double throughput(int runs, int concurrency) throws InterruptedException {
        int each = Math.max(1, runs / pipelines.size());
        arrived = new CountDownLatch(each * pipelines.size());
        long begun = System.nanoTime();
        for (var pipeline : pipelines) publish(pipeline, each);
        await();
        return each * pipelines.size() / Load.secondsSince(begun);
    }

    @Override
    public double[] latencies(int n) throws Exception {
        return Load.oneByOne(n, number -> {
            arrived = new CountDownLatch(1);
            publish(pipelines.getFirst(), 1);
            await();
        });
    }

    private void publish(Pipeline pipeline, int messages) {
        var payloads = new LinkedHashMap<String, String>();
        for (int i = 0; i < messages; i++) payloads.put("m" + published, "m" + published++);
        int fresh = Pipelines.of(Objects.requireNonNull(pawl)).publish(pipeline, FIRST, payloads);
        if (fresh < messages) throw new IllegalStateException("Some of the messages were there already.");
    }

    private void await() throws InterruptedException {
        if (arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) return;
        throw new IllegalStateException(arrived.getCount() + " messages did not arrive.");
    }

    @Override
    public void close() {
        if (pawl != null) pawl.close();
    }
}
