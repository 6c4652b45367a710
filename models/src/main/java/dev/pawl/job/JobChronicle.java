package dev.pawl.job;

import dev.pawl.spi.Chronicle;
import dev.pawl.spi.History;
import dev.pawl.spi.Timeline;
import dev.pawl.spi.Verification;
import dev.pawl.travel.Records;
import dev.pawl.travel.TaskChronicle;
import java.util.List;

/** What can be said of a run of a job without its code: what it has recorded, in order. Thread-safe. */
public final class JobChronicle implements Chronicle {

    /** Made by {@link java.util.ServiceLoader}. */
    public JobChronicle() {}

    @Override
    public String model() {
        return "job";
    }

    @Override
    public Timeline tell(History run) {
        return new EffectTimeline(run);
    }

    @Override
    public Verification verify(History run) {
        return new Verification(
                new EffectTimeline(run).last(),
                null,
                Records.flaws(run),
                List.of(TaskChronicle.noChain(run.details().program())));
    }
}
