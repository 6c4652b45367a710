package dev.pawl.flow;

/** A function of 5 arguments that may throw anything. */
@FunctionalInterface
public interface Fn5<A, B, C, D, E, R> {

    R apply(A first, B second, C third, D fourth, E fifth) throws Exception;
}
