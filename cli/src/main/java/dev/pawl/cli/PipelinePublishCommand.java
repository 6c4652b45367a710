package dev.pawl.cli;

import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.pipeline.Pipelines;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl pipeline publish}. */
@Command(
        name = "publish",
        description = {
            "Publishes a message to a topic of a pipeline; it is an input of its own.",
            "Publishing an id again replaces the payload of the message that has it, unless that is consumed."
        })
final class PipelinePublishCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Parameters(index = "1", paramLabel = "TOPIC", description = "A topic that one of its consumers reads.")
    private String topic = "";

    @Parameters(index = "2", paramLabel = "ID", description = "What makes it the only one of its topic.")
    private String id = "";

    @Option(
            names = "--payload",
            paramLabel = "JSON|@FILE",
            required = true,
            description = "What it carries, as the consumer expects it; \"-\" reads standard input.")
    private String payload = "";

    PipelinePublishCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (id.isBlank()) throw Complaint.usage("The message needs an id that is not empty.");
        var json = TypedJson.read("The payload", "--payload", payload);
        try (var pawl = shared.client()) {
            var pipelines = Pipelines.of(pawl).by(Shared.actor());
            var info = pipelines.get(pipeline.name());
            PipelineShape.of(pawl, info).requireTopic(info, topic);
            boolean fresh = pipelines.publish(info.name(), topic, id, json);
            var message = pawl.store().messages(info.run(), topic, List.of(id)).stream()
                    .findFirst();
            boolean over = !fresh
                    && message.map(Message::status).map(MessageStatus::terminal).orElse(true);
            var screen = shared.screen();
            if (shared.json()) {
                screen.print(JsonText.object()
                        .put("pipeline", info.name())
                        .put("topic", topic)
                        .put("id", id)
                        .put("number", message.map(Message::seq).orElse(null))
                        .put("new", fresh)
                        .put("replaced", !fresh && !over)
                        .toString());
                return Exit.DONE;
            }
            String name = "Message \"" + id + "\" of topic " + topic;
            screen.print(
                    fresh
                            ? name + " is published."
                            : over
                                    ? name + " is "
                                            + message.map(Message::status).orElse(MessageStatus.CONSUMED)
                                            + " already; nothing was changed."
                                    : name + " was there; its payload is replaced.");
            if (info.status().held()) screen.say(pawl.explain(info.run()));
        }
        return Exit.DONE;
    }
}
