package dev.pawl.cli;

import dev.pawl.core.RunDetails;
import dev.pawl.engine.Settings;
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
        RunDetails old;
        try (var pawl = shared.client()) {
            old = pawl.run(run.in(shared, pawl));
        }
        try (var pawl = shared.open(Settings.CLIENT, shared.shelf().named(old.program()))) {
            var retry = pawl.run(pawl.retry(old.id(), Shared.actor()).id());
            var screen = shared.screen();
            if (shared.json()) screen.print(RunDocument.of(retry).toString());
            else screen.print(retry.id().toString());
            if (screen.live()) screen.say("It retries " + old.id() + ". Work on it with: pawl worker");
        }
        return Exit.DONE;
    }
}
