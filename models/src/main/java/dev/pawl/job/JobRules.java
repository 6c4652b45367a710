package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What follows from the end of a job's task. A round of a job is the task {@code job[n]}; a job that goes on afresh begins
 * the next one. What was done is undone by the task {@code undo[0]} when the job failed, and {@code undo[1]} when it was
 * cancelled. Pure.
 */
final class JobRules {

    static final String JOB = "job";
    static final String UNDO = "undo";

    /** The undo of a cancelled run. */
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
        return new Plan(new Notes().with(ROUND, round + 1).done(), changes);
    }

    private static Plan undone(Run run, TaskKey task, Outcome outcome) {
        var trouble = outcome instanceof Outcome.Failed failed ? failed.problem() : null;
        return then(run.state(), new Plan.Undone(task.index() == CANCELLED, trouble));
    }

    // ---- going on from earlier runs -------------------------------------------------------------------------------

    /**
     * Keeps what was recorded, but for the step that failed. If what was done was undone, nothing is kept.
     */
    static Plan retry(History earlier) {
        int round = round(earlier.run().state());
        var journal = earlier.journal(JOB, round);
        boolean undone = !earlier.journal(UNDO, 0).isEmpty()
                || !earlier.journal(UNDO, CANCELLED).isEmpty();
        int failed = undone ? 0 : journal.size() + 1;
        for (Effect effect : journal) {
            if (effect.ordinal() >= 0 && effect.status() == EffectStatus.FAILED) failed = effect.ordinal();
        }
        if (undone) failed = 0;
        var kept = new ArrayList<Plan.Change>();
        for (Effect effect : journal) {
            if (effect.ordinal() > failed && !undone) kept.add(new Plan.Write(JOB, round, effect));
        }
        return from(round, failed, kept);
    }

    /** Keeps what was recorded before a step. */
    static Plan fork(String job, History earlier, String from, Map<String, Payload> edits) {
        int round = round(earlier.run().state());
        var journal = earlier.journal(JOB, round);
        int below = ordinalOf(job, journal, from);
        var written = new ArrayList<Plan.Change>();
        for (var edit : edits.entrySet()) {
            int ordinal = ordinalOf(job, journal, edit.getKey());
            if (ordinal >= below) {
                throw new Failure.Logic(
                        "%s is to be done over from \"%s\" on, so \"%s\" cannot have another output: it comes later."
                                .formatted(job, from, edit.getKey()));
            }
            var was = journal.stream()
                    .filter(effect -> effect.ordinal() == ordinal)
                    .findFirst()
                    .orElseThrow();
            written.add(new Plan.Write(JOB, round, edited(was, edit.getValue())));
        }
        return from(round, below, written);
    }

    private static Effect edited(Effect was, Payload value) {
        return new Effect(
                was.ordinal(),
                was.revision() + 1,
                0,
                was.at(),
                was.kind(),
                EffectStatus.APPLIED,
                was.name(),
                null,
                value,
                null);
    }

    /** By name, the first that is called so, or by its position. */
    private static int ordinalOf(String job, List<Effect> journal, String step) {
        for (Effect effect : journal) {
            if (effect.ordinal() < 0) continue;
            if (effect.name().equals(step) || String.valueOf(effect.ordinal()).equals(step)) return effect.ordinal();
        }
        throw new Failure.Logic("%s has recorded no step \"%s\". It has recorded: %s."
                .formatted(
                        job,
                        step,
                        journal.stream()
                                .filter(effect -> effect.ordinal() >= 0)
                                .map(effect -> effect.ordinal() + " " + effect.kind()
                                        + (effect.name().isEmpty() ? "" : " " + effect.name()))
                                .toList()));
    }

    private static Plan from(int round, int below, List<Plan.Change> more) {
        var changes = new ArrayList<Plan.Change>();
        if (round > 0) changes.add(new Plan.Copy(JOB)); // the output of the round before is the input of this one
        changes.add(new Plan.CopyJournal(JOB, round, round, below));
        changes.addAll(more);
        changes.add(new Plan.Create(JOB, round, round + 1, Duration.ZERO, null));
        var state = round == 0 ? FIRST_ROUND : new Notes().with(ROUND, round).done();
        return new Plan(state, changes);
    }
}
