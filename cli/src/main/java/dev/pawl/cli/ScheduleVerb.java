package dev.pawl.cli;

import dev.pawl.schedule.Schedules;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A verb on a schedule: {@code pause}, {@code resume}, {@code trigger}, {@code remove}. */
@Command
final class ScheduleVerb implements Callable<Integer> {

    private final Shared shared;
    private final Action action;
    private final String done;

    @Parameters(paramLabel = "NAME", description = "The schedule's name; \"pawl schedule list\" shows them.")
    private String name = "";

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why, for the history.")
    private String comment = "";

    /** What the verb does. */
    @FunctionalInterface
    interface Action {
        void on(Schedules schedules, String name, String comment);
    }

    /** @param done what is so afterwards: {@code is paused} */
    ScheduleVerb(Shared shared, Action action, String done) {
        this.shared = shared;
        this.action = action;
        this.done = done;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var schedules = Schedules.of(pawl).by(Shared.actor());
            var before = schedules.get(name);
            action.on(schedules, name, comment);
            var screen = shared.screen();
            if (shared.json()) {
                screen.print(RunDocument.of(pawl.run(before.run()))
                        .put("schedule", name)
                        .toString());
                return Exit.DONE;
            }
            screen.print("Schedule \"" + name + "\" " + done + ".");
            schedules.find(name).filter(after -> after.triggers() > 0).ifPresent(after -> {
                if (after.heldBy() != null)
                    screen.say("It is paused by " + after.heldBy() + ", and fires when it is resumed.");
            });
        }
        return Exit.DONE;
    }
}
