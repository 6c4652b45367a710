package dev.pawl.flow;

/** A function of one argument that may throw anything. */
@FunctionalInterface
public interface Fn1<A, R> {

    R apply(A first) throws Exception;
}
