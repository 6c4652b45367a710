package dev.pawl.flow;

import java.util.List;

/**
 * A source that is known to be a list, so that {@link Steps#map} can fan out over it. A list never contains a pattern,
 * because patterns are objects: use {@link #when} for conditions on lists.
 *
 * @param <E> the type of its elements
 */
public sealed interface ListSource<E> extends Source<List<E>> permits ListStep, MapStep, DerivedList {

    @Override
    default ListSource<E> when(Condition<? super List<E>> condition) {
        return guarded(new Guard.When<>(condition));
    }

    @Override
    default ListSource<E> matching(String pattern) {
        return guarded(Guard.Matching.of(pattern, false));
    }

    @Override
    default ListSource<E> notMatching(String pattern) {
        return guarded(Guard.Matching.of(pattern, true));
    }

    private ListSource<E> guarded(Guard guard) {
        return new DerivedList<>(Wire.of(this).guarded(guard), DerivedList.item(this));
    }
}
