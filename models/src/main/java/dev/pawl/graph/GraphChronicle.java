package dev.pawl.graph;

import dev.pawl.spi.Chronicle;
import dev.pawl.spi.History;
import dev.pawl.spi.Timeline;
import dev.pawl.spi.Verification;

/** What can be said of a run of a graph without its code: its steps, and whether its chain of hashes holds. Thread-safe. */
public final class GraphChronicle implements Chronicle {

    /** Made by {@link java.util.ServiceLoader}. */
    public GraphChronicle() {}

    @Override
    public String model() {
        return "graph";
    }

    @Override
    public Timeline tell(History run) {
        return new StepTimeline(run);
    }

    @Override
    public Verification verify(History run) {
        return ChainCheck.of(run);
    }
}
