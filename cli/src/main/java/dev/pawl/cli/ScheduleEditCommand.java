package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.engine.Settings;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.Schedules;
import dev.pawl.spi.Program;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pawl schedule edit}. */
@Command(
        name = "edit",
        description = "Changes a schedule; what is not given stays. New times count from now on.",
        footer = {"", "Its name and its program stay. For others, remove it and add another one."})
final class ScheduleEditCommand implements Callable<Integer> {

    private final Shared shared;

    @Parameters(paramLabel = "NAME", description = "The schedule's name; \"pawl schedule list\" shows them.")
    private String name = "";

    @Mixin
    private final InputOption input = new InputOption();

    @Mixin
    private final ScheduleOptions options = new ScheduleOptions();

    ScheduleEditCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        if (!options.given() && !input.given()) {
            throw Complaint.usage("What shall change? \"pawl schedule edit --help\" says what can.");
        }
        try (var pawl = shared.open(Settings.CLIENT, programs())) {
            var schedules = Schedules.of(pawl).by(Shared.actor());
            schedules.edit(name, this::changed);
            ScheduleShowCommand.next(shared, schedules.get(name));
        } catch (Failure.Logic | IllegalArgumentException wrong) {
            throw Complaint.usage(String.valueOf(wrong.getMessage()), wrong);
        }
        return Exit.DONE;
    }

    /** Only a new input needs the code that says whether it fits. */
    private List<Program> programs() {
        String program;
        try (var pawl = shared.client()) {
            program = Schedules.of(pawl).get(name).schedule().program();
        }
        return input.given() && program != null ? shared.shelf().named(program) : List.of();
    }

    private Schedule changed(Schedule before) {
        var after = options.change(before);
        var program = after.program();
        return input.given() && program != null ? after.starts(program, input.read()) : after;
    }
}
