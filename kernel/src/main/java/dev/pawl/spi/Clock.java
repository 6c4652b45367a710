package dev.pawl.spi;

/** The time everything durable is measured on: that of the database. */
@FunctionalInterface
public interface Clock {

    /** Epoch milliseconds. */
    long now();
}
