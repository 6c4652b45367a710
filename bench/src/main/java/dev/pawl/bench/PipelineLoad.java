package dev.pawl.bench;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.spi.Program;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Pipelines of two consumers whose changes do nothing: what is left is what tracking them costs. */
final class PipelineLoad implements AutoCloseable {

    private static final Topic<String> FIRST = Topic.of("FIRST", String.class);
    private static final Topic<String> SECOND = Topic.of("SECOND", String.class);
    private static final int PATIENCE_SECONDS = 120;

    private final List<Pipeline> pipelines = new ArrayList<>();
    private final Pawl pawl;
    private long published;
    private volatile CountDownLatch arrived = new CountDownLatch(0);

    /**
     * @param count how many pipelines go on at once
     * @param atOnce how many messages a consumer takes in one activation
     * @param changes whether the consumers change something outside, or only pass on
     */
    PipelineLoad(String url, int count, int atOnce, boolean changes) {
        for (int i = 0; i < count; i++) pipelines.add(pipeline("bench-" + i, atOnce, changes));
        pawl = Pawl.open(url, Settings.DEFAULT, List.<Program>copyOf(pipelines));
        pipelines.forEach(pipeline -> Pipelines.of(pawl).start(pipeline));
    }

    private Pipeline pipeline(String name, int atOnce, boolean changes) {
        return Pipeline.define(name, p -> {
            var first = p.consumer("first", FIRST).prepare(String[].class, inbox -> {
                var messages = inbox.peek(atOnce);
                return messages.isEmpty()
                        ? Prepared.nothing()
                        : Prepared.of(
                                messages.stream().map(message -> message.id()).toArray(String[]::new), messages);
            });
            var second = p.consumer("second", SECOND).prepare(String[].class, inbox -> {
                var messages = inbox.peek(atOnce);
                return messages.isEmpty()
                        ? Prepared.nothing()
                        : Prepared.of(
                                messages.stream().map(message -> message.id()).toArray(String[]::new), messages);
            });
            if (changes) {
                first.mutate(String.class, (ids, key) -> key).next((out, ids, outcome) -> {
                    if (ids != null) for (String id : ids) out.publish(SECOND, id, id);
                });
                second.mutate(String.class, (ids, key) -> key).next((out, ids, outcome) -> arrive(ids));
            } else {
                first.next((out, ids) -> {
                    if (ids != null) for (String id : ids) out.publish(SECOND, id, id);
                });
                second.next((out, ids) -> arrive(ids));
            }
        });
    }

    private void arrive(String[] ids) {
        for (int i = 0; ids != null && i < ids.length; i++) arrived.countDown();
    }

    /** Messages per second from the first publication to the last arrival. */
    double messagesPerSecond(int messages) throws InterruptedException {
        arrived = new CountDownLatch(messages);
        int each = messages / pipelines.size();
        long begun = System.nanoTime();
        for (var pipeline : pipelines) {
            var payloads = new LinkedHashMap<String, String>();
            for (int i = 0; i < each; i++) {
                String id = "m" + published++;
                payloads.put(id, id);
            }
            int unused = Pipelines.of(pawl).publish(pipeline, FIRST, payloads);
        }
        if (!arrived.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(arrived.getCount() + " of " + messages + " messages did not arrive.");
        }
        return each * pipelines.size() / Load.secondsSince(begun);
    }

    @Override
    public void close() {
        pawl.close();
    }
}
