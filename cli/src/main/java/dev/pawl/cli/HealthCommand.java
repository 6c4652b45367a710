package dev.pawl.cli;

import dev.pawl.engine.Health;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl health}. */
@Command(
        name = "health",
        description = "Says how everything is doing: healthy, warning or critical, why, and what to do.",
        footer = {"", "Exit codes: 0 healthy or warning, 1 critical."})
final class HealthCommand implements Callable<Integer> {

    private final Shared shared;

    @Option(
            names = "--within",
            paramLabel = "AGE",
            defaultValue = "24h",
            description = "Counts runs that were created so long ago or less, and those that are open: 15m, 12h, 7d."
                    + " 24h if not given.")
    private String within = "24h";

    HealthCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        var window = Text.age(within);
        try (var pawl = shared.client()) {
            var health = pawl.health(window);
            if (shared.json()) shared.screen().print(JsonText.pretty(HealthDocument.of(health)));
            else new HealthPage(shared.screen(), health, within).print();
            return health.level() == Health.Level.CRITICAL ? Exit.CRITICAL : Exit.DONE;
        }
    }
}
