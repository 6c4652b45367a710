package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import java.util.Collection;
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
        NOTHING_TO_APPROVE,
        /** The other system cannot be asked. */
        NOBODY_TO_ASK,
        /** There are several, and it was not said which. */
        SEVERAL,
        /** Another version has taken the run over meanwhile. */
        MIGRATED,
        /** Messages are reserved by a part that would be gone. */
        STILL_RESERVED,
        /** Nobody has said yet what became of an outside change. */
        UNKNOWN_OUTCOME
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

    /** Whoever wanted to take it over has seen another version. */
    static Refused migrated(RunId run) {
        return new Refused(
                Why.MIGRATED,
                "Run %s has another version by now than the one that was to be replaced. Look at it, and decide again."
                        .formatted(run));
    }

    /** A part of it cannot go yet. */
    static Refused stillReserved(RunId run, String name) {
        return new Refused(
                Why.STILL_RESERVED,
                "'%s' of run %s still works with messages that it has reserved, and the new version has no such part. Let it come to an end first, or keep it in the new version until it has."
                        .formatted(name, run));
    }

    /** It would not know how to go on. */
    static Refused unknownOutcome(RunId run) {
        return new Refused(
                Why.UNKNOWN_OUTCOME,
                "Run %s cannot be resumed: nobody knows whether an outside change of it happened. See it with: pawl inbox. Then say: pawl resolve %s happened|did-not-happen|skip|again"
                        .formatted(run, run));
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

    /** Its code does not say how. */
    public static Refused nobodyToAsk(RunId run, Effect effect) {
        return new Refused(
                Why.NOBODY_TO_ASK,
                "'%s' of run %s says nothing about how to ask the other system (reconcile), so only you can say: happened, did-not-happen or skip."
                        .formatted(effect.name(), run));
    }

    /** One of several changes is meant. */
    public static Refused several(RunId run, Collection<String> which) {
        return new Refused(
                Why.SEVERAL,
                "Run %s has more than one outside change whose outcome is unknown. Say which one you mean: %s."
                        .formatted(run, String.join(", ", which)));
    }

    /** There are some, and not that one. */
    public static Refused notAmong(RunId run, @Nullable String which, Collection<String> known) {
        return new Refused(
                Why.NOTHING_TO_RESOLVE,
                "Run %s has no outside change \"%s\" whose outcome is unknown. Unknown is what became of: %s."
                        .formatted(run, which, String.join(", ", known)));
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
