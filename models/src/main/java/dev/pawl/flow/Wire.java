package dev.pawl.flow;

import dev.pawl.json.TypeRef;
import org.jspecify.annotations.Nullable;

/** Where a source's value comes from and what it passes through, layer by layer, without the source's static type. */
sealed interface Wire {

    /** The type that the value is read as. */
    TypeRef<?> type();

    /** The input of the flow. */
    record Input(TypeRef<?> type) implements Wire {}

    /** The list 0 … size - 1. */
    record Range(int size, TypeRef<?> type) implements Wire {}

    /**
     * The output of a step.
     *
     * @param partial whether it is read as {@link Partial}, with the errors of a tolerant map
     */
    record Output(Node step, boolean partial, TypeRef<?> type) implements Wire {}

    /** The output of a step, if it was not skipped. */
    record Maybe(Output of, TypeRef<?> type) implements Wire {}

    /** A value that its step runs with only if the guard holds. */
    record Guarded(Wire of, Guard guard) implements Wire {
        @Override
        public TypeRef<?> type() {
            return of.type();
        }
    }

    /** A list inside the value. */
    record Part(Wire of, String pointer, TypeRef<?> type) implements Wire {}

    static Wire of(Source<?> source) {
        return switch (source) {
            case AnyStep<?, ?> step -> step.wire();
            case Derived<?> derived -> derived.wire();
            case DerivedList<?> derived -> derived.wire();
        };
    }

    default Wire guarded(Guard guard) {
        return new Guarded(this, guard);
    }

    default Wire part(String pointer, TypeRef<?> type) {
        if (!pointer.isEmpty() && !pointer.startsWith("/")) {
            throw new DefinitionException("\"" + pointer + "\" is not a JSON pointer: it must begin with a slash.");
        }
        return new Part(this, pointer, type);
    }

    /** What this layer lies on; null if it is the origin of the value. */
    default @Nullable Wire inner() {
        return switch (this) {
            case Maybe maybe -> maybe.of;
            case Guarded guarded -> guarded.of;
            case Part part -> part.of;
            default -> null;
        };
    }

    /** The origin of the value: the input, a range, or a step's output. */
    default Wire origin() {
        var inner = inner();
        return inner == null ? this : inner.origin();
    }

    /** The step whose output this is or is part of; null if it is none. */
    default @Nullable Node step() {
        return origin() instanceof Output output ? output.step : null;
    }

    private boolean has(Class<? extends Wire> layer) {
        var inner = inner();
        return layer.isInstance(this) || (inner != null && inner.has(layer));
    }

    /** Whether user code must be asked before it is known if the step runs. */
    default boolean hasGuard() {
        return has(Guarded.class);
    }

    /** Whether it can be read although its step was skipped. */
    default boolean isOptional() {
        return has(Maybe.class);
    }

    /** Whether it is a list inside a value, whose length nobody knows before it is looked at. */
    default boolean hasPart() {
        return has(Part.class);
    }

    /** The same without its conditions, for when they are known to hold. */
    default Wire bare() {
        return switch (this) {
            case Guarded guarded -> guarded.of.bare();
            case Part part -> new Part(part.of.bare(), part.pointer, part.type);
            default -> this;
        };
    }

    /** For people and for the shape: {@code page?/sections/items when}. */
    default String describe() {
        return switch (this) {
            case Input input -> "input";
            case Range range -> "0.." + range.size;
            case Output output -> output.step.name;
            case Maybe maybe -> maybe.of.describe() + "?";
            case Guarded guarded -> guarded.of.describe() + " " + guarded.guard;
            case Part part -> part.of.describe() + part.pointer;
        };
    }
}
