package dev.pawl.flow;

import dev.pawl.json.TypeRef;

/** A list that is not a step itself: the flow's input, a range, a part of an output, or a list under a condition. */
record DerivedList<E>(Wire wire, TypeRef<E> item) implements ListSource<E> {

    static <E> TypeRef<E> item(ListSource<E> list) {
        return switch (list) {
            case ListStep<E> step -> step.item();
            case MapStep<E> step -> step.item();
            case DerivedList<E> derived -> derived.item();
        };
    }
}
