package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Settings;
import dev.pawl.spi.Program;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code pawl explain}. */
@Command(name = "explain", description = "Says in a sentence or two why a run is not moving, or what it is doing.")
final class ExplainCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    ExplainCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        RunId id;
        List<Program> programs; // with the run's own, should it be at hand, a difference in shape can be told too
        try (var pawl = shared.client()) {
            id = run.in(shared, pawl);
            programs = shared.shelf().of(pawl.run(id));
        }
        try (var pawl = shared.open(Settings.CLIENT, programs)) {
            String why = pawl.explain(id);
            var screen = shared.screen();
            if (!shared.json()) {
                screen.print(why);
                return Exit.DONE;
            }
            screen.print(JsonText.object()
                    .put("run", id.toString())
                    .put("status", pawl.run(id).status().name())
                    .put("explanation", why)
                    .toString());
        }
        return Exit.DONE;
    }
}
