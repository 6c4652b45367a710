package dev.pawl.flow;

import dev.pawl.json.TypeRef;

/**
 * A value that a step can be given: the flow's input, the output of a step, or either of them seen through a condition.
 * That a step can only name sources which exist already is what keeps flows free of loops. Immutable.
 *
 * @param <T> the type of the value
 */
public sealed interface Source<T> permits ListSource, AnyStep, Derived {

    /**
     * The same, but a step given it runs only if the condition holds. Several conditions must all hold; what happens
     * otherwise is said by {@link AnyStep#unmet}. The condition is asked by a worker and may be asked again.
     */
    default Source<T> when(Condition<? super T> condition) {
        return new Derived<>(Wire.of(this).guarded(new Guard.When<>(condition)));
    }

    /**
     * The same, but a step given it runs only if the value contains the pattern. Containment is that of PostgreSQL's
     * {@code jsonb @>}, as in pgflow's {@code if}: listed keys match recursively, lists match in any order.
     *
     * @param pattern a JSON object
     * @throws DefinitionException if it is none
     */
    default Source<T> matching(String pattern) {
        return new Derived<>(Wire.of(this).guarded(Guard.Matching.of(pattern, false)));
    }

    /**
     * The opposite of {@link #matching}.
     *
     * @param pattern a JSON object
     * @throws DefinitionException if it is none
     */
    default Source<T> notMatching(String pattern) {
        return new Derived<>(Wire.of(this).guarded(Guard.Matching.of(pattern, true)));
    }

    /**
     * A list inside the value, to map over.
     *
     * @param pointer where it is, as a JSON pointer (RFC 6901): {@code /sections/items}
     * @param item the type of its elements
     * @throws DefinitionException if the pointer is none
     */
    default <E> ListSource<E> each(String pointer, Class<E> item) {
        return each(pointer, TypeRef.of(item));
    }

    /** The same as {@link #each(String, Class)} for elements of a generic type. */
    default <E> ListSource<E> each(String pointer, TypeRef<E> item) {
        return new DerivedList<>(Wire.of(this).part(pointer, TypeRef.listOf(item)), item);
    }
}
