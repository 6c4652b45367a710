package dev.pawl.cli;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl prune}. */
@Command(
        name = "prune",
        description =
                "Deletes finished runs, with their tasks, events and artifacts. Workers do so by themselves for runs older than 30 days.")
final class PruneCommand implements Callable<Integer> {

    private final Shared shared;

    @Option(
            names = "--older-than",
            paramLabel = "AGE",
            defaultValue = "30d",
            description = "Those that ended longer ago than this: 90s, 15m, 12h, 30d, 4w. 30d if not given.")
    private String olderThan = "30d";

    PruneCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var age = Text.age(olderThan);
        try (var pawl = shared.client()) {
            int pruned = pawl.prune(age);
            shared.screen()
                    .print(
                            shared.json()
                                    ? JsonText.object().put("pruned", pruned).toString()
                                    : Text.count(pruned, "run") + " pruned.");
        }
        return Exit.DONE;
    }
}
