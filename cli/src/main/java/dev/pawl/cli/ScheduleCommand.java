package dev.pawl.cli;

import dev.pawl.schedule.Schedules;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code pawl schedule}: the commands on schedules. */
@Command(
        name = "schedule",
        description = "Starts runs of any program by cron expression or interval: add, list, show, edit, trigger …",
        synopsisHeading = "",
        customSynopsis = "pawl schedule COMMAND",
        commandListHeading = "%nCommands:%n",
        footer = {
            "",
            "  pawl schedule add nightly --cron '0 2 * * *' --zone Europe/Berlin --program census --input '{…}'",
            "  pawl schedule add poll --every 5m --overlap queue --program joining --input '{…}'"
        })
final class ScheduleCommand implements Callable<Integer> {

    private final Shared shared;

    @Spec
    private @Nullable CommandSpec spec;

    private ScheduleCommand(Shared shared) {
        this.shared = shared;
    }

    static CommandLine line(Shared shared) {
        var line = new CommandLine(new ScheduleCommand(shared));
        line.addSubcommand(new ScheduleAddCommand(shared))
                .addSubcommand(new ScheduleListCommand(shared))
                .addSubcommand(new ScheduleShowCommand(shared))
                .addSubcommand(new ScheduleEditCommand(shared));
        verb(
                line,
                shared,
                "pause",
                "Holds a schedule: nothing fires, and triggers wait.",
                "is paused",
                Schedules::pause);
        verb(line, shared, "resume", "Releases a paused schedule.", "goes on", Schedules::resume);
        verb(
                line,
                shared,
                "trigger",
                "Fires a schedule now; its overlap policy applies.",
                "is triggered",
                (schedules, name, comment) -> schedules.trigger(name));
        verb(
                line,
                shared,
                "remove",
                "Ends a schedule; the runs that it started go on.",
                "is removed",
                Schedules::remove);
        return line;
    }

    private static void verb(
            CommandLine line, Shared shared, String name, String description, String done, ScheduleVerb.Action action) {
        var command = new CommandLine(new ScheduleVerb(shared, action, done));
        command.getCommandSpec().name(name).usageMessage().description(description);
        line.addSubcommand(name, command);
    }

    @Override
    public Integer call() {
        if (spec != null) spec.commandLine().usage(shared.screen().err());
        return Exit.USAGE;
    }
}
