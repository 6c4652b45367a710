package dev.pawl.io;

import dev.pawl.core.Json;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.JsonSchema;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A kind of call to the outside that can say what it asks, so that its request is recorded, compared in replays, shown to
 * people and put before policies: HTTP, SQL, a tool, an agent. Immutable and thread-safe.
 *
 * @param <Q> a request
 * @param <R> what comes back
 */
public interface Connector<Q, R> {

    /** The word for it in the journal: {@code http}, {@code sql}, {@code tool}, {@code agent}. */
    String kind();

    /** The request as it is recorded, without anything secret. Equal requests give equal JSON. */
    Json request(Q request);

    /** How what comes back is recorded. */
    TypeRef<R> response();

    /**
     * Calls. A {@link dev.pawl.core.Failure} says by its type what happens next; {@code Logic}, {@code Auth}, {@code
     * Permission} and {@code RateLimited} also say that a change did certainly not happen.
     */
    R call(Q request, Context context) throws Exception;

    /** Whether the other side can be asked with {@link #find}. */
    default boolean canTell() {
        return false;
    }

    /**
     * Asks the other side whether an earlier call with this key happened.
     *
     * @return what came back if it happened, and empty if it did not
     * @throws Exception if the other side does not know either
     */
    default Optional<R> find(Q request, String key) throws Exception {
        throw new UnsupportedOperationException(kind() + " cannot tell.");
    }

    /**
     * The same, refusing what comes back if it does not fit a schema: a {@link dev.pawl.core.Failure.Logic} that says where.
     * For calls that may be repeated; of a change it cannot be said that it did not happen because its answer does not fit.
     */
    default Connector<Q, R> expecting(JsonSchema schema) {
        return new Expecting<>(this, schema);
    }

    /**
     * What a call has to do with the run that it is made for.
     *
     * @param key the idempotency key, the same for every try; null for calls that may be repeated
     * @param traceparent of the run and this effect, as in W3C Trace Context
     */
    record Context(@Nullable String key, String traceparent) {}
}
