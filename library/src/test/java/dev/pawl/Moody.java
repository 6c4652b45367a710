package dev.pawl;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A program of which one start fails: the n-th that is asked for. */
record Moody(Steps steps, AtomicInteger starts, int failing, RuntimeException how) implements Program {

    @Override
    public Plan start(Json input) {
        if (starts.incrementAndGet() == failing) throw how;
        return steps.start(input);
    }

    @Override
    public String name() {
        return steps.name();
    }

    @Override
    public String version() {
        return steps.version();
    }

    @Override
    public Json shape() {
        return steps.shape();
    }

    @Override
    public List<String> differences(Json stored) {
        return steps.differences(stored);
    }

    @Override
    public String queue() {
        return steps.queue();
    }

    @Override
    public TaskOptions options(String task) {
        return steps.options(task);
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        return steps.execute(task, journal);
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return steps.advance(run, task, outcome);
    }

    @Override
    public Plan retry(History earlier) {
        return steps.retry(earlier);
    }
}
