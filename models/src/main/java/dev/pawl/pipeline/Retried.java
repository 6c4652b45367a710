package dev.pawl.pipeline;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How an activation that failed is to be retried.
 *
 * @param afresh whether it certainly changed nothing, so that its messages are released and everything is prepared anew
 * @param counts whether it counts as a failure: not if only the worker died, or if somebody said that nothing happened
 * @param afterMillis what the other side asked to wait
 */
record Retried(boolean afresh, boolean counts, long afterMillis) {

    private static final TypeRef<Retried> TYPE = TypeRef.of(Retried.class);
    private static final String WHAT = "How a failed activation is retried";

    /** It goes on from its journal. */
    static final Retried FROM_JOURNAL = new Retried(false, true, 0);

    static Retried of(@Nullable Json facts) {
        return facts == null ? FROM_JOURNAL : Codec.STANDARD.read(facts, TYPE, WHAT);
    }

    Json facts() {
        return Codec.STANDARD.write(this, TYPE, WHAT);
    }

    Duration after() {
        return Duration.ofMillis(afterMillis);
    }
}
