package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl pause}. */
@Command(name = "pause", description = "Holds a run: what runs now ends, nothing new starts.")
final class PauseCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    PauseCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> pawl.pause(id, Shared.actor(), ""));
    }
}
