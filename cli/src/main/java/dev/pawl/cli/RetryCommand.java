package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl retry}. */
@Command(
        name = "retry",
        description =
                "Goes on from where a failed or cancelled run stopped, as a new run, and prints its id. What succeeded is kept.")
final class RetryCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    RetryCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        return Successor.tell(
                shared,
                run,
                "retries",
                (pawl, old) -> pawl.retry(old.id(), Shared.actor()).id());
    }
}
