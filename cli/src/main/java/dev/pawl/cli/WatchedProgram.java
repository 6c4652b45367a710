package dev.pawl.cli;

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
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A program of which every execution leaves a trace outside the engine, and takes a little longer than it must. */
record WatchedProgram(Program program, Traces traces, Duration pace) implements Program {

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        String label = task.key().label();
        traces.append(label, Traces.Mark.BEGIN);
        Thread.sleep(pace);
        var result = program.execute(task, journal);
        traces.append(label, Traces.Mark.END);
        return result;
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
}
