package dev.pawl.pipeline;

import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Plan;
import dev.pawl.json.Codec;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An activation of a producer: its cursor and what it publishes are one commit. */
final class Production<C> extends Activation {

    private static final Codec CODEC = Codec.STANDARD;
    private static final int REQUESTS = 1_000;

    private final Handler.Producer<C> producer;

    Production(Handler.Producer<C> producer, Pipeline pipeline, Claimed task, Journal journal) {
        super(pipeline, task, journal);
        this.producer = producer;
    }

    @Override
    Result work() throws Exception {
        var requests = journal.messages(producer.trigger(), REQUESTS);
        var out = new Publishing(pipeline, producer, journal);
        C after;
        try {
            after = producer.code().run(new Out(out), cursor());
        } finally {
            out.close();
        }
        var cursor = CODEC.write(after, producer.cursor(), "The cursor of " + producer.label());
        requests.forEach(journal::consume);
        return new Result.Done(
                cursor,
                -1,
                null,
                List.of(
                        new Plan.Publish(null, out.messages(), out.inputs()),
                        next(producer, due(), task.run().family().mail())));
    }

    private @Nullable C cursor() {
        Json memory = memory();
        return memory == null ? null : CODEC.read(memory, producer.cursor(), "The cursor of " + producer.label());
    }

    /** Times that were missed are not made up: the next one is after now. */
    private long due() {
        var now = Instant.ofEpochMilli(journal.now());
        var next = producer.timing().next(now, now);
        return next == null ? Result.NEVER : next.toEpochMilli();
    }

    /** What the code of the producer sees. */
    private record Out(Publishing publishing) implements Source {

        @Override
        public <T> void publish(Topic<T> topic, String id, T payload) {
            publishing.publish(
                    topic, id, payload, new Input(publishing.handler().name(), topic.name(), id, ""));
        }

        @Override
        public <T> void publish(Topic<T> topic, String id, T payload, Origin from) {
            publishing.publish(topic, id, payload, new Input(from.system(), from.type(), from.id(), from.title()));
        }

        @Override
        public Origin input(String system, String type, String id, String title) {
            publishing.register(new Input(system, type, id, title));
            return new Origin(system, type, id, title);
        }
    }
}
