package dev.pawl.cli;

import dev.pawl.core.Failure;
import dev.pawl.engine.Settings;
import dev.pawl.schedule.Schedules;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pawl schedule add}. */
@Command(name = "add", description = "Adds a schedule: each of its times starts a run of a program.")
final class ScheduleAddCommand implements Callable<Integer> {

    private final Shared shared;

    @Parameters(paramLabel = "NAME", description = "What it is called; no other schedule may be.")
    private String name = "";

    @Option(
            names = "--program",
            paramLabel = "P",
            required = true,
            description = "What it starts; \"pawl programs\" lists them.")
    private String program = "";

    @Mixin
    private final InputOption input = new InputOption();

    @Mixin
    private final ScheduleOptions options = new ScheduleOptions();

    ScheduleAddCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var programs = shared.shelf().named(program);
        var schedule = options.create(name).starts(programs.getLast().name(), input.read());
        try (var pawl = shared.open(Settings.CLIENT, programs)) {
            var schedules = Schedules.of(pawl).by(Shared.actor());
            schedules.add(schedule);
            ScheduleShowCommand.next(shared, schedules.get(name));
        } catch (Failure.Logic unfit) {
            throw Complaint.usage(
                    unfit.getMessage() + (input.given() ? "" : " Give the input with --input JSON or --input @FILE."),
                    unfit);
        } catch (IllegalArgumentException wrong) {
            throw Complaint.usage(String.valueOf(wrong.getMessage()), wrong);
        }
        if (shared.screen().live()) {
            shared.screen()
                    .say("It fires while a worker is up: pawl worker    Look at it with: pawl schedule show " + name);
        }
        return Exit.DONE;
    }
}
