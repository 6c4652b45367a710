package dev.pawl.pipeline;

import java.util.Collection;

/** What is asked of pipelines and cannot be. Nothing was changed. */
public final class PipelineRefused extends RuntimeException {

    private PipelineRefused(String message) {
        super(message);
    }

    static PipelineRefused noSuchPipeline(String name) {
        return new PipelineRefused("There is no pipeline \"" + name
                + "\" in this database. Start it with Pipelines.of(pawl).start(…), or: pawl pipeline start " + name);
    }

    static PipelineRefused noSuchTopic(Pipeline pipeline, String topic) {
        return new PipelineRefused("No consumer of %s reads topic \"%s\". It has: %s."
                .formatted(pipeline, topic, pipeline.blueprint().topics()));
    }

    static PipelineRefused noSuchProducer(String pipeline, String name, Collection<String> known) {
        return new PipelineRefused(
                "Pipeline \"%s\" has no producer \"%s\". It has: %s.".formatted(pipeline, name, known));
    }
}
