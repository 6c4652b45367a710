package dev.pawl.engine;

import dev.pawl.core.EffectStatus;

/** What a person can say of an outside change of which nobody knows whether it happened. */
public enum Answer {
    /** It happened: the run goes on as if the call had returned. */
    HAPPENED(EffectStatus.APPLIED),
    /** It did not happen: the run calls again, with the same key. */
    DID_NOT_HAPPEN(EffectStatus.FAILED),
    /** Go on without it, whatever happened. */
    SKIP(EffectStatus.SKIPPED);

    private final EffectStatus status;

    Answer(EffectStatus status) {
        this.status = status;
    }

    EffectStatus status() {
        return status;
    }
}
