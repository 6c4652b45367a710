package dev.pawl;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Retry;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The smallest model there is, for tests of the kernel alone: {@code count} tasks one after the other, called a, b, c …;
 * the output of the last is the run's.
 */
record Steps(String name, String version, int count, TaskOptions how, Body body) implements TypedProgram<Json, Json> {

    interface Body {
        Json run(Claimed task) throws Exception;
    }

    static Steps of(int count, Body body) {
        return new Steps(
                "steps:test", "1", count, new TaskOptions(Retry.times(3).jitter(0), null), body);
    }

    Steps named(String other) {
        return new Steps(other, version, count, how, body);
    }

    Steps retry(Retry retry) {
        return new Steps(name, version, count, new TaskOptions(retry, how.timeout()), body);
    }

    Steps timeout(@Nullable Duration timeout) {
        return new Steps(name, version, count, new TaskOptions(how.retry(), timeout), body);
    }

    @Override
    public Json shape() {
        return new Json(String.valueOf(count));
    }

    @Override
    public List<String> differences(Json stored) {
        return stored.equals(shape()) ? List.of() : List.of("it had " + stored + " steps and now has " + count);
    }

    @Override
    public String queue() {
        return "default";
    }

    @Override
    public TaskOptions options(String task) {
        return how;
    }

    @Override
    public Plan start(Json input) {
        return new Plan(new Json("0"), List.of(Plan.Create.one("a")));
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        return new Result.Done(body.run(task), -1);
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        int done = Integer.parseInt(run.state().text()) + 1;
        var state = new Json(String.valueOf(done));
        return switch (outcome) {
            case Outcome.Failed failed -> new Plan(run.state(), List.of(new Plan.Fail(failed.problem())));
            case Outcome.Continued ignored -> throw new IllegalStateException("nothing continues here");
            case Outcome.Skipped ignored -> throw new IllegalStateException("nothing is skipped here");
            case Outcome.Succeeded last
            when done == count -> new Plan(state, List.of(new Plan.Succeed(new Plan.Output.Value(last.output()))));
            case Outcome.Succeeded ignored ->
                new Plan(state, List.of(Plan.Create.one(String.valueOf((char) ('a' + done)))));
        };
    }

    @Override
    public Plan retry(History earlier) {
        int done = Integer.parseInt(earlier.run().state().text());
        var changes = new java.util.ArrayList<Plan.Change>();
        for (int i = 0; i < done; i++) changes.add(new Plan.Copy(String.valueOf((char) ('a' + i))));
        changes.add(Plan.Create.one(String.valueOf((char) ('a' + done))));
        return new Plan(earlier.run().state(), changes);
    }

    @Override
    public Json encode(Json input) {
        return input;
    }

    @Override
    public Json decode(Json output) {
        return output;
    }
}
