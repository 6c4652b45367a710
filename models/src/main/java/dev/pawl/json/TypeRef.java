package dev.pawl.json;

import java.lang.reflect.ParameterizedType;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JavaType;

/**
 * A Java type with its type arguments, for where a {@code Class} cannot say enough:
 * {@code new TypeRef<Map<String, Order>>() {}}. The trick of an anonymous subclass that remembers its type argument is
 * Neal Gafter's super type token. Immutable.
 *
 * @param <T> the type
 */
public abstract class TypeRef<T> {

    private final JavaType type;

    /**
     * Remembers the type argument of the subclass.
     *
     * @throws IllegalArgumentException if the subclass names none
     */
    protected TypeRef() {
        if (!(getClass().getGenericSuperclass() instanceof ParameterizedType superclass)) {
            throw new IllegalArgumentException("A TypeRef needs a type argument: new TypeRef<List<String>>() {}.");
        }
        type = Codec.TYPES.constructType(superclass.getActualTypeArguments()[0]);
    }

    private TypeRef(JavaType type) {
        this.type = type;
    }

    /** The type of a class without type arguments. */
    public static <T> TypeRef<T> of(Class<T> type) {
        return new Known<>(Codec.TYPES.constructType(type));
    }

    /** {@code List<E>}. */
    public static <E> TypeRef<List<E>> listOf(TypeRef<E> element) {
        return of(List.class, element);
    }

    /** {@code Optional<T>}. */
    public static <T> TypeRef<Optional<T>> optionalOf(TypeRef<T> value) {
        return of(Optional.class, value);
    }

    /** A generic class with these type arguments; the caller knows that together they are {@code T}. */
    public static <T> TypeRef<T> of(Class<?> generic, TypeRef<?>... arguments) {
        var types = new JavaType[arguments.length];
        for (int i = 0; i < types.length; i++) types[i] = arguments[i].type;
        return new Known<>(Codec.TYPES.constructParametricType(generic, types));
    }

    JavaType javaType() {
        return type;
    }

    /**
     * The value, known to be of this type.
     *
     * @throws ClassCastException if it is not
     */
    @SuppressWarnings("unchecked")
    public T cast(Object value) {
        return (T) type.getRawClass().cast(value);
    }

    /** Whether it is a record: something that {@code null} is not. */
    public boolean isRecord() {
        return type.getRawClass().isRecord();
    }

    /** As people write it, without package names: {@code Map<String, Order>}. */
    @Override
    public String toString() {
        return type.toCanonical().replaceAll("[\\w.]*[.$]", "").replace(",", ", ");
    }

    private static final class Known<T> extends TypeRef<T> {
        Known(JavaType type) {
            super(type);
        }
    }
}
