package dev.pawl.core;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** How a task ended for good, as its model's rules see it. */
public sealed interface Outcome {

    /**
     * @param output as stored: inline, or a reference to an artifact
     * @param size the number of elements when the output is an array, else -1
     * @param facts what the execution tells the rules beside its output; null for nothing
     * @param changes what the execution asks the rules to plan; they decide
     */
    record Succeeded(Payload output, int size, @Nullable Json facts, List<Plan.Change> changes) implements Outcome {
        /** With facts alone. */
        public Succeeded(Payload output, int size, @Nullable Json facts) {
            this(output, size, facts, List.of());
        }

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

    /**
     * @param produced what a type violation left behind, or null
     * @param facts what the execution tells the rules beside the problem; null for nothing
     */
    record Failed(
            Problem problem,
            @Nullable Payload produced,
            @Nullable Json facts) implements Outcome {
        /** Without facts. */
        public Failed(Problem problem, @Nullable Payload produced) {
            this(problem, produced, null);
        }
    }
}
