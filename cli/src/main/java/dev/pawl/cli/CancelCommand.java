package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl cancel}. */
@Command(name = "cancel", description = "Ends a run; what runs now is interrupted.")
final class CancelCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    CancelCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Verb.tell(shared, run, (pawl, id) -> pawl.cancel(id, Shared.actor(), ""));
    }
}
