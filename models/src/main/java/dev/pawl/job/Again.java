package dev.pawl.job;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Hash;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.tape.Unwinding;
import dev.pawl.travel.RecordedOutputs;
import dev.pawl.travel.Retake;
import dev.pawl.travel.Story;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A recorded run of a job executed again: its code runs along the journal of the current round, and must ask for exactly
 * what was recorded, in that order, and come to the same end. What a wait waited for is over where more was recorded.
 */
final class Again {

    private final String label;
    private final Retry retry;
    private final History history;
    private final EffectTimeline timeline;
    private final int round;
    private final long now;

    /** The code of a job. */
    @FunctionalInterface
    interface Code {
        /** Gives back the output as JSON. */
        Json run(LiveJob job) throws Exception;
    }

    Again(String label, Retry retry, History history) {
        this.label = label;
        this.retry = retry;
        this.history = history;
        this.timeline = new EffectTimeline(history);
        this.round = JobRules.round(history.run().state());
        this.now = Story.now(history);
    }

    private LiveJob live(String task, int index) {
        var claimed =
                new RecordedOutputs(history).claimed(task, index, history.run().state());
        return new LiveJob(claimed, label, retry, new RecordedOnly(history.journal(task, index), history, now));
    }

    Replay run(Code code, Undoing undoing, Consumer<Moment> seen) {
        var job = live(JobRules.JOB, round);
        var retake = new Retake(label, new TaskKey(history.run().id(), JobRules.JOB, round), 0, 1, job.tape());
        var ending = ending(job, retake, code);
        int told = told(ending.divergence());
        for (int number = 0; number <= told; number++) seen.accept(timeline.at(number));
        if (ending.divergence() != null) return new Replay(told + 1, "", numbered(ending.divergence()));
        if (timeline.last() == timeline.bodies()) return new Replay(told + 1, ending.said(), null);
        return undone(job, undoing, seen, told + 1);
    }

    /** How many moments were confirmed, the beginning not among them. */
    private int told(@Nullable Divergence divergence) {
        if (divergence == null || divergence.position() == null) return timeline.bodies();
        return timeline.before(divergence.position());
    }

    /** A journal may have gaps where branches lost, and moments have none. */
    private Divergence numbered(Divergence found) {
        int number = found.position() == null ? timeline.bodies() : timeline.before(found.position()) + 1;
        return new Divergence(
                found.run(),
                number,
                found.task(),
                found.position(),
                found.type(),
                found.recorded(),
                found.now(),
                found.differences(),
                found.message());
    }

    private Retake.Ending ending(LiveJob job, Retake retake, Code code) {
        boolean succeeded = history.details().status() == RunStatus.SUCCEEDED;
        Json output;
        try {
            output = code.run(job);
            job.tape().end();
        } catch (Throwable thrown) {
            if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError)) throw broken;
            var doom = job.tape().doom();
            if (succeeded) return new Retake.Ending("", retake.threw(doom == null ? thrown : doom));
            var task = task();
            if (doom instanceof Unwinding.Continued) {
                return retake.with(status(task), problem(task), "goes on afresh");
            }
            return retake.without(
                    status(task), problem(task), doom == null ? job.thrown().leaving(thrown) : doom);
        }
        if (!succeeded) return retake.with(status(task()), problem(task()), "comes to its end");
        var recorded = history.result();
        if (recorded == null) throw new IllegalStateException("The output of the run is missing.");
        if (Hash.of(recorded).equals(Hash.of(output))) return new Retake.Ending("It ended as recorded.", null);
        return new Retake.Ending("", retake.differs("end", "it comes to another output", recorded, output));
    }

    private @Nullable TaskDetails task() {
        var found = history.tasks(JobRules.JOB, round, 1);
        return found.isEmpty() ? null : found.getFirst();
    }

    private static TaskStatus status(@Nullable TaskDetails task) {
        return task == null ? TaskStatus.READY : task.task().status();
    }

    private static @Nullable Json problem(@Nullable TaskDetails task) {
        return task == null ? null : task.problem();
    }

    // ---- what was undone ------------------------------------------------------------------------------------------

    /** Undoes what was done. */
    @FunctionalInterface
    interface Undoing {
        void undo(LiveJob present, LiveJob past) throws Exception;
    }

    private Replay undone(LiveJob past, Undoing undoing, Consumer<Moment> seen, int told) {
        var task = history.tasks(JobRules.UNDO, 0, 1).getFirst();
        var key = task.task().key();
        var present = live(key.name(), key.index());
        var retake = new Retake(label, key, timeline.bodies(), 1, present.tape());
        Retake.Ending ending;
        try {
            undoing.undo(present, past);
            present.tape().end();
            ending = new Retake.Ending("It ended as recorded.", null);
        } catch (Throwable thrown) {
            if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError)) throw broken;
            var doom = present.tape().doom();
            ending = retake.without(task.task().status(), task.problem(), doom == null ? thrown : doom);
        }
        int sure = told;
        int last = ending.divergence() == null
                ? timeline.last()
                : ending.divergence().moment() - 1;
        for (int number = timeline.bodies() + 1; number <= Math.min(last, timeline.last()); number++) {
            seen.accept(timeline.at(number));
            sure++;
        }
        return new Replay(sure, ending.divergence() == null ? ending.said() : "", ending.divergence());
    }
}
