package dev.pawl.pipeline;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an activation that failed is to be retried.
 *
 * @param afresh whether it certainly changed nothing, so that its messages are released and everything is prepared anew
 * @param released the messages that it had reserved
 * @param counts whether it counts as a failure: not if only the worker died, or if somebody said that nothing happened
 * @param afterMillis what the other side asked to wait
 */
record Retried(boolean afresh, List<Integer> released, boolean counts, long afterMillis) {

    private static final TypeRef<Retried> TYPE = TypeRef.of(Retried.class);
    private static final String WHAT = "How a failed activation is retried";

    /** It goes on from its journal. */
    static final Retried FROM_JOURNAL = fromJournal(0);

    /** It goes on from its journal, not before the other side wants to hear of it. */
    static Retried fromJournal(long afterMillis) {
        return new Retried(false, List.of(), true, afterMillis);
    }

    /** Everything is prepared anew. */
    static Retried afresh(List<Integer> released, boolean counts, long afterMillis) {
        return new Retried(true, released, counts, afterMillis);
    }

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
