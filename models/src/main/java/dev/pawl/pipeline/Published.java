package dev.pawl.pipeline;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Which topics a handler says that it publishes to. */
final class Published {

    private final String kind;
    private final String handler;
    private @Nullable List<Topic<?>> declared;

    Published(String kind, String handler) {
        this.kind = kind;
        this.handler = handler;
    }

    void to(Topic<?>... topics) {
        if (topics.length == 0) {
            throw Pipeline.wrong(handler, kind, "publishes to no topic; name at least one, or leave publishes(…) out");
        }
        declared = List.of(topics);
    }

    void requireNext(boolean there) {
        if (declared != null && !there) {
            throw Pipeline.wrong(
                    handler, kind, "publishes to " + declared + " and has no next, which is where it would publish");
        }
    }

    /**
     * The topics by name.
     *
     * @param read those that the pipeline's consumers read
     */
    Map<String, Topic<?>> of(Map<String, Topic<?>> read) {
        if (declared == null) return read;
        var topics = new LinkedHashMap<String, Topic<?>>();
        for (var topic : declared) {
            if (!read.containsKey(topic.name())) {
                throw Pipeline.wrong(
                        handler,
                        kind,
                        "publishes to topic \"%s\", which no consumer reads; the topics of this pipeline are %s"
                                .formatted(topic, read.keySet()));
            }
            topics.put(topic.name(), topic);
        }
        return Map.copyOf(topics);
    }
}
