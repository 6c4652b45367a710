package dev.pawl.spi;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One model's rules for one named, versioned definition. Everything durable belongs to the kernel: a program only says
 * what to write next, and runs user code in {@link #execute} and nowhere else. Implementations are immutable and
 * thread-safe.
 */
public interface Program {

    /** The persistent identity, with the model in front: {@code flow:census}. */
    String name();

    /** Runs stay with the version they were submitted with. */
    String version();

    /** What decides whether a stored run fits this code, as JSON: the same version must always have the same shape. */
    Json shape();

    /** What makes a stored shape another than this code's, in words; empty if runs of that shape fit this code. */
    List<String> differences(Json stored);

    /** The queue of runs that ask for no other. */
    String queue();

    /** Every queue that its tasks may wait in. */
    default Set<String> queues() {
        return Set.of(queue());
    }

    /**
     * The slot that its runs have with such an input: at most one of them is open, however it was submitted. Null for none.
     * Runs in slots are submitted by people, and not started by other runs.
     */
    default @Nullable String slot(Json input) {
        return null;
    }

    /** On whose behalf its runs are if who submits them says nothing; empty for nobody's. */
    default String tenant() {
        return "";
    }

    /** The limits that its queues need. */
    default List<QueueLimit> queueLimits() {
        return List.of();
    }

    /**
     * Called when a Pawl takes it up.
     *
     * @throws IllegalArgumentException if its code must not run; the message says why
     */
    default void inspect() {}

    /** How long its runs may take if who submits them says nothing else; null for as long as it takes. */
    default @Nullable Duration deadline() {
        return null;
    }

    /** How the tasks of this name are treated. */
    TaskOptions options(String task);

    /**
     * What to write when a run starts.
     *
     * @throws dev.pawl.core.Failure.Logic if the program cannot take this input; nothing is written then
     */
    Plan start(Json input);

    /**
     * Runs user code for one task, outside any transaction. Called once per attempt, on a virtual thread.
     *
     * @param journal what earlier attempts of this task have recorded, and where this one records
     * @throws Exception whatever user code throws; {@link dev.pawl.core.Failure} says by its type what happens next
     */
    Result execute(Claimed task, Journal journal) throws Exception;

    /** What to write when a task has ended for good. Pure: it is called inside a transaction, perhaps more than once. */
    Plan advance(Run run, TaskKey task, Outcome outcome);

    /** Whether a definition was in charge of a run before, and another one took over. */
    default boolean wasReplaced(Run run, int definition) {
        return false;
    }

    /**
     * A person says what an outside change gave back.
     *
     * @throws dev.pawl.core.Failure.Logic if that is nothing that its code could read
     */
    default void requireResult(TaskKey task, Json result) {}

    /**
     * What to write when this version takes over a run of another version, which goes on for ever.
     *
     * @param run as it is before
     * @param definition the number of this version
     * @throws dev.pawl.core.Failure.Logic if it cannot
     */
    default Plan takeOver(Run run, int definition) {
        throw new Failure.Logic(name() + " runs to its end in the version that it began with.");
    }

    /**
     * What to write to go on from where a failed or cancelled run stopped, as a new run.
     *
     * @param earlier the old run
     * @throws dev.pawl.core.Failure.Logic if this code cannot go on from there
     */
    Plan retry(History earlier);

    /**
     * What to write to do a part of an earlier run over, as a new run: what does not depend on that part is kept.
     *
     * @param from the step from which on everything is done again, in words of the model
     * @param edits outputs to use instead of those that were recorded, by step
     * @throws dev.pawl.core.Failure.Logic if there is no such step, or it cannot be done over
     */
    default Plan fork(History earlier, String from, Map<String, Payload> edits) {
        throw new Failure.Logic(name() + " cannot be done over from the middle; restart it instead.");
    }

    /**
     * Executes a recorded run again with this code, without any I/O: what the code asks for is answered from the record.
     * Stops at the first difference.
     *
     * @param seen is given each moment as soon as this code has come to it as recorded
     * @throws dev.pawl.core.Failure.Logic if runs of this program cannot be executed again
     */
    default Replay replay(History run, Consumer<Moment> seen) {
        throw new Failure.Logic(
                name() + " cannot be executed again; its record can be looked at all the same, and verified.");
    }
}
