package dev.pawl.cli;

import dev.pawl.core.Definition;
import dev.pawl.engine.Pawl;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.PipelineInfo;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Which topics the handlers of a pipeline read and publish to, as stored with the version that is in charge.
 *
 * @param handlers by name
 */
record PipelineShape(Map<String, Part> handlers) {

    /** A handler. */
    record Part(String kind, List<String> reads, List<String> publishes) {
        boolean isProducer() {
            return kind.equals("producer");
        }
    }

    static PipelineShape of(Pawl pawl, PipelineInfo info) {
        int inCharge = pawl.run(info.run()).run().definition();
        var handlers = new LinkedHashMap<String, Part>();
        pawl.store().definitions().stream()
                .filter(definition -> definition.id() == inCharge)
                .map(Definition::shape)
                .flatMap(shape -> Codec.STANDARD.tree(shape).path("handlers").valueStream())
                .forEach(handler -> handlers.put(
                        handler.path("name").asString(""),
                        new Part(
                                handler.path("kind").asString(""),
                                names(handler.path("reads")),
                                names(handler.path("publishes")))));
        return new PipelineShape(handlers);
    }

    private static List<String> names(JsonNode list) {
        return list.valueStream().map(name -> name.asString("")).toList();
    }

    @Nullable
    Part handler(String name) {
        return handlers.get(name);
    }

    /** Those that a consumer reads. */
    Set<String> topics() {
        var topics = new TreeSet<String>();
        handlers.values().forEach(part -> topics.addAll(part.reads()));
        return topics;
    }

    /** @throws Complaint if no consumer reads this topic */
    void requireTopic(PipelineInfo info, String topic) {
        if (topics().contains(topic)) return;
        throw Complaint.notFound("No consumer of pipeline \"%s\" (version %s) reads topic \"%s\". Its topics are: %s."
                .formatted(info.name(), info.version(), topic, String.join(", ", topics())));
    }
}
