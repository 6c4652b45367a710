package dev.pawl.job;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import dev.pawl.tape.Notes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What follows from the end of a job's task. A round of a job is the task {@code job[n]}; a job that goes on afresh begins
 * the next one. What was done is undone by the task {@code undo[0]} when the job failed, and {@code undo[1]} when it was
 * cancelled. Pure.
 */
final class JobRules {

    static final String JOB = "job";
    static final String UNDO = "undo";

    /** Why there is something to undo; the kernel knows these. */
    private static final int FAILED = 0;

    private static final int CANCELLED = 1;

    private static final Json FIRST_ROUND = new Json("{}");
    private static final String ROUND = "round";

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
            case Outcome.Failed failed -> then(run.state(), new Plan.Fail(failed.problem()));
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

    private static Plan undone(Run run, TaskKey task, Outcome outcome) {
        var trouble = outcome instanceof Outcome.Failed failed ? failed.problem() : null;
        return then(run.state(), new Plan.Undone(task.index() == CANCELLED, trouble));
    }

    // ---- earlier runs ---------------------------------------------------------------------------------------------

    /** Whether anything of what an earlier run had done was undone. */
    static boolean undone(History earlier) {
        return !earlier.journal(UNDO, FAILED).isEmpty()
                || !earlier.journal(UNDO, CANCELLED).isEmpty();
    }
}
