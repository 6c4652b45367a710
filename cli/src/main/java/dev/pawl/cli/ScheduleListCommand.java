package dev.pawl.cli;

import dev.pawl.schedule.ScheduleInfo;
import dev.pawl.schedule.Schedules;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code pawl schedule list}. */
@Command(name = "list", description = "Lists the schedules: when each fires next, and what it did.")
final class ScheduleListCommand implements Callable<Integer> {

    private static final int PAGE = 200;

    private final Shared shared;

    ScheduleListCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var table = new Table(
                            "NAME", "STATUS", "TIMES", "PROGRAM", "NEXT", "LAST", "FIRED", "SKIPPED", "MISSED", "")
                    .paint(1, shared.screen().style()::status)
                    .right(6)
                    .right(7)
                    .right(8);
            var schedules = Schedules.of(pawl);
            List<ScheduleInfo> page = schedules.list(null, PAGE);
            while (!page.isEmpty()) {
                for (ScheduleInfo schedule : page) show(schedule, table);
                page = schedules.list(page.getLast().name(), PAGE);
            }
            if (shared.json()) return Exit.DONE;
            if (table.isEmpty()) shared.screen().say("No schedules yet.");
            else table.print(shared.screen());
        }
        return Exit.DONE;
    }

    private void show(ScheduleInfo info, Table table) {
        if (shared.json()) {
            shared.screen().print(ScheduleDocument.of(info, 1).toString());
            return;
        }
        var schedule = info.schedule();
        var next = info.next(1);
        table.row(
                info.name(),
                info.status().name(),
                ScheduleWords.times(schedule),
                String.valueOf(schedule.program()),
                next.isEmpty() ? "" : ScheduleWords.time(schedule, next.getFirst()),
                ScheduleWords.time(schedule, info.lastPlanned()),
                String.valueOf(info.state().fired()),
                info.state().skipped() == 0 ? "" : String.valueOf(info.state().skipped()),
                info.state().missed() == 0 ? "" : String.valueOf(info.state().missed()),
                ScheduleWords.remark(info));
    }
}
