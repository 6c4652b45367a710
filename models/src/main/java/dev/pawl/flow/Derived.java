package dev.pawl.flow;

/** A source that is not a step itself: the flow's input, or a step seen through a condition or as an optional. */
record Derived<T>(Wire wire) implements Source<T> {}
