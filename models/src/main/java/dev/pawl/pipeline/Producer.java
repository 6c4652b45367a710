package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;
import dev.pawl.schedule.Timing;
import java.util.Map;

/**
 * A producer while it is being defined.
 *
 * @param <C> its cursor
 */
public final class Producer<C> {

    private final String name;
    private final Timing timing;
    private final TypeRef<C> cursor;
    private final Code.Produce<C> code;
    private final Published published;

    Producer(String name, Timing timing, TypeRef<C> cursor, Code.Produce<C> code) {
        this.name = name;
        this.timing = timing;
        this.cursor = cursor;
        this.code = code;
        this.published = new Published("producer", name);
    }

    /** The topics that it may publish to; if nothing is said, all that the pipeline's consumers read. */
    public Producer<C> publishes(Topic<?>... topics) {
        published.to(topics);
        return this;
    }

    String name() {
        return name;
    }

    Handler.Producer<C> defined(Map<String, Topic<?>> read) {
        return new Handler.Producer<>(name, timing, cursor, code, published.of(read));
    }
}
