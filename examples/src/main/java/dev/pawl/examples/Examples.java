package dev.pawl.examples;

import dev.pawl.spi.Program;
import dev.pawl.spi.Programs;
import java.util.Collection;
import java.util.List;

/** All examples, for the command line. */
public final class Examples implements Programs {

    @Override
    public Collection<Program> programs() {
        return List.of(
                Census.FLOW,
                Joining.FLOW,
                Branching.FLOW,
                Retrying.FLOW,
                Tolerating.FLOW,
                PathFanOut.FLOW,
                MapOverMap.FLOW,
                Skipping.FLOW,
                WaitingForAll.FLOW,
                Once.FLOW,
                Limited.FLOW,
                Newsletter.FLOW,
                OrderSaga.JOB,
                Approval.JOB,
                Research.JOB,
                Nightly.JOB,
                MailToSheet.PIPELINE,
                SupportReply.GRAPH,
                Careful.GRAPH);
    }
}
