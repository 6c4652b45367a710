package dev.pawl.schedule;

import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as it stands.
 *
 * @param run the run that it is
 * @param status the run's: QUEUED until a worker has seen it for the first time, then RUNNING or PAUSED
 * @param heldBy who paused it and why, or null
 * @param schedule what it is, with the edits that no worker has seen yet
 * @param state what it remembers: its counters among others
 * @param lastPlanned when the newest fire that started a run was planned or asked for, or null
 * @param lastRun the run that it started, or null
 * @param trouble why the last thing that was asked of it could not be done, or null
 * @param triggers how many triggers wait for a worker, or for the end of a pause
 * @param now when this was so, on the database's clock
 */
public record ScheduleInfo(
        RunId run,
        RunStatus status,
        @Nullable String heldBy,
        Schedule schedule,
        ScheduleState state,
        @Nullable Instant lastPlanned,
        @Nullable RunId lastRun,
        @Nullable String trouble,
        int triggers,
        Instant now) {

    /** Its name. */
    public String name() {
        return schedule.name();
    }

    /**
     * The next planned times, before jitter: those that it would fire at if it were not paused.
     *
     * @param most at most so many
     */
    public List<Instant> next(int most) {
        var after = state.decided().isAfter(now) ? state.decided() : now;
        return schedule.timetable(state.createdAt()).next(after, most);
    }
}
