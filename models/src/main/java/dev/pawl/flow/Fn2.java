package dev.pawl.flow;

/** A function of 2 arguments that may throw anything. */
@FunctionalInterface
public interface Fn2<A, B, R> {

    R apply(A first, B second) throws Exception;
}
