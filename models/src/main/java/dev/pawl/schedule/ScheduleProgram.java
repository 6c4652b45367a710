package dev.pawl.schedule;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Retry;
import dev.pawl.core.Run;
import dev.pawl.core.Supervision;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import java.time.Duration;
import java.util.List;

/**
 * What a schedule is to the kernel: a run in a slot with one task, which wakes, starts runs, and says when it wakes next,
 * all in one commit. Its input is the {@link Schedule}, its state the {@link ScheduleMemory}.
 *
 * <p>All schedules are runs of {@value #NAME}, whose version names the program that they start: so a worker without that
 * program's code never gets hold of them, and neither starts nor loses a fire.
 *
 * @param starts the program that the schedules start
 */
public record ScheduleProgram(Program starts) implements Program {

    /** The name that all schedules have as programs. */
    public static final String NAME = "schedule:schedule";

    /** The signal that fires a schedule now; its payload does not matter. */
    public static final String TRIGGER = "trigger";

    /** The signal that changes a schedule; its payload is the new one as JSON. */
    public static final String EDIT = "edit";

    static final String SLOTS = "schedule:";

    private static final String TASK = "schedule";

    /** A schedule goes on for ever, whatever happens to its workers and to its database. */
    private static final TaskOptions OPTIONS = new TaskOptions(
            Retry.times(Integer.MAX_VALUE).cap(Duration.ofSeconds(10)),
            null,
            new Supervision(null, Supervision.OnStall.RETRY, Integer.MAX_VALUE));

    static String slotOf(String schedule) {
        return SLOTS + schedule;
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public String version() {
        return starts.name();
    }

    @Override
    public Json shape() {
        return new Json("{\"starts\":" + Json.quote(starts.name()) + "}");
    }

    @Override
    public List<String> differences(Json stored) {
        return List.of();
    }

    @Override
    public String queue() {
        return Placement.DEFAULT_QUEUE;
    }

    @Override
    public String slot(Json input) {
        return slotOf(read(input).name());
    }

    @Override
    public TaskOptions options(String task) {
        return OPTIONS;
    }

    @Override
    public Plan start(Json input) {
        var schedule = read(input);
        if (!starts.name().equals(schedule.program())) {
            throw new Failure.Logic("Schedule \"%s\" starts %s, and not %s."
                    .formatted(schedule.name(), schedule.program(), starts.name()));
        }
        return new Plan(ScheduleMemory.NONE, List.of(Plan.Create.one(TASK)));
    }

    private static Schedule read(Json input) {
        try {
            return Schedule.read(input);
        } catch (IllegalArgumentException wrong) {
            throw new Failure.Logic(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    @Override
    public Result execute(Claimed task, Journal journal) {
        return new LiveSchedule(starts, task, journal).turn();
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return new Plan(
                run.state(),
                List.of(
                        switch (outcome) {
                            case Outcome.Succeeded over -> new Plan.Succeed(new Plan.Output.Value(over.output()));
                            case Outcome.Failed failed -> new Plan.Fail(failed.problem());
                            case Outcome.Continued ignored ->
                                throw new IllegalStateException("A schedule is one task for ever.");
                            case Outcome.Skipped ignored ->
                                throw new IllegalStateException("A schedule is never skipped.");
                        }));
    }

    /** A run that is gone on with has no slot, and would be a second schedule of its name that nobody finds. */
    @Override
    public Plan retry(History earlier) {
        throw new Failure.Logic(
                "A schedule is not retried. Restart it (pawl restart), which makes it anew, or add it again.");
    }

    @Override
    public Plan fork(History earlier, String from, java.util.Map<String, Payload> edits) {
        throw new Failure.Logic("A schedule has no steps to do over. Change it with: pawl schedule edit");
    }

    @Override
    public String toString() {
        return NAME + "@" + version();
    }
}
