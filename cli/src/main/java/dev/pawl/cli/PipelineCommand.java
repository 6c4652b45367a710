package dev.pawl.cli;

import dev.pawl.engine.Pawl;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pawl pipeline}: the commands on pipelines. */
@Command(
        name = "pipeline",
        description =
                "Producers that read from one system and consumers that change another: start, list, show, run, publish …",
        synopsisHeading = "",
        customSynopsis = "pawl pipeline COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "  pawl pipeline start mail-to-sheet          it works while a worker is up: pawl worker",
            "  pawl pipeline start mail-to-sheet --work   starts it and works on it here",
            "  pawl pipeline show mail-to-sheet           what each handler does, what waits, what needs you",
            "",
            "A pipeline is a run that goes on for ever: \"pawl events RUN\", \"pawl explain RUN\" and all else work on it too."
        })
final class PipelineCommand implements Callable<Integer> {

    private final Shared shared;

    @Spec
    private @Nullable CommandSpec spec;

    private PipelineCommand(Shared shared) {
        this.shared = shared;
    }

    static CommandLine line(Shared shared) {
        var line = new CommandLine(new PipelineCommand(shared));
        line.addSubcommand(new PipelineStartCommand(shared))
                .addSubcommand(new PipelineListCommand(shared))
                .addSubcommand(new PipelineShowCommand(shared))
                .addSubcommand(new PipelineRunCommand(shared))
                .addSubcommand(new PipelinePublishCommand(shared))
                .addSubcommand(new PipelineMessagesCommand(shared))
                .addSubcommand(new PipelineInputsCommand(shared));
        verb(line, shared, "pause", "Holds a pipeline: nothing new begins.", Pawl::pause);
        verb(line, shared, "resume", "Releases a paused or blocked pipeline.", Pawl::resume);
        verb(
                line,
                shared,
                "cancel",
                "Ends a pipeline for good; messages that wait are not consumed. Started again, it begins from nothing.",
                Pawl::cancel);
        return line;
    }

    private static void verb(
            CommandLine line, Shared shared, String name, String description, PipelineVerb.Action action) {
        var command = new CommandLine(new PipelineVerb(shared, action));
        command.getCommandSpec().name(name).usageMessage().description(description);
        line.addSubcommand(name, command);
    }

    @Override
    public Integer call() {
        if (spec != null) spec.commandLine().usage(shared.screen().err());
        return Exit.USAGE;
    }
}
