package dev.pawl.travel;

import dev.pawl.spi.Chronicle;
import dev.pawl.spi.History;
import dev.pawl.spi.Timeline;
import dev.pawl.spi.Verification;
import java.util.List;

/** What can be said of runs of every model: their tasks have ended, one after the other. Thread-safe. */
public final class TaskChronicle implements Chronicle {

    /** Made by {@link java.util.ServiceLoader}. */
    public TaskChronicle() {}

    @Override
    public String model() {
        return ANY;
    }

    @Override
    public Timeline tell(History run) {
        return TaskTimeline.of(run);
    }

    @Override
    public Verification verify(History run) {
        return new Verification(
                TaskTimeline.of(run).last(),
                null,
                Records.flaws(run),
                List.of(noChain(run.details().program())));
    }

    /** What cannot be verified of a model without chained hashes. */
    public static String noChain(String program) {
        return program.substring(0, Math.max(0, program.indexOf(':')))
                + " runs keep no chain of hashes: that the record is complete was checked, and not that it is unchanged.";
    }
}
