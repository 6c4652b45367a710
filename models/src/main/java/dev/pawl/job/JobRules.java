package dev.pawl.job;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the end of a job's task. A round of a job is the task {@code job[n]}; a job that goes on afresh begins
 * the next one. What was done is undone by the task {@code undo[0]} when the job failed, {@code undo[1]} when it was
 * cancelled, and {@code undo[2]} when it missed its deadline. Pure.
 */
final class JobRules {

    static final String JOB = "job";
    static final String UNDO = "undo";

    /** Why there is something to undo; the kernel knows the last two. */
    private static final int FAILED_ITSELF = 0;

    private static final int CANCELLED = 1;
    private static final int LATE = 2;

    private static final Problem DEADLINE =
            Problem.of(FailureClass.TIMEOUT, "Deadline", "The run did not end before its deadline.");

    private static final Json FIRST_ROUND = new Json("{}");
    private static final String ROUND = "round";
    private static final String FAILED = "failed";

    private JobRules() {}

    static Plan start() {
        return new Plan(FIRST_ROUND, List.of(Plan.Create.one(JOB)));
    }

    /** Which round a run is in. */
    static int round(Json state) {
        return state.equals(FIRST_ROUND) ? 0 : (int) Notes.number(state, ROUND, 0);
    }

    static Plan advance(Run run, TaskKey task, Outcome outcome) {
        return task.name().equals(UNDO) ? undone(run, task, outcome) : ended(run, task, outcome);
    }

    private static Plan ended(Run run, TaskKey task, Outcome outcome) {
        return switch (outcome) {
            case Outcome.Succeeded done -> then(run.state(), new Plan.Succeed(new Plan.Output.Value(done.output())));
            case Outcome.Continued ignored -> nextRound(task.index());
            case Outcome.Failed failed -> failed(run, failed.problem());
            case Outcome.Skipped ignored -> throw new IllegalStateException("A job is never skipped.");
        };
    }

    private static Plan then(Json state, Plan.Change... changes) {
        return new Plan(state, List.of(changes));
    }

    private static Plan nextRound(int round) {
        var changes = new ArrayList<Plan.Change>();
        // The output of a round is the input of the next, so the one before is not needed any more.
        if (round > 0) changes.add(new Plan.Forget(JOB, round - 1));
        changes.add(new Plan.Create(JOB, round + 1, round + 2, Duration.ZERO, null));
        return new Plan(inRound(round + 1), changes);
    }

    /** The state of a run in a round. */
    static Json inRound(int round) {
        return round == 0 ? FIRST_ROUND : new Notes().with(ROUND, round).done();
    }

    private static Plan failed(Run run, Problem why) {
        if (run.undo() == null) return then(run.state(), new Plan.Fail(why));
        var state = new Notes()
                .with(ROUND, round(run.state()))
                .with(FAILED, why.toJson().text())
                .done();
        return then(state, Plan.Create.one(UNDO));
    }

    private static Plan undone(Run run, TaskKey task, Outcome outcome) {
        var trouble = outcome instanceof Outcome.Failed failed ? failed.problem() : null;
        if (task.index() == CANCELLED && trouble == null) return then(run.state(), new Plan.Cancel());
        String noted = Notes.text(run.state(), FAILED);
        var why = noted != null ? Problem.parse(new Json(noted)) : task.index() == LATE ? DEADLINE : null;
        return then(run.state(), new Plan.Fail(both(why, trouble)));
    }

    private static Problem both(@Nullable Problem why, @Nullable Problem trouble) {
        if (trouble == null && why != null) return why;
        if (trouble == null) return Problem.of(FailureClass.INTERNAL, "Undo", "Something was undone for no reason.");
        String first = why == null ? "It was cancelled" : why.summary();
        return new Problem(
                trouble.failureClass(),
                trouble.type(),
                first + ". And what was done could not be undone: " + trouble.message(),
                trouble.detail());
    }

    // ---- earlier runs ---------------------------------------------------------------------------------------------

    /** Whether anything of what an earlier run had done was undone. */
    static boolean undone(History earlier) {
        return IntStream.of(FAILED_ITSELF, CANCELLED, LATE)
                .anyMatch(index -> !earlier.journal(UNDO, index).isEmpty());
    }
}
