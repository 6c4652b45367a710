package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What an attempt came to. */
public sealed interface Verdict {

    /** The task is done with, one way or the other: the model's rules say what follows. */
    record Ended(Outcome outcome) implements Verdict {}

    /** Another attempt after a while. */
    record Again(Duration delay, Problem problem) implements Verdict {}

    /** Given back unspent, because the worker stops. */
    record HandedBack() implements Verdict {}

    /**
     * The run needs somebody before another attempt makes sense.
     *
     * @param journaled whether what it needs stands in its journal, where somebody may have answered it meanwhile
     */
    record Blocked(Reason reason, Problem problem, boolean journaled) implements Verdict {}

    /**
     * It waits, and needs no worker meanwhile.
     *
     * @param wakeAt when it is due again unless a message wakes it, in epoch milliseconds
     * @param mail of how many messages it knew when it decided to wait
     * @param state the new state of its run, or null to leave it
     * @param listens whether a message wakes it before its time
     */
    record Parked(long wakeAt, int mail, @Nullable Json state, boolean listens) implements Verdict {}

    /**
     * Its body gave no sign of life for too long.
     *
     * @param pause whether its run is held until a person resumes it
     */
    record Stalled(boolean pause, Problem problem) implements Verdict {}
}
