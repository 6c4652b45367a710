package dev.pawl.core;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/** Where one try at an effect stands. */
public enum EffectStatus {
    /** Asked for, and perhaps under way; for what may not be repeated, this is written before it begins. */
    BEGUN,
    /** It happened, and what came back is recorded. Terminal. */
    APPLIED,
    /** It is certain that it did not happen, or all tries at it failed. Terminal. */
    FAILED,
    /** The other side is being asked whether it happened. */
    RECONCILING,
    /** Nobody knows whether it happened; a person has to say. */
    INDETERMINATE,
    /** A person decided to go on without it. Terminal. */
    SKIPPED;

    private static final Map<EffectStatus, Set<EffectStatus>> ALLOWED = Map.of(
            BEGUN, EnumSet.of(APPLIED, FAILED, RECONCILING, INDETERMINATE),
            APPLIED, EnumSet.noneOf(EffectStatus.class),
            FAILED, EnumSet.noneOf(EffectStatus.class),
            RECONCILING, EnumSet.of(APPLIED, FAILED, INDETERMINATE),
            INDETERMINATE, EnumSet.of(APPLIED, FAILED, RECONCILING, SKIPPED),
            SKIPPED, EnumSet.noneOf(EffectStatus.class));

    /** Whether a try may go from this status to the other. */
    public boolean allows(EffectStatus next) {
        return ALLOWED.getOrDefault(this, Set.of()).contains(next);
    }

    /** Whether this status never changes again. */
    public boolean terminal() {
        return ALLOWED.getOrDefault(this, Set.of()).isEmpty();
    }
}
