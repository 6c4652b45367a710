package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A consumer whose {@code prepare} is known: what it changes, or what follows if it changes nothing.
 *
 * @param <M> what the messages of its first topic carry
 * @param <P> what it prepares
 */
public final class Preparation<M, P> {

    private final Consumer<M> consumer;
    private final TypeRef<P> data;
    private final Code.Prepare<M, P> code;
    private final Published published;
    private @Nullable Mutation<M, P, ?> mutation;
    private Code.@Nullable Passed<P> next;

    Preparation(Consumer<M> consumer, TypeRef<P> data, Code.Prepare<M, P> code) {
        this.consumer = consumer;
        this.data = data;
        this.code = code;
        this.published = new Published("consumer", consumer.name());
    }

    /**
     * The one change outside. It is called once for what was prepared, and its intent is on disk before. Whatever it throws
     * but {@link dev.pawl.core.Failure.Logic}, {@link dev.pawl.core.Failure.Permission} and {@link
     * dev.pawl.core.Failure.RateLimited} leaves open whether it happened.
     *
     * @param type of what the other system gives back
     */
    public <R> Mutation<M, P, R> mutate(Class<R> type, Code.Mutate<P, R> change) {
        return mutate(TypeRef.of(type), change);
    }

    /** The same for a generic type. */
    public <R> Mutation<M, P, R> mutate(TypeRef<R> type, Code.Mutate<P, R> change) {
        var mutates = new Mutation<M, P, R>(this, type, change);
        mutation = mutates;
        return mutates;
    }

    /** What follows, for a consumer that changes nothing outside. */
    public Preparation<M, P> next(Code.Passed<P> follows) {
        next = follows;
        return this;
    }

    /** The topics that {@code next} may publish to; if nothing is said, all that the pipeline's consumers read. */
    public Preparation<M, P> publishes(Topic<?>... topics) {
        published.to(topics);
        return this;
    }

    Handler.Consumer<M, P, ?> defined(Map<String, Topic<?>> read) {
        if (mutation != null) return mutation.defined(read);
        var passed = next;
        Code.Next<P, Object> follows = passed == null ? null : (out, row, outcome) -> passed.run(out, row);
        return defined(null, follows, published, read);
    }

    <R> Handler.Consumer<M, P, R> defined(
            Handler.@Nullable Change<P, R> change,
            Code.@Nullable Next<P, R> follows,
            Published topics,
            Map<String, Topic<?>> read) {
        topics.requireNext(follows != null);
        return new Handler.Consumer<>(
                consumer.name(),
                consumer.topic(),
                Map.copyOf(consumer.reads()),
                data,
                code,
                change,
                follows,
                topics.of(read));
    }

    Published published() {
        return published;
    }
}
