package dev.pawl.cli;

import dev.pawl.core.InputDetails;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.PipelineInfo;
import java.util.Locale;
import tools.jackson.databind.node.ObjectNode;

/** Pipelines as JSON for machines. Times are ISO 8601 in UTC; what does not apply is null. */
final class PipelineDocument {

    private PipelineDocument() {}

    static ObjectNode of(PipelineInfo info) {
        var document = JsonText.object();
        document.put("pipeline", info.name())
                .put("run", info.run().toString())
                .put("version", info.version())
                .put("status", info.status().name())
                .put("reason", info.reason() == null ? null : info.reason().name())
                .put("held", info.detail())
                .put("pending", info.pending());
        document.set("problem", RunDocument.tree(info.problem()));
        var topics = document.putObject("topics");
        info.topics().forEach((name, counts) -> {
            var topic = topics.putObject(name);
            for (var status : MessageStatus.values())
                topic.put(status.name().toLowerCase(Locale.ROOT), counts.getOrDefault(status, 0));
        });
        return document;
    }

    static ObjectNode of(Pawl pawl, Message message) {
        var document = JsonText.object();
        document.put("number", message.seq())
                .put("topic", message.name())
                .put("id", message.id())
                .put("status", message.status().name())
                .put("at", Text.iso(message.at()))
                .put("delivery", message.delivery())
                .put("by", message.reservedBy())
                .put("actor", message.actor());
        document.set("payload", RunDocument.payload(pawl, message.payload()));
        return document;
    }

    /** @param state pending, stale or done */
    static ObjectNode of(InputDetails input, String state) {
        var what = input.input();
        return JsonText.object()
                .put("number", input.number())
                .put("source", what.source())
                .put("type", what.type())
                .put("id", what.id())
                .put("title", what.title())
                .put("at", Text.iso(input.at()))
                .put("state", state)
                .put("pending", input.pending())
                .put("done", input.done());
    }
}
