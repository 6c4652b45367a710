package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl resume}. */
@Command(name = "resume", description = "Releases a paused or blocked run.")
final class ResumeCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(
            names = "--forgive",
            description =
                    "Counts its lost and stalled attempts from zero again, so that it is recovered as often as at first.")
    private boolean forgive;

    ResumeCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> {
            if (forgive) pawl.forgive(id, Shared.actor(), "");
            pawl.resume(id, Shared.actor(), "");
        });
    }
}
