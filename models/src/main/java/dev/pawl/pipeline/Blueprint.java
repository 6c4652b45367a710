package dev.pawl.pipeline;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The handlers of a pipeline, checked against each other.
 *
 * @param handlers by name, in the order of their definition
 * @param inputs the systems that inputs may come from, each with its types
 */
record Blueprint(Map<String, Handler> handlers, Map<String, Set<String>> inputs) {

    static Blueprint of(
            String pipeline,
            Collection<Producer<?>> producers,
            Collection<Consumer<?>> consumers,
            Map<String, Set<String>> inputs) {
        if (producers.isEmpty() && consumers.isEmpty()) {
            throw new IllegalArgumentException(
                    "Pipeline \"%s\" has neither a producer nor a consumer; it would never do anything."
                            .formatted(pipeline));
        }
        var read = new LinkedHashMap<String, Topic<?>>();
        for (var consumer : consumers) read.putAll(consumer.reads());
        var handlers = new LinkedHashMap<String, Handler>();
        for (var producer : producers) add(pipeline, handlers, producer.defined(Map.copyOf(read)));
        for (var consumer : consumers) add(pipeline, handlers, consumer.defined(Map.copyOf(read)));
        return new Blueprint(handlers, Map.copyOf(inputs));
    }

    private static void add(String pipeline, Map<String, Handler> handlers, Handler handler) {
        if (handlers.putIfAbsent(handler.name(), handler) != null) {
            throw new IllegalArgumentException("Pipeline \"%s\" has two handlers named \"%s\"; their names are unique."
                    .formatted(pipeline, handler.name()));
        }
    }

    @Nullable
    Handler handler(String name) {
        return handlers.get(name);
    }

    List<Handler.Producer<?>> producers() {
        var found = new ArrayList<Handler.Producer<?>>();
        for (var handler : handlers.values()) {
            if (handler instanceof Handler.Producer<?> producer) found.add(producer);
        }
        return found;
    }

    /** The topics of the pipeline: those that a consumer reads. */
    Set<String> topics() {
        var topics = new LinkedHashSet<String>();
        for (var handler : handlers.values()) {
            if (handler instanceof Handler.Consumer<?, ?, ?> consumer)
                topics.addAll(consumer.reads().keySet());
        }
        return topics;
    }

    /** What a run must fit: names and topics, as they are drawn for people. */
    ShapeText shape() {
        return new ShapeText(handlers.values().stream()
                .map(handler -> switch (handler) {
                    case Handler.Producer<?> producer ->
                        new ShapeText.Part(
                                producer.name(),
                                "producer",
                                producer.timing().toString(),
                                List.of(),
                                sorted(producer.publishes().keySet()),
                                false);
                    case Handler.Consumer<?, ?, ?> consumer ->
                        new ShapeText.Part(
                                consumer.name(),
                                "consumer",
                                null,
                                sorted(consumer.reads().keySet()),
                                consumer.next() == null
                                        ? List.of()
                                        : sorted(consumer.publishes().keySet()),
                                consumer.change() != null);
                })
                .toList());
    }

    private static List<String> sorted(Set<String> names) {
        return List.copyOf(new TreeSet<>(names));
    }

    /** The shape of a pipeline as it is stored. */
    record ShapeText(List<Part> handlers) {
        record Part(
                String name,
                String kind,
                @Nullable String schedule,
                List<String> reads,
                List<String> publishes,
                boolean mutates) {}
    }
}
