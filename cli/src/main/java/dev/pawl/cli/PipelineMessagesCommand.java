package dev.pawl.cli;

import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.spi.Store;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl pipeline messages}. */
@Command(name = "messages", description = "Lists the messages of a pipeline, the oldest first.")
final class PipelineMessagesCommand implements Callable<Integer> {

    private static final int PAGE = 500;
    private static final int PAYLOAD_SHOWN = 100;

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Option(names = "--topic", paramLabel = "T", description = "Only of this topic.")
    private @Nullable String topic;

    @Option(names = "--status", paramLabel = "S", description = "Only those that are so: ${COMPLETION-CANDIDATES}.")
    private @Nullable MessageStatus status;

    @Option(
            names = "--after",
            paramLabel = "N",
            defaultValue = "0",
            description = "Only those with a greater number; for more of them.")
    private int after;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many; 50 if not given.")
    private int limit = 50;

    PipelineMessagesCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (limit < 1) throw Complaint.usage("--limit must be at least 1, not " + limit + ".");
        try (var pawl = shared.client()) {
            var info = Pipelines.of(pawl).get(pipeline.name());
            if (topic != null && !info.topics().containsKey(topic))
                PipelineShape.of(pawl, info).requireTopic(info, topic);
            var list = new Messages(shared, pawl);
            int from = after;
            int left = limit;
            while (left > 0) {
                var page = pawl.messages(new Store.MessageFilter(info.run(), topic, status, from, PAGE));
                for (Message message : page) {
                    from = message.seq();
                    if (left == 0 || isSignal(message)) continue;
                    list.add(message);
                    left--;
                }
                if (page.size() < PAGE) break;
            }
            list.print(left == 0 ? "More: pawl pipeline messages " + info.name() + " --after " + list.last() : null);
        }
        return Exit.DONE;
    }

    /** Runs of producers that somebody asked for are in the same mailbox. */
    static boolean isSignal(Message message) {
        return message.name().contains(":");
    }

    /** What is told of messages: a row each, or a line of JSON each. */
    static final class Messages {
        private final Shared shared;
        private final Pawl pawl;
        private final Table table;
        private int last;

        Messages(Shared shared, Pawl pawl) {
            this.shared = shared;
            this.pawl = pawl;
            this.table = new Table("#", "TOPIC", "ID", "STATUS", "AT", "BY", "DELIVERY", "PAYLOAD")
                    .right(0)
                    .right(6)
                    .paint(3, text -> paint(shared.screen().style(), text));
        }

        private static String paint(Style style, String status) {
            return switch (status) {
                case "CONSUMED" -> style.good(status);
                case "RESERVED" -> style.busy(status);
                case "SKIPPED" -> style.faint(status);
                default -> status;
            };
        }

        int last() {
            return last;
        }

        void add(Message message) {
            last = message.seq();
            if (shared.json()) {
                shared.screen().print(PipelineDocument.of(pawl, message).toString());
                return;
            }
            table.row(
                    String.valueOf(message.seq()),
                    message.name(),
                    String.valueOf(message.id()),
                    message.status().name(),
                    Text.time(message.at()),
                    message.reservedBy() == null ? "" : message.reservedBy(),
                    message.delivery() == 1 ? "" : String.valueOf(message.delivery()),
                    message.payload().isArtifact()
                            ? "(large)"
                            : Text.cut(pawl.load(message.payload()).text(), PAYLOAD_SHOWN));
        }

        /** @param more how to see more; null if that is all */
        void print(@Nullable String more) {
            if (shared.json()) return;
            if (table.isEmpty()) shared.screen().say("No such messages.");
            else table.print(shared.screen());
            if (more != null) shared.screen().say(more);
        }
    }
}
