package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.engine.TimeTravel;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Timeline;
import java.io.IOException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl replay}. */
@Command(
        name = "replay",
        description = {
            "Executes a recorded run again with today's code and without any I/O, and shows each step with the hash of its state,",
            "its effects and where it went on. Stops at the first divergence and ends with 1."
        })
final class ReplayCommand implements Callable<Integer> {

    private final Shared shared;

    @Parameters(paramLabel = "RUN|FILE", description = RecordedRun.WHICH)
    private String typed = "";

    @Option(names = "--to", paramLabel = "N", description = "Shows the state after step N; 0 is the beginning.")
    private @Nullable Integer to;

    @Option(
            names = {"-i", "--interactive"},
            description = "Goes through the run step by step, forwards and backwards.")
    private boolean interactive;

    ReplayCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws IOException {
        try (var run = RecordedRun.of(shared, typed)) {
            var timeline = TimeTravel.timeline(run.history());
            if (interactive) return walk(run, timeline);
            return to == null ? all(run, timeline) : state(run, timeline, to);
        }
    }

    // ---- all of it ------------------------------------------------------------------------------------------------

    private int all(RecordedRun run, Timeline timeline) {
        var text = new TravelText(shared.screen(), run.history());
        if (shared.json()) return document(run, timeline, text);
        var style = shared.screen().style();
        var details = run.history().details();
        shared.screen()
                .print(style.faint("Run ") + details.id() + style.faint("  ") + details.program() + " version "
                        + details.version() + "  " + style.status(details.status()));
        var replay = replay(run, moment -> text.print(moment, timeline.effects(moment.number())));
        if (replay.divergence() != null) text.print(replay.divergence());
        else shared.screen().print(replay.end());
        return exit(replay.divergence());
    }

    private int document(RecordedRun run, Timeline timeline, TravelText text) {
        var document = text.head();
        var moments = document.putArray("moments");
        var replay = replay(run, moment -> moments.add(text.document(moment, timeline.effects(moment.number()))));
        document.put("end", replay.end());
        var divergence = replay.divergence();
        document.set("divergence", divergence == null ? RunDocument.tree(null) : TravelText.document(divergence));
        shared.screen().print(JsonText.pretty(document));
        return exit(divergence);
    }

    private Replay replay(RecordedRun run, java.util.function.Consumer<dev.pawl.spi.Moment> seen) {
        return TimeTravel.replay(run.history(), shared.shelf().programs(), seen);
    }

    private static int exit(@Nullable Divergence divergence) {
        return divergence == null ? Exit.DONE : Exit.DIVERGED;
    }

    // ---- one state ------------------------------------------------------------------------------------------------

    private int state(RecordedRun run, Timeline timeline, int number) {
        var moment = Steps.at(timeline, number);
        Divergence divergence = null;
        try {
            divergence = replay(run, ignored -> {}).divergence();
        } catch (Failure.Logic noCode) {
            shared.screen().say(noCode.getMessage() + " This is what is recorded.");
        }
        var text = new TravelText(shared.screen(), run.history());
        if (divergence != null && divergence.moment() <= number) {
            if (shared.json())
                shared.screen().print(JsonText.pretty(text.head().set("divergence", TravelText.document(divergence))));
            else text.print(divergence);
            return Exit.DIVERGED;
        }
        if (shared.json()) {
            var document = text.document(moment, timeline.effects(number));
            document.set("state", RunDocument.tree(timeline.state(number)));
            shared.screen().print(JsonText.pretty(document));
        } else {
            shared.screen().print(JsonText.pretty(timeline.state(number)));
        }
        return Exit.DONE;
    }

    // ---- step by step ---------------------------------------------------------------------------------------------

    private int walk(RecordedRun run, Timeline timeline) throws IOException {
        if (shared.json())
            throw Complaint.usage("--interactive is for people, and --json for machines: leave one out.");
        Divergence divergence = null;
        try {
            divergence = replay(run, ignored -> {}).divergence();
        } catch (Failure.Logic noCode) {
            shared.screen().say(noCode.getMessage() + " This is what is recorded.");
        }
        try (var lines = TypedLines.of(shared.screen(), Walk.WORDS)) {
            new Walk(shared.screen(), run.history(), timeline, divergence)
                    .go(lines, to == null ? timeline.first() : to);
        }
        return exit(divergence);
    }
}
