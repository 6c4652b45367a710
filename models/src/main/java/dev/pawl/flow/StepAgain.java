package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.core.TaskKey;
import dev.pawl.json.Hash;
import dev.pawl.spi.Divergence;
import dev.pawl.spi.History;
import dev.pawl.spi.Result;
import dev.pawl.tape.LiveIo;
import dev.pawl.tape.RecordedOnly;
import dev.pawl.tape.Tape;
import dev.pawl.travel.RecordedOutputs;
import dev.pawl.travel.Retake;
import dev.pawl.travel.Story;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Executes the code of steps again that ask the outside through a journal, on what is recorded. The output of another step
 * is a record of its own, and stands.
 */
final class StepAgain {

    private final Dag dag;
    private final String label;
    private final History history;
    private final RecordedOutputs outputs;
    private final long now;

    StepAgain(Dag dag, String label, History history) {
        this.dag = dag;
        this.label = label;
        this.history = history;
        this.outputs = new RecordedOutputs(history);
        this.now = Story.now(history);
    }

    /**
     * One task that has succeeded.
     *
     * @param moment its number in the timeline
     * @param state of the run, before the rules were told of its end
     * @return null if it comes to the recorded output, or its code is not to be executed
     */
    @Nullable
    Divergence differs(TaskKey key, int moment, Json state, Json recorded) {
        var step = dag.ofTask(key.name());
        if (step == null || !step.recording || key.name().endsWith(Dag.GATE)) return null;
        var claimed = outputs.claimed(key.name(), key.index(), state);
        var journal = new RecordedOnly(history.journal(key.name(), key.index()), history, now);
        var execution = new Execution(label, dag, step, claimed, journal);
        Result result;
        try {
            result = execution.run();
        } catch (Throwable thrown) {
            if (thrown instanceof VirtualMachineError broken && !(thrown instanceof StackOverflowError)) throw broken;
            var tape = tape(execution.io(), new Tape(label, claimed, journal));
            var doom = tape.doom();
            return new Retake(label, key, moment, 0, tape).threw(doom == null ? thrown : doom);
        }
        var retake = new Retake(label, key, moment, 0, tape(execution.io(), new Tape(label, claimed, journal)));
        if (!(result instanceof Result.Done done)) {
            return retake.differs("end", null, null, List.of(), "it succeeded, and now does not: " + result);
        }
        if (Hash.of(recorded).equals(Hash.of(done.output()))) return null;
        return retake.differs("end", "it comes to another output", recorded, done.output());
    }

    private static Tape tape(@Nullable LiveIo io, Tape otherwise) {
        return io == null ? otherwise : io.tape();
    }
}
