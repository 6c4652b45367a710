package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer while it is being defined: which topics it reads. What may be said next is in the types: first {@code prepare},
 * then {@code mutate}, then {@code next}.
 *
 * @param <M> what the messages of its first topic carry
 */
public final class Consumer<M> {

    private final String name;
    private final Topic<M> topic;
    private final Map<String, Topic<?>> reads = new LinkedHashMap<>();
    private @Nullable Preparation<M, ?> preparation;

    Consumer(String name, Topic<M> topic) {
        this.name = name;
        this.topic = topic;
        reads.put(topic.name(), topic);
    }

    /** Reads this topic as well; see {@link Inbox#of}. */
    public Consumer<M> also(Topic<?> another) {
        reads.put(another.name(), another);
        return this;
    }

    /**
     * Looks at pending messages, and decides what to do. It may read from outside, and may run again; it changes nothing and
     * publishes nothing.
     *
     * @param type of the data of the change
     */
    public <P> Preparation<M, P> prepare(Class<P> type, Code.Prepare<M, P> code) {
        return prepare(TypeRef.of(type), code);
    }

    /** The same for a generic type. */
    public <P> Preparation<M, P> prepare(TypeRef<P> type, Code.Prepare<M, P> code) {
        var prepares = new Preparation<>(this, type, code);
        preparation = prepares;
        return prepares;
    }

    String name() {
        return name;
    }

    Topic<M> topic() {
        return topic;
    }

    Map<String, Topic<?>> reads() {
        return reads;
    }

    Handler.Consumer<M, ?, ?> defined(Map<String, Topic<?>> read) {
        if (preparation == null) {
            throw Pipeline.wrong(
                    name,
                    "consumer",
                    "has no prepare; say what it does with its messages: .prepare(Type.class, inbox -> …)");
        }
        return preparation.defined(read);
    }
}
