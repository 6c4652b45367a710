package dev.pawl.flow;

/** A function of 4 arguments that may throw anything. */
@FunctionalInterface
public interface Fn4<A, B, C, D, R> {

    R apply(A first, B second, C third, D fourth) throws Exception;
}
