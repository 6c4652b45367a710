package dev.pawl.schedule;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Priority;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.spi.Program;
import dev.pawl.spi.Runs;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The schedules of a database: {@code Schedules.of(pawl).add(Schedule.cron(…).starts(REPORT, input))}. Each is a run, so
 * everything that works on runs works on it. Thread-safe.
 */
public final class Schedules {

    private static final int MOST_REQUESTS = 1_000;

    private final Runs runs;
    private final String actor;

    private Schedules(Runs runs, String actor) {
        this.runs = runs;
        this.actor = actor;
    }

    /** The schedules of the database of an open Pawl. */
    public static Schedules of(Runs pawl) {
        return new Schedules(pawl, "");
    }

    /** The same, saying in the history who asks. */
    public Schedules by(String who) {
        return new Schedules(runs, who);
    }

    /**
     * Adds a schedule; it is durable on return. From then on each of its planned times starts a run, as soon as a worker
     * that has the program's code is up.
     *
     * @return the run that it is
     * @throws ScheduleRefused if there is one of this name
     * @throws IllegalArgumentException if it starts no program, or has no time to fire
     * @throws Failure.Logic if its program does not take its input
     * @throws RuntimeException if this Pawl does not have the program
     */
    public RunId add(Schedule schedule) {
        var program = program(schedule);
        var named = schedule.starts(program.name(), schedule.input());
        requireInput(named, program);
        requireTimes(named, now());
        return runs.submitInSlot(new ScheduleProgram(program), named.toJson(), Priority.HIGH, actor)
                .orElseThrow(() -> ScheduleRefused.nameTaken(schedule.name()));
    }

    /**
     * Changes a schedule; the change is durable on return, and takes effect when a worker sees it, at once as a rule. New
     * times count from then on. Its name and its program stay. Of two who edit at the same time, the later one wins.
     *
     * @param change from the schedule as it is to what it shall be
     * @throws ScheduleRefused if there is none of this name
     * @throws IllegalArgumentException if it would have another name, another program, or no time to fire
     * @throws Failure.Logic if its program does not take its new input
     * @throws RuntimeException if the input changes and this Pawl does not have the program
     */
    public void edit(String name, UnaryOperator<Schedule> change) {
        var info = get(name);
        var before = info.schedule();
        var after = change.apply(before);
        if (!after.name().equals(name) || !String.valueOf(after.program()).equals(before.program())) {
            throw new IllegalArgumentException(
                    "Schedule \"%s\" keeps its name and its program (%s). For others, remove it and add another one."
                            .formatted(name, before.program()));
        }
        if (!after.input().equals(before.input())) requireInput(after, program(after));
        requireTimes(after, info.state().createdAt());
        runs.signal(info.run(), ScheduleProgram.EDIT, after.toJson(), null, actor);
    }

    private Program program(Schedule schedule) {
        var name = schedule.program();
        if (name == null) {
            throw Schedule.wrong(schedule.name(), "no program to start; say which with starts(PROGRAM, input).");
        }
        return runs.program(name);
    }

    private static void requireInput(Schedule schedule, Program program) {
        var unused = program.start(schedule.input());
    }

    private void requireTimes(Schedule schedule, Instant createdAt) {
        if (schedule.timetable(createdAt).next(now()) == null) {
            throw Schedule.wrong(schedule.name(), "no time to fire: it would be over already.");
        }
    }

    private Instant now() {
        return Instant.ofEpochMilli(runs.now());
    }

    /**
     * Holds a schedule: nothing fires, and triggers wait. What its runs do goes on. When it is resumed, the catch-up policy
     * says what becomes of the times that have passed.
     *
     * @param comment why, for people; may be empty
     * @throws ScheduleRefused if there is none of this name
     * @throws RuntimeException if it is paused already, or no worker has seen it yet
     */
    public void pause(String name, String comment) {
        runs.pause(get(name).run(), actor, comment);
    }

    /**
     * Releases a paused schedule.
     *
     * @throws ScheduleRefused if there is none of this name
     * @throws RuntimeException if it is not paused
     */
    public void resume(String name, String comment) {
        runs.resume(get(name).run(), actor, comment);
    }

    /**
     * Fires now, whatever the time; the overlap policy applies.
     *
     * @throws ScheduleRefused if there is none of this name
     */
    public void trigger(String name) {
        runs.signal(get(name).run(), ScheduleProgram.TRIGGER, Json.NULL, null, actor);
    }

    /**
     * Ends a schedule, and frees its name. The runs that it started go on.
     *
     * @throws ScheduleRefused if there is none of this name
     */
    public void remove(String name, String comment) {
        runs.cancel(get(name).run(), actor, comment);
    }

    /**
     * A schedule.
     *
     * @throws ScheduleRefused if there is none of this name
     */
    public ScheduleInfo get(String name) {
        return find(name).orElseThrow(() -> ScheduleRefused.noSuchSchedule(name));
    }

    /** A schedule, if there is one of this name that is not over. */
    public Optional<ScheduleInfo> find(String name) {
        return runs.inSlot(ScheduleProgram.slotOf(name))
                .filter(Schedules::isSchedule)
                .map(this::info);
    }

    /**
     * The schedules that are not over, in the order of their names.
     *
     * @param after only those behind this name, for paging; null for the first
     */
    public List<ScheduleInfo> list(@Nullable String after, int limit) {
        var slot = after == null ? null : ScheduleProgram.slotOf(after);
        return runs.inSlots(ScheduleProgram.SLOTS, slot, limit).stream()
                .filter(Schedules::isSchedule)
                .map(this::info)
                .toList();
    }

    /** As it will be; nothing changes if it is a signal that somebody else has sent and that is no schedule. */
    private Schedule edited(Message request, Schedule before) {
        try {
            return Schedule.read(runs.load(request.payload()));
        } catch (IllegalArgumentException | Failure.Logic wrong) {
            return before;
        }
    }

    private static boolean isSchedule(RunDetails run) {
        return run.program().equals(ScheduleProgram.NAME);
    }

    private ScheduleInfo info(RunDetails run) {
        var memory = ScheduleMemory.read(
                run.run().state(), Instant.ofEpochMilli(run.id().createdAt()));
        var edited = memory.edited();
        var schedule = edited == null ? Schedule.read(runs.load(run.input())) : edited;
        int triggers = 0;
        for (Message request : runs.messages(run.id(), null, MOST_REQUESTS)) {
            if (request.name().equals(ScheduleProgram.TRIGGER)) triggers++;
            if (request.name().equals(ScheduleProgram.EDIT)) schedule = edited(request, schedule);
        }
        var last = memory.last();
        return new ScheduleInfo(
                run.id(),
                run.status(),
                run.status() == RunStatus.PAUSED ? run.detail() : null,
                schedule,
                memory.state(),
                last == null ? null : last.planned(),
                last == null ? null : last.run(),
                memory.trouble(),
                triggers,
                now());
    }
}
