package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl reject}. */
@Command(
        name = "reject",
        description = {
            "Refuses what a run waits for somebody to approve.",
            "If a policy asked, the run fails; if the code of the run asked, it goes on with that answer."
        })
final class RejectCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why, for the history.")
    private String comment = "";

    RejectCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> pawl.approve(id, false, Shared.actor(), comment));
    }
}
