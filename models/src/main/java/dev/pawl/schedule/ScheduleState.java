package dev.pawl.schedule;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a schedule has to remember. Immutable.
 *
 * @param createdAt when the schedule was created
 * @param decided every planned time up to and including this has started, been skipped or been missed, once and for all
 * @param open the {@linkplain Fire#key keys} of the fires whose runs are still open, oldest first; if there are very many,
 *     the newest
 * @param queued the fire that waits for the open runs to end
 * @param paused whether the clock starts nothing
 * @param fired how many fires have started a run
 * @param skipped how many did not because of the overlap policy, or because their program does not take the input
 * @param missed how many were too late; at least so many if they were very many at once
 */
public record ScheduleState(
        Instant createdAt,
        Instant decided,
        List<String> open,
        @Nullable Fire queued,
        boolean paused,
        long fired,
        long skipped,
        long missed) {

    private static final TypeRef<ScheduleState> TYPE = TypeRef.of(ScheduleState.class);

    public ScheduleState {
        open = List.copyOf(open);
    }

    /** The state of a schedule that is created now. */
    public static ScheduleState fresh(Instant now) {
        return new ScheduleState(now, now, List.of(), null, false, 0, 0, 0);
    }

    /** After the runs of these fires have ended, however; keys that it does not know say nothing. */
    public ScheduleState ended(Collection<String> keys) {
        var rest = new ArrayList<>(open);
        rest.removeAll(keys);
        return new ScheduleState(createdAt, decided, rest, queued, paused, fired, skipped, missed);
    }

    /** After a fire that was to start a run in this very turn did not after all. */
    ScheduleState neverStarted(Fire fire) {
        var rest = new ArrayList<>(open);
        rest.remove(fire.key());
        return new ScheduleState(createdAt, decided, rest, queued, paused, fired - 1, skipped + 1, missed);
    }

    /** After a pause has begun. What is queued waits until it is over. */
    public ScheduleState pause() {
        return new ScheduleState(createdAt, decided, open, queued, true, fired, skipped, missed);
    }

    /** After a pause has ended. Planned times that fell into it never start, and are not counted as missed. */
    public ScheduleState resume(Instant now) {
        if (!paused) return this;
        return new ScheduleState(
                createdAt, now.isAfter(decided) ? now : decided, open, queued, false, fired, skipped, missed);
    }

    /**
     * After the schedule has changed. If its times are others now, those count that are due after now; so decide under the
     * old schedule first, lest what is due at this moment be lost.
     */
    public ScheduleState edited(Schedule before, Schedule after, Instant now) {
        boolean isSame = after.timing(before.timing())
                .from(before.from())
                .until(before.until())
                .equals(after);
        var past = isSame
                ? List.<Instant>of()
                : after.timetable(createdAt).due(decided, now, 1).newest();
        if (past.isEmpty()) return this;
        return new ScheduleState(createdAt, past.get(0), open, queued, paused, fired, skipped, missed);
    }

    /** As JSON, for the database. */
    public Json toJson() {
        return Codec.STANDARD.write(this, TYPE, "The state of a schedule");
    }

    /** The state that {@link #toJson} wrote. */
    public static ScheduleState read(Json json) {
        return Codec.STANDARD.read(json, TYPE, "The state of a schedule");
    }
}
