package dev.pawl.cli;

import dev.pawl.core.InputDetails;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.PipelineInfo;
import dev.pawl.pipeline.Pipelines;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl pipeline inputs}. */
@Command(
        name = "inputs",
        description = {
            "Lists what the messages of a pipeline come from, and what became of it; with a number, what that one caused.",
            "An input is done when all is consumed that it caused, directly or through others; until then it is pending."
        })
final class PipelineInputsCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Parameters(index = "1", arity = "0..1", paramLabel = "N", description = "The number of one input.")
    private @Nullable Integer number;

    @Option(names = "--after", paramLabel = "N", defaultValue = "0", description = "Only those with a greater number.")
    private int after;

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", description = "At most so many; 50 if not given.")
    private int limit = 50;

    @Option(
            names = "--stale",
            paramLabel = "AGE",
            defaultValue = "1d",
            description = "What has been pending for longer is stale; 1d if not given.")
    private String stale = "1d";

    PipelineInputsCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (limit < 1) throw Complaint.usage("--limit must be at least 1, not " + limit + ".");
        var age = Text.age(stale);
        try (var pawl = shared.client()) {
            var pipelines = Pipelines.of(pawl);
            var info = pipelines.get(pipeline.name());
            if (number == null) all(pawl, pipelines, info, age);
            else one(pawl, pipelines, info, number, age);
        }
        return Exit.DONE;
    }

    private void all(Pawl pawl, Pipelines pipelines, PipelineInfo info, Duration age) {
        var screen = shared.screen();
        var table = new Table("#", "SOURCE", "TYPE", "ID", "TITLE", "STATE", "PENDING", "DONE", "SEEN")
                .right(0)
                .right(6)
                .right(7)
                .paint(5, state -> paint(screen.style(), state));
        long now = pawl.now();
        var inputs = pipelines.inputs(info.name(), after, limit);
        for (InputDetails input : inputs) {
            String state = PipelineWords.state(input, now, age);
            if (shared.json()) screen.print(PipelineDocument.of(input, state).toString());
            else
                table.row(
                        String.valueOf(input.number()),
                        input.input().source(),
                        input.input().type(),
                        input.input().id(),
                        input.input().title(),
                        state,
                        String.valueOf(input.pending()),
                        String.valueOf(input.done()),
                        Text.time(input.at()));
        }
        if (shared.json()) return;
        if (table.isEmpty()) screen.say(after == 0 ? "No inputs yet." : "No more inputs.");
        else table.print(screen);
        if (inputs.size() == limit) {
            screen.say("More: pawl pipeline inputs " + info.name() + " --after "
                    + inputs.getLast().number());
        }
    }

    private static String paint(Style style, String state) {
        return switch (state) {
            case "done" -> style.good(state);
            case "stale" -> style.bad(state);
            default -> state;
        };
    }

    private void one(Pawl pawl, Pipelines pipelines, PipelineInfo info, int wanted, Duration age) {
        var input = pipelines.inputs(info.name(), wanted - 1, 1).stream()
                .filter(found -> found.number() == wanted)
                .findFirst()
                .orElseThrow(() -> Complaint.notFound("Pipeline \"" + info.name() + "\" has no input " + wanted
                        + ". \"pawl pipeline inputs " + info.name() + "\" lists them."));
        var screen = shared.screen();
        String state = PipelineWords.state(input, pawl.now(), age);
        var caused = pipelines.messagesOf(info.name(), wanted);
        if (shared.json()) {
            var document = PipelineDocument.of(input, state);
            var messages = document.putArray("messages");
            caused.forEach(message -> messages.add(PipelineDocument.of(pawl, message)));
            screen.print(JsonText.pretty(document));
            return;
        }
        var what = input.input();
        screen.print("Input " + wanted + ": " + what.type() + ' ' + what.id() + " of " + what.source()
                + (what.title().isEmpty() ? "" : ", \"" + what.title() + '"') + ", seen " + Text.time(input.at())
                + ", " + paint(screen.style(), state) + ".");
        if (caused.isEmpty()) {
            screen.say("It has caused no messages yet.");
            return;
        }
        screen.print("");
        var list = new PipelineMessagesCommand.Messages(shared, pawl);
        caused.forEach(list::add);
        list.print(null);
    }
}
