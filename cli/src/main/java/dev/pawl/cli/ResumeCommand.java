package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl resume}. */
@Command(name = "resume", description = "Releases a paused or blocked run.")
final class ResumeCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    ResumeCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> pawl.resume(id, Shared.actor(), ""));
    }
}
