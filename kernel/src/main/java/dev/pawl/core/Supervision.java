package dev.pawl.core;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What happens to a task that hangs or whose workers die.
 *
 * @param staleAfter a body without a sign of life for so long hangs; null if it need not give any
 * @param onStall what becomes of one that hangs
 * @param recoveries how often in a row it is taken up again after hanging or dying without having recorded anything new
 */
public record Supervision(@Nullable Duration staleAfter, OnStall onStall, int recoveries) {

    /** No signs of life are wanted; three recoveries. */
    public static final Supervision DEFAULT = new Supervision(null, OnStall.RETRY, 3);

    /** What becomes of a task that hangs. */
    public enum OnStall {
        /** Another attempt goes on from its checkpoint and its journal; without either it fails. */
        RETRY,
        /** Its run is paused with the checkpoint until a person resumes it; without one it fails. */
        PAUSE,
        /** It fails. */
        FAIL
    }
}
