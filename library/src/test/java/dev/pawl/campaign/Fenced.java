package dev.pawl.campaign;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.util.List;
import java.util.Set;

/**
 * The same program, whose bodies can ask which attempt at which task they are. Users need not know; the ledger must.
 *
 * @param <I> what a run is given
 * @param <O> what a run gives back
 */
record Fenced<I, O>(TypedProgram<I, O> program) implements TypedProgram<I, O> {

    private static final ThreadLocal<Claimed> TASK = new ThreadLocal<>();

    /** The task that the calling thread runs. */
    static Claimed task() {
        return TASK.get();
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        TASK.set(task);
        try {
            return program.execute(task, journal);
        } finally {
            TASK.remove();
        }
    }

    @Override
    public String name() {
        return program.name();
    }

    @Override
    public String version() {
        return program.version();
    }

    @Override
    public Json shape() {
        return program.shape();
    }

    @Override
    public List<String> differences(Json stored) {
        return program.differences(stored);
    }

    @Override
    public String queue() {
        return program.queue();
    }

    @Override
    public Set<String> queues() {
        return program.queues();
    }

    @Override
    public TaskOptions options(String task) {
        return program.options(task);
    }

    @Override
    public Plan start(Json input) {
        return program.start(input);
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return program.advance(run, task, outcome);
    }

    @Override
    public Plan retry(History earlier) {
        return program.retry(earlier);
    }

    @Override
    public Json encode(I input) {
        return program.encode(input);
    }

    @Override
    public O decode(Json output) {
        return program.decode(output);
    }
}
