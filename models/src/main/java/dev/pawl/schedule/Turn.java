package dev.pawl.schedule;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One turn of a schedule: collects what is to happen. Fires pass the catch-up policy, then the overlap policy. */
final class Turn {

    /** With {@link Overlap#ALLOW} open runs may be very many; the state stays small. */
    private static final int MOST_OPEN = 1000;

    /**
     * So many due fires are looked at one by one even if fewer are to be caught up on. Planned times are at least a second
     * apart, so an older one is late by more than the grace.
     */
    private static final int MOST_ON_TIME = (int) CatchUp.GRACE.toSeconds() + 2;

    private final Schedule schedule;
    private final ScheduleState before;
    private final Instant now;
    private final Timetable timetable;

    private final List<Fire> start = new ArrayList<>();
    private final List<String> cancel = new ArrayList<>();
    private final List<Fire> skipped = new ArrayList<>();
    private final Set<String> open;
    private @Nullable Fire queued;
    private Instant decided;
    private long missed;

    Turn(Schedule schedule, ScheduleState before, Instant now) {
        this.schedule = schedule;
        this.before = before;
        this.now = now;
        this.timetable = schedule.timetable(before.createdAt());
        this.open = new LinkedHashSet<>(before.open());
        this.queued = before.queued();
        this.decided = before.decided();
    }

    /** What waits is looked at as if it fired now: nothing may be open any more, or the policy may have changed. */
    void admitQueued() {
        var waiting = queued;
        queued = null;
        if (waiting != null) admit(waiting);
    }

    void admitDue() {
        int newest = schedule.catchUp().newest();
        var due = timetable.due(decided, now, Math.max(newest, MOST_ON_TIME));
        missed = due.older();
        for (int i = 0; i < due.newest().size(); i++) {
            decided = due.newest().get(i);
            boolean isNew = i >= due.newest().size() - newest;
            if (isNew || isOnTime(decided)) admit(Fire.planned(schedule.name(), decided));
            else missed++;
        }
    }

    private boolean isOnTime(Instant planned) {
        return !timetable.due(planned).plus(CatchUp.GRACE).isBefore(now);
    }

    void admitTriggered(List<Trigger> triggers) {
        for (var trigger : triggers) admit(Fire.triggered(schedule.name(), trigger));
    }

    private void admit(Fire fire) {
        switch (schedule.overlap()) {
            case ALLOW -> start(fire);
            case SKIP -> {
                if (open.isEmpty()) start(fire);
                else skipped.add(fire);
            }
            case QUEUE_ONE -> {
                if (open.isEmpty()) start(fire);
                else if (queued == null) queued = fire;
                else skipped.add(fire);
            }
            case CANCEL_OLD -> {
                cancelOpen();
                start(fire);
            }
        }
    }

    private void start(Fire fire) {
        start.add(fire);
        open.add(fire.key());
        if (open.size() > MOST_OPEN) open.remove(open.iterator().next());
    }

    /** What would only start in this very turn need not start at all. */
    private void cancelOpen() {
        for (var fire : start) open.remove(fire.key());
        skipped.addAll(start);
        start.clear();
        cancel.addAll(open);
        open.clear();
    }

    Decision decision() {
        var after = new ScheduleState(
                before.createdAt(),
                decided,
                List.copyOf(open),
                queued,
                before.paused(),
                before.fired() + start.size(),
                before.skipped() + skipped.size(),
                before.missed() + missed);
        return new Decision(start, cancel, skipped, after, wake());
    }

    private Wake wake() {
        var next = timetable.next(before.paused() && now.isAfter(decided) ? now : decided);
        if (next == null) return queued == null ? new Wake.Never() : new Wake.WhenAsked();
        return before.paused() ? new Wake.WhenAsked() : new Wake.At(timetable.due(next));
    }
}
