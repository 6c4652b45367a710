package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Hash;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Result;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.travel.RecordedOutputs;
import dev.pawl.travel.Retake;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes the code of steps again that asked the outside through a journal, or do so today, on what is recorded. The output
 * of another step is a record of its own, and stands.
 */
final class StepAgain {

    private final String label;
    private final Dag dag;
    private final History history;
    private final RecordedOutputs outputs;
    private final long now;

    /** @param now the time of the record, in epoch milliseconds */
    StepAgain(String label, Dag dag, History history, long now) {
        this.label = label;
        this.dag = dag;
        this.history = history;
        this.outputs = new RecordedOutputs(history);
        this.now = now;
    }

    /**
     * Where it goes another way than was recorded; null if it does not, or if its code is not to be executed.
     *
     * @param state of the run before the end of this task
     */
    @Nullable
    Divergence compare(int moment, TaskDetails task, Json state) {
        var key = task.task().key();
        var step = dag.ofTask(key.name());
        if (step == null || key.name().endsWith(Dag.GATE)) return null;
        var journal = history.journal(key.name(), key.index());
        boolean asked = journal.stream().anyMatch(effect -> effect.ordinal() >= 0);
        if (!asked && !step.recording) return null;
        var claimed = outputs.claimed(key.name(), key.index(), state);
        var execution = new Execution(label, dag, step, claimed, new RecordedOnly(journal, history, now));
        var retake = new Retake(label, key, moment, 0, execution.tape());
        boolean failed = task.task().status() == TaskStatus.FAILED;
        Result result;
        try {
            result = execution.run();
        } catch (Throwable thrown) {
            if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError)) throw broken;
            var doom = execution.tape().doom();
            var why = doom == null ? thrown : doom;
            return failed
                    ? retake.without(TaskStatus.FAILED, task.problem(), why).divergence()
                    : retake.threw(why);
        }
        return failed
                ? retake.with(TaskStatus.FAILED, task.problem(), "comes to its end")
                        .divergence()
                : compare(task, result, retake);
    }

    private @Nullable Divergence compare(TaskDetails task, Result result, Retake retake) {
        if (result instanceof Result.Parked) return retake.unrecorded();
        boolean skipped = task.task().status() == TaskStatus.SKIPPED;
        if (skipped != result instanceof Result.Skip) {
            return retake.differs(
                    "end", null, null, List.of(), skipped ? "it was skipped, and now is not" : "it is skipped now");
        }
        if (!(result instanceof Result.Done done) || task.output() == null) return null;
        var recorded = history.load(task.output());
        if (Hash.of(recorded).equals(Hash.of(done.output()))) return null;
        return retake.differs("end", "it comes to another output", recorded, done.output());
    }
}
