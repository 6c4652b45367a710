package dev.pawl.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The planned times of a schedule: what its timing says, within its start and end.
 *
 * @param createdAt all planned times are later than this; intervals without a start are aligned on it
 */
public record Timetable(Schedule schedule, Instant createdAt) {

    /** How many planned times are looked at one by one; about 0.1 s. */
    private static final int SCANNED = 10_000;

    /** The first planned time after this one, or null if there is none. */
    public @Nullable Instant next(Instant after) {
        var from = schedule.from();
        var start = after.isBefore(createdAt) ? createdAt : after;
        if (from != null && start.isBefore(from)) start = from.minusNanos(1);
        var found = onTimeline(start);
        var until = schedule.until();
        return found == null || (until != null && !found.isBefore(until)) ? null : found;
    }

    /** The planned times after this one, so many at most, in order. */
    public List<Instant> next(Instant after, int most) {
        var found = new ArrayList<Instant>();
        for (var time = next(after); time != null && found.size() < most; time = next(time)) found.add(time);
        return List.copyOf(found);
    }

    /** When a planned time is due: with its jitter. Planned times are due one after another, in order. */
    public Instant due(Instant planned) {
        var following = schedule.jitter().isZero() ? null : onTimeline(planned);
        if (following == null) return planned;
        var room = Duration.between(planned, following);
        long most = (room.compareTo(schedule.jitter()) < 0 ? room : schedule.jitter()).toMillis();
        return most == 0 ? planned : planned.plusMillis(Long.remainderUnsigned(random(planned), most));
    }

    private @Nullable Instant onTimeline(Instant after) {
        var from = schedule.from();
        return schedule.timing().next(after, from == null ? createdAt : from);
    }

    /** Looks random, and is the same after every restart: FNV-1a over the name and the time, mixed as by SplitMix64. */
    private long random(Instant planned) {
        long hash = 0xcbf29ce484222325L;
        for (char c : (schedule.name() + "@" + planned).toCharArray()) hash = (hash ^ c) * 0x100000001b3L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        return hash ^ (hash >>> 31);
    }

    /**
     * Planned times that are due.
     *
     * @param newest the newest of them, oldest first
     * @param older how many there are before those; if there are very many, not all of them are counted
     */
    record Due(List<Instant> newest, long older) {}

    /** What is planned after a time and due by now, with the newest in full. */
    Due due(Instant after, Instant now, int most) {
        var newest = new ArrayDeque<Instant>();
        long older = 0;
        for (var time = next(after); time != null && !due(time).isAfter(now); time = next(time)) {
            newest.add(time);
            if (newest.size() <= most) continue;
            newest.remove();
            if (++older == SCANNED) return new Due(newestBackwards(time, now, most), older);
        }
        return new Due(List.copyOf(newest), older);
    }

    private List<Instant> newestBackwards(Instant after, Instant now, int most) {
        var found = new ArrayDeque<Instant>();
        for (var time = last(after, now); time != null && found.size() < most; time = last(after, time.minusNanos(1))) {
            if (!due(time).isAfter(now)) found.addFirst(time);
        }
        return List.copyOf(found);
    }

    /** The last planned time after one time and not after another, by halving: timings only step forward. */
    private @Nullable Instant last(Instant after, Instant end) {
        var found = next(after);
        if (found == null || found.isAfter(end)) return null;
        var low = found;
        var high = end;
        for (var time = next(low); time != null && !time.isAfter(end); time = next(low)) {
            var middle = low.plus(Duration.between(low, high).dividedBy(2));
            var beyond = next(middle);
            if (beyond == null || beyond.isAfter(end)) {
                high = middle;
                low = time;
            } else {
                low = beyond;
            }
        }
        return low;
    }
}
