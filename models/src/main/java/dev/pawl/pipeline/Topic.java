package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;

/**
 * A named stream of messages of one type within a pipeline. Equal by name. Immutable and thread-safe.
 *
 * @param <M> what its messages carry
 */
public final class Topic<M> {

    private final String name;
    private final TypeRef<M> type;

    private Topic(String name, TypeRef<M> type) {
        this.name = name;
        this.type = type;
    }

    /**
     * A topic.
     *
     * @param name its identity: letters, digits, dots, dashes and underscores
     * @throws IllegalArgumentException if it cannot be called so
     */
    public static <M> Topic<M> of(String name, Class<M> type) {
        return of(name, TypeRef.of(type));
    }

    /** The same for a generic type. */
    public static <M> Topic<M> of(String name, TypeRef<M> type) {
        Names.require("There is a topic", name);
        return new Topic<>(name, type);
    }

    public String name() {
        return name;
    }

    TypeRef<M> type() {
        return type;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Topic<?> topic && topic.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
