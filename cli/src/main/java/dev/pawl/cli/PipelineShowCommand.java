package dev.pawl.cli;

import dev.pawl.core.MessageStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.PipelineInfo;
import dev.pawl.pipeline.Pipelines;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl pipeline show}. */
@Command(
        name = "show",
        description = "Shows a pipeline: what each handler does, what waits in its topics, and what needs you.")
final class PipelineShowCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    PipelineShowCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var info = Pipelines.of(pawl).get(pipeline.name());
            if (shared.json()) document(pawl, info);
            else page(pawl, info);
        }
        return Exit.DONE;
    }

    private void document(Pawl pawl, PipelineInfo info) {
        var document = PipelineDocument.of(info);
        var shape = PipelineShape.of(pawl, info);
        var handlers = document.putArray("handlers");
        long now = pawl.now();
        for (var handler : info.handlers().values()) {
            var activity = Activity.of(pawl, info, handler, now);
            var one = handlers.addObject()
                    .put("handler", handler.name())
                    .put("kind", handler.schedule() == null ? "consumer" : "producer")
                    .put("schedule", handler.schedule())
                    .put("phase", activity.phase())
                    .put("title", activity.title().isEmpty() ? null : activity.title())
                    .put("next", Text.iso(activity.next()))
                    .put("activations", handler.activations())
                    .put("failures", handler.failures())
                    .put("problem", activity.problem().isEmpty() ? null : activity.problem());
            var part = shape.handler(handler.name());
            var reads = one.putArray("reads");
            var publishes = one.putArray("publishes");
            if (part == null) continue;
            part.reads().forEach(reads::add);
            part.publishes().forEach(publishes::add);
        }
        var needs = document.putArray("needs");
        pawl.needs(info.run()).forEach(need -> needs.add(NeedDocument.of(need)));
        shared.screen().print(JsonText.pretty(document));
    }

    private void page(Pawl pawl, PipelineInfo info) {
        var screen = shared.screen();
        var style = screen.style();
        line("Pipeline", style.bold(info.name()) + " version " + info.version());
        line("Run", info.run().toString());
        line("Status", style.status(info.status()) + (info.detail() == null ? "" : " by " + info.detail()));
        if (info.detail() != null) line("", "Release it with: pawl pipeline resume " + info.name());
        screen.print("");
        handlers(pawl, info);
        screen.print("");
        topics(pawl, info);
        long now = pawl.now();
        for (var need : pawl.needs(info.run())) {
            screen.print("");
            screen.print(style.held(NeedPage.kind(need)));
            new NeedPage(screen, now).details(need);
        }
    }

    private void handlers(Pawl pawl, PipelineInfo info) {
        var shape = PipelineShape.of(pawl, info);
        var table = new Table("HANDLER", "WHEN", "PHASE", "NEXT", "DONE", "FAILED", "")
                .right(4)
                .right(5);
        long now = pawl.now();
        for (var handler : info.handlers().values()) {
            var activity = Activity.of(pawl, info, handler, now);
            var part = shape.handler(handler.name());
            table.row(
                    handler.name(),
                    handler.schedule() != null
                            ? PipelineWords.schedule(handler.schedule())
                            : part == null ? "" : "on " + String.join(", ", part.reads()),
                    activity.phase(),
                    Text.time(activity.next()),
                    String.valueOf(handler.activations()),
                    handler.failures() == 0 ? "" : handler.failures() + " in a row",
                    activity.remark());
        }
        table.print(shared.screen());
    }

    private void topics(Pawl pawl, PipelineInfo info) {
        var table = new Table("TOPIC", "PENDING", "RESERVED", "CONSUMED", "SKIPPED")
                .right(1)
                .right(2)
                .right(3)
                .right(4);
        var names = new TreeSet<>(PipelineShape.of(pawl, info).topics());
        names.addAll(info.topics().keySet());
        for (String name : names) {
            var counts = info.topics().getOrDefault(name, Map.of());
            var cells = new ArrayList<String>();
            cells.add(name);
            for (var status : MessageStatus.values()) cells.add(String.valueOf(counts.getOrDefault(status, 0)));
            table.row(cells.toArray(String[]::new));
        }
        if (!table.isEmpty()) table.print(shared.screen());
    }

    private void line(String name, String value) {
        shared.screen().print(shared.screen().style().faint("%-10s".formatted(name)) + value);
    }
}
