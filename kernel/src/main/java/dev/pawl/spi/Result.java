package dev.pawl.spi;

import dev.pawl.core.Json;

/** What the execution of a task came to, when it did not throw. */
public sealed interface Result {

    /**
     * Done.
     *
     * @param size the number of elements when the output is an array, else -1
     */
    record Done(Json output, int size) implements Result {}

    /** Decided not to run. */
    record Skip(String reason) implements Result {}
}
