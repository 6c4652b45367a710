package dev.pawl.flow;

/** A function of 3 arguments that may throw anything. */
@FunctionalInterface
public interface Fn3<A, B, C, R> {

    R apply(A first, B second, C third) throws Exception;
}
