package dev.pawl.schedule;

import java.time.Instant;
import java.util.List;

/**
 * What a schedule does at a moment, as data: to be written in one transaction, together with whatever asked for it.
 *
 * @param start the fires that start a run each, oldest first
 * @param cancel the keys of fires whose runs are to be cancelled
 * @param skipped fires that do not start because of the overlap policy, oldest first
 * @param state the state afterwards
 * @param wake when to decide again
 */
public record Decision(List<Fire> start, List<String> cancel, List<Fire> skipped, ScheduleState state, Wake wake) {

    public Decision {
        start = List.copyOf(start);
        cancel = List.copyOf(cancel);
        skipped = List.copyOf(skipped);
    }

    /**
     * Decides. Pure: the same arguments give the same decision, and deciding again on the state that it gives does
     * nothing until its {@link #wake}, a run that ends, or a request.
     *
     * @param state as it is now: {@link ScheduleState#ended} has been told of the runs that have ended
     * @param triggers each once: a trigger given again is another fire to the counters and the queue
     */
    public static Decision decide(Schedule schedule, ScheduleState state, Instant now, List<Trigger> triggers) {
        var turn = new Turn(schedule, state, now);
        if (!state.paused()) {
            turn.admitQueued();
            turn.admitDue();
        }
        turn.admitTriggered(triggers);
        return turn.decision();
    }
}
