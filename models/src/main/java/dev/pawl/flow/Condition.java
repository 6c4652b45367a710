package dev.pawl.flow;

/**
 * A question about a value, asked by user code in a task of its own or at the beginning of the step's.
 *
 * @param <T> what it is asked about
 */
@FunctionalInterface
public interface Condition<T> {

    boolean test(T value) throws Exception;
}
