package dev.pawl.cli;

import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleInfo;
import dev.pawl.schedule.Schedules;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code pawl schedule show}. */
@Command(name = "show", description = "Shows a schedule: its policies, what it did, and when it fires next.")
final class ScheduleShowCommand implements Callable<Integer> {

    private static final int TIMES = 10;
    private static final int INPUT_SHOWN = 200;

    private final Shared shared;

    @Parameters(paramLabel = "NAME", description = "The schedule's name; \"pawl schedule list\" shows them.")
    private String name = "";

    ScheduleShowCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var info = Schedules.of(pawl).get(name);
            if (shared.json()) shared.screen().print(JsonText.pretty(ScheduleDocument.of(info, TIMES)));
            else page(info);
        }
        return Exit.DONE;
    }

    /** What a command says that made or changed one. */
    static void next(Shared shared, ScheduleInfo info) {
        var screen = shared.screen();
        if (shared.json()) {
            screen.print(ScheduleDocument.of(info, 1).toString());
            return;
        }
        var next = info.next(1);
        String when = next.isEmpty()
                ? " does not fire any more."
                : " fires next on " + ScheduleWords.longTime(info.schedule(), next.getFirst()) + ".";
        screen.print("Schedule \"" + info.name() + "\"" + when);
    }

    private void page(ScheduleInfo info) {
        var style = shared.screen().style();
        var schedule = info.schedule();
        line("Schedule", style.bold(info.name()));
        line("Run", info.run().toString());
        line("Status", style.status(info.status()) + (info.heldBy() == null ? "" : " by " + info.heldBy()));
        line("Times", ScheduleWords.times(schedule));
        line("Starts", String.valueOf(schedule.program()));
        line("Input", Text.cut(schedule.input().text(), INPUT_SHOWN));
        policies(schedule);
        line("Fired", counters(info));
        if (info.lastRun() != null) {
            line("Last", ScheduleWords.time(schedule, info.lastPlanned()) + ", run " + info.lastRun());
        }
        if (info.triggers() > 0) line("Triggers", Text.count(info.triggers(), "trigger") + " waiting");
        if (info.trouble() != null) line("Trouble", style.bad(info.trouble()));
        shared.screen().print("");
        shared.screen().print(style.bold("Next"));
        for (var time : info.next(TIMES)) shared.screen().print(ScheduleWords.longTime(schedule, time));
    }

    private void policies(Schedule schedule) {
        line("Overlap", schedule.overlap().name().toLowerCase(Locale.ROOT).replace('_', ' '));
        line("Catch-up", schedule.catchUp().toString());
        if (!schedule.jitter().isZero())
            line("Jitter", "up to " + Text.duration(schedule.jitter().toMillis()));
        if (schedule.from() != null) line("From", ScheduleWords.time(schedule, schedule.from()));
        if (schedule.until() != null) line("Until", ScheduleWords.time(schedule, schedule.until()));
    }

    private static String counters(ScheduleInfo info) {
        var state = info.state();
        return Text.count(state.fired(), "time") + ", " + state.skipped() + " skipped, " + state.missed() + " missed, "
                + state.open().size() + " open" + (state.queued() == null ? "" : ", one waiting");
    }

    private void line(String label, String value) {
        shared.screen().print(shared.screen().style().faint("%-10s".formatted(label)) + value);
    }
}
