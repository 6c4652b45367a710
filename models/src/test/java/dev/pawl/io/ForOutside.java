package dev.pawl.io;

/** Stands for the interfaces whose lambdas io runs. */
@FunctionalInterface
public interface ForOutside<T> {
    T run() throws Exception;
}
