package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl restart}. */
@Command(
        name = "restart",
        description =
                "Does a run that has ended over from the beginning, as a new run, and prints its id. Nothing of it is kept.")
final class RestartCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Mixin
    private final InputOption input = new InputOption();

    RestartCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var other = input.given() ? input.read() : null;
        return Successor.tell(
                shared,
                run,
                "restarts",
                (pawl, old) -> pawl.restart(old.id(), other, Shared.actor()).id());
    }
}
