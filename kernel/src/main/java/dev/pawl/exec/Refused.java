package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import org.jspecify.annotations.Nullable;

/** A command that the state of things forbids. Nothing was changed. */
public final class Refused extends RuntimeException {

    private final Why why;

    /** Why a command was refused, for programs. */
    public enum Why {
        NO_SUCH_RUN,
        WRONG_STATUS,
        NO_SUCH_PROGRAM,
        SHAPE_DIFFERS,
        PRUNED,
        SLOT_TAKEN,
        NOTHING_TO_RESOLVE,
        NOTHING_TO_APPROVE
    }

    public Refused(Why why, String message) {
        super(message);
        this.why = why;
    }

    static Refused wrongStatus(RunId run, RunStatus status, String verb, String allowed) {
        return new Refused(
                Why.WRONG_STATUS, "Run %s is %s and cannot be %s: only %s can.".formatted(run, status, verb, allowed));
    }

    /** No run has this id. */
    public static Refused noSuchRun(@Nullable Object run) {
        return new Refused(Why.NO_SUCH_RUN, "There is no run " + run + " in this database.");
    }

    /** Only the bare row of the run is left, for its key's sake. */
    public static Refused pruned(RunId run) {
        return new Refused(
                Why.PRUNED,
                "Run %s ended long ago and was pruned: what it was given and what it gave are gone.".formatted(run));
    }

    /** An open run has the slot. */
    static Refused slotTaken(@Nullable String slot, RunId holder) {
        return new Refused(
                Why.SLOT_TAKEN, "The slot '%s' is taken by run %s, which has not ended.".formatted(slot, holder));
    }

    /** Somebody else was faster. */
    static Refused resolvedAlready(RunId run, Effect effect) {
        return new Refused(
                Why.NOTHING_TO_RESOLVE,
                "What became of '%s' in run %s was said already.".formatted(effect.name(), run));
    }

    /** No effect of the run waits for a person. */
    public static Refused nothingToResolve(RunId run) {
        return new Refused(
                Why.NOTHING_TO_RESOLVE, "Run %s has no outside change whose outcome is unknown.".formatted(run));
    }

    /** Nobody is asked. */
    public static Refused nothingToApprove(RunId run) {
        return new Refused(Why.NOTHING_TO_APPROVE, "Run %s has nothing that somebody has to approve.".formatted(run));
    }

    /** Why, for programs. */
    public Why why() {
        return why;
    }
}
