package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.pipeline.Pipelines;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** A verb on the run of a pipeline, which is named instead: {@code pause}, {@code resume}, {@code cancel}. */
@Command
final class PipelineVerb implements Callable<Integer> {

    private final Shared shared;
    private final Action action;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Option(names = "--comment", paramLabel = "TEXT", description = "Why, for the history.")
    private String comment = "";

    /** What the verb does. */
    @FunctionalInterface
    interface Action {
        void on(Pawl pawl, RunId run, String actor, String comment);
    }

    PipelineVerb(Shared shared, Action action) {
        this.shared = shared;
        this.action = action;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var info = Pipelines.of(pawl).get(pipeline.name());
            action.on(pawl, info.run(), Shared.actor(), comment);
            var run = pawl.run(info.run());
            var screen = shared.screen();
            if (shared.json()) screen.print(RunDocument.of(run).toString());
            else
                screen.print(
                        "Pipeline \"" + info.name() + "\" is " + screen.style().status(run.status()) + ".");
        }
        return Exit.DONE;
    }
}
