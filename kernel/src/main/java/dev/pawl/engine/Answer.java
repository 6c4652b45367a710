package dev.pawl.engine;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.RunId;
import dev.pawl.exec.Refused;

/** What a person can say of an outside change of which nobody knows whether it happened. */
public enum Answer {
    /** It happened: the run goes on as if the call had returned. */
    HAPPENED(EffectStatus.APPLIED),
    /** It did not happen: a run calls again, with the same key; a pipeline releases the messages and prepares anew. */
    DID_NOT_HAPPEN(EffectStatus.FAILED),
    /** Go on without it, whatever happened. */
    SKIP(EffectStatus.SKIPPED),
    /** Ask the other system once more, as often as at first. */
    AGAIN(EffectStatus.RECONCILING);

    private final EffectStatus status;

    Answer(EffectStatus status) {
        this.status = status;
    }

    EffectStatus status() {
        return status;
    }

    /** @throws Refused if this cannot be said of that change */
    void require(RunId run, Effect change) {
        if (this == AGAIN && !change.mayBeAsked()) throw Refused.nobodyToAsk(run, change);
    }
}
