package dev.pawl.spi;

import dev.pawl.core.Json;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the execution of a task came to, when it did not throw. */
public sealed interface Result {

    /**
     * Done.
     *
     * @param size the number of elements when the output is an array, else -1
     * @param facts what it tells the rules beside its output, which may be large and far away; null for nothing
     * @param changes what it asks the rules to plan: nothing of it is written unless its end is
     */
    record Done(Json output, int size, @Nullable Json facts, List<Plan.Change> changes) implements Result {
        /** With facts alone. */
        public Done(Json output, int size, @Nullable Json facts) {
            this(output, size, facts, List.of());
        }

        /** Without facts. */
        public Done(Json output, int size) {
            this(output, size, null);
        }
    }

    /**
     * Failed for good: another attempt would not help.
     *
     * @param facts what it tells the rules beside the problem; null for nothing
     */
    record Failed(Problem problem, @Nullable Json facts) implements Result {}

    /**
     * Nothing to do until then; it needs no thread meanwhile. The attempt is not spent.
     *
     * @param wakeAt when it is due again unless a message wakes it before, in epoch milliseconds; {@link #NEVER} for
     *     a message alone
     * @param state the new state of its run, or null to leave it
     * @param listens whether a message wakes it before its time
     */
    record Parked(long wakeAt, @Nullable Json state, boolean listens) implements Result {
        /** Until then, or until a message comes. */
        public Parked(long wakeAt, @Nullable Json state) {
            this(wakeAt, state, true);
        }
    }

    /** Far away. */
    long NEVER = Long.MAX_VALUE / 4;

    /**
     * Goes on afresh: its journal is closed, and another task begins with an empty one.
     *
     * @param input what the next one is given
     */
    record Continued(Json input) implements Result {}

    /** Decided not to run. */
    record Skip(String reason) implements Result {}
}
