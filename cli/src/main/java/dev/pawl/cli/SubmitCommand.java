package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.engine.Settings;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl submit}. */
@Command(name = "submit", description = "Submits a run for a worker to work on, and prints its id.")
final class SubmitCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final Submission submission = new Submission();

    SubmitCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var programs = submission.programs(shared);
        Json input = submission.input();
        try (var pawl = shared.open(Settings.CLIENT, programs)) {
            var run = pawl.run(submission.submit(pawl, programs, input).id());
            var screen = shared.screen();
            if (shared.json()) screen.print(RunDocument.of(run).toString());
            else screen.print(run.id().toString());
            if (screen.live() && !run.status().terminal()) {
                screen.say("Work on it with: pawl worker    Look at it with: pawl show " + run.id());
            }
        }
        return Exit.DONE;
    }
}
