package dev.pawl.spi;

import dev.pawl.core.Json;
import dev.pawl.core.TaskStatus;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a run was given, and what its ended tasks produced. Reading may touch the database; results are cached. */
public interface Outputs {

    /** The input of the run. */
    Json input();

    /**
     * The output of the task {@code name[index]}.
     *
     * @throws IllegalStateException if it has not succeeded
     */
    Json of(String name, int index);

    /** How the tasks of a step ended, in the order of their index, at most {@code limit} of them from {@code from} on. */
    List<Entry> entries(String name, int from, int limit);

    /**
     * One ended task.
     *
     * @param output what it produced; null unless it succeeded
     * @param problem why it failed, as JSON; null unless it failed
     */
    record Entry(
            int index,
            TaskStatus status,
            @Nullable Json output,
            @Nullable Json problem) {}
}
