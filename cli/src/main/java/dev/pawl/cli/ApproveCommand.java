package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl approve}. */
@Command(
        name = "approve",
        description = {
            "Approves what a run waits for; the run goes on with that.",
            "\"pawl inbox\" says which runs wait, and for what. \"pawl reject\" refuses it."
        })
final class ApproveCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(names = "--comment", paramLabel = "TEXT", defaultValue = "", description = "Why, for the history.")
    private String comment = "";

    ApproveCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> pawl.approve(id, true, Shared.actor(), comment));
    }
}
