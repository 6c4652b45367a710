package dev.pawl.pipeline;

import dev.pawl.core.Failure;
import org.jspecify.annotations.Nullable;

/**
 * What became of the one outside change of a consumer. {@code next} gets to see exactly these three: a change that failed
 * never comes there, and one of which nobody knows waits until somebody does.
 *
 * @param <R> what the other system gave back
 */
public sealed interface Outcome<R> {

    /**
     * It happened.
     *
     * @param value what came back; null if nothing did, or if somebody said that it happened and not what came back
     */
    record Applied<R>(@Nullable R value) implements Outcome<R> {}

    /** Nothing was to be changed. */
    record None<R>() implements Outcome<R> {}

    /** Somebody decided to go on without it. */
    record Skipped<R>() implements Outcome<R> {}

    /** Whether it happened. */
    default boolean applied() {
        return this instanceof Applied;
    }

    /** Whether somebody decided to go on without it. */
    default boolean skipped() {
        return this instanceof Skipped;
    }

    /**
     * What came back.
     *
     * @throws Failure.Logic if it did not happen, or nothing came back
     */
    default R result() {
        if (this instanceof Applied<R> done && done.value() != null) return done.value();
        throw new Failure.Logic("There is no result: the outcome is " + this + ". Ask applied() first.");
    }
}
