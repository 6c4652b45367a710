package dev.pawl.flow;

import dev.pawl.io.Io;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import dev.pawl.tape.LiveIo;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** What the code of a step asks of the outside in one attempt: made when it asks for the first time, as most never do. */
final class Recording implements Supplier<Io> {

    private final String flow;
    private final Node step;
    private final Claimed task;
    private final Journal journal;
    private @Nullable LiveIo io;

    Recording(String flow, Node step, Claimed task, Journal journal) {
        this.flow = flow;
        this.step = step;
        this.task = task;
        this.journal = journal;
    }

    @Override
    public Io get() {
        if (io == null) io = made();
        return io;
    }

    /** What the step asked through; null if it asked for nothing. */
    @Nullable
    LiveIo asked() {
        return io;
    }

    private LiveIo made() {
        return new LiveIo(task, flow, step.retry, journal);
    }

    /** Runs the code of the step; what an earlier attempt has recorded must be asked for again. */
    Result record(Callable<Result> code) throws Exception {
        Result result;
        try {
            result = code.call();
            if (io == null && task.attempt() > 1 && journal.from(0) != null) io = made();
            if (io != null) io.tape().end();
        } catch (Throwable thrown) {
            if (io != null) return io.ended(thrown);
            throw thrown;
        }
        return result;
    }
}
