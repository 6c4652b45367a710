package dev.pawl.cli;

import dev.pawl.pipeline.Pipelines;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pawl pipeline run}. */
@Command(
        name = "run",
        description = "Runs producers now, whatever their schedule; one that is running runs once more afterwards.")
final class PipelineRunCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Parameters(
            index = "1..*",
            arity = "0..*",
            paramLabel = "PRODUCER",
            description = "Which ones; all if none is named.")
    private List<String> producers = new ArrayList<>();

    PipelineRunCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var pipelines = Pipelines.of(pawl).by(Shared.actor());
            pipelines.run(pipeline.name(), producers.toArray(String[]::new));
            var info = pipelines.get(pipeline.name());
            var asked = producers.isEmpty() ? info.producers() : producers;
            var screen = shared.screen();
            if (shared.json()) {
                var document = JsonText.object()
                        .put("pipeline", info.name())
                        .put("run", info.run().toString());
                var names = document.putArray("producers");
                asked.forEach(names::add);
                screen.print(document.toString());
                return Exit.DONE;
            }
            screen.print(
                    asked.isEmpty()
                            ? "Pipeline \"" + info.name() + "\" has no producers."
                            : "Asked to run now: " + String.join(", ", asked) + ".");
            if (info.status().held()) screen.say(pawl.explain(info.run()));
        }
        return Exit.DONE;
    }
}
