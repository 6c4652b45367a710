package dev.pawl.core;

import org.jspecify.annotations.Nullable;

/** How a task ended for good, as its model's rules see it. */
public sealed interface Outcome {

    /**
     * @param output as stored: inline, or a reference to an artifact
     * @param size the number of elements when the output is an array, else -1
     * @param facts what the execution tells the rules beside its output; null for nothing
     */
    record Succeeded(Payload output, int size, @Nullable Json facts) implements Outcome {
        /** Without facts. */
        public Succeeded(Payload output, int size) {
            this(output, size, null);
        }
    }

    /**
     * It goes on afresh, as another task.
     *
     * @param input what the next one is given
     */
    record Continued(Payload input) implements Outcome {}

    /** @param reason why the task decided not to run */
    record Skipped(String reason) implements Outcome {}

    /** @param produced what a type violation left behind, or null */
    record Failed(Problem problem, @Nullable Payload produced) implements Outcome {}
}
