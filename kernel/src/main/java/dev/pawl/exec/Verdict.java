package dev.pawl.exec;

import dev.pawl.core.Outcome;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import java.time.Duration;

/** What an attempt came to. */
public sealed interface Verdict {

    /** The task is done with, one way or the other: the model's rules say what follows. */
    record Ended(Outcome outcome) implements Verdict {}

    /** Another attempt after a while. */
    record Again(Duration delay, Problem problem) implements Verdict {}

    /** Given back unspent, because the worker stops. */
    record HandedBack() implements Verdict {}

    /** The run needs somebody before another attempt makes sense. */
    record Blocked(Reason reason, Problem problem) implements Verdict {}
}
