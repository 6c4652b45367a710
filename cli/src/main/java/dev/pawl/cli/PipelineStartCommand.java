package dev.pawl.cli;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.PipelineInfo;
import dev.pawl.pipeline.Pipelines;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl pipeline start}. */
@Command(
        name = "start",
        description =
                "Sees to it that a pipeline goes on for ever: starts it, or takes it over with a newer version at the next activation.")
final class PipelineStartCommand implements Callable<Integer> {

    private final Shared shared;

    @Mixin
    private final PipelineParameter pipeline = new PipelineParameter();

    @Option(
            names = "--code",
            paramLabel = "V",
            description = "Which version, if several are at hand; otherwise the last one.")
    private @Nullable String version;

    @Option(names = "--back", description = "Lets a version take over that was replaced before.")
    private boolean back;

    @Option(names = "--work", description = "Works on it in this process, until told to stop (Ctrl-C).")
    private boolean work;

    PipelineStartCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws InterruptedException {
        var code = code();
        var settings = work ? Settings.DEFAULT.worker(WorkerSettings.DEFAULT.serving(List.of(code))) : Settings.CLIENT;
        try (var shift = new Shift(shared.open(settings, List.of(code)))) {
            start(shift.pawl(), code);
            if (!work) return Exit.DONE;
            shift.heedSignals();
            shared.screen().say("Working on it, until told to stop (Ctrl-C).");
            shift.awaitStop();
        }
        shared.screen().say("Stopped. What is done stays done; it goes on with: pawl worker");
        return Exit.DONE;
    }

    private Pipeline code() {
        var all = shared.shelf().programs().stream()
                .filter(Pipeline.class::isInstance)
                .map(Pipeline.class::cast)
                .toList();
        var versions = all.stream()
                .filter(each -> each.name().equals("pipeline:" + pipeline.name()))
                .toList();
        if (versions.isEmpty()) {
            throw Complaint.notFound("There is no code for a pipeline '" + pipeline.name() + "'. Known here: "
                    + all.stream()
                            .map(each -> each.name().substring("pipeline:".length()))
                            .distinct()
                            .collect(Collectors.joining(", "))
                    + ". A jar of yours is loaded with --jar FILE.");
        }
        return versions.stream()
                .filter(each -> version == null || each.version().equals(version))
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> Complaint.notFound("There is no version '" + version + "' of pipeline '"
                        + pipeline.name() + "' here. There is: "
                        + versions.stream().map(Pipeline::version).collect(Collectors.joining(", ")) + "."));
    }

    private void start(Pawl pawl, Pipeline code) {
        var pipelines = Pipelines.of(pawl).by(Shared.actor());
        var before = pipelines.find(code.name());
        if (back) pipelines.goBack(code);
        else pipelines.start(code);
        var after = pipelines.get(code.name());
        boolean inCharge = after.version().equals(code.version());
        if (!inCharge) {
            throw Complaint.refused(
                    "Version %s of pipeline \"%s\" is in charge, and version %s was replaced before. To let it take over again: pawl pipeline start %s --back"
                            .formatted(after.version(), after.name(), code.version(), after.name()));
        }
        tell(pawl, before, after);
    }

    private void tell(Pawl pawl, Optional<PipelineInfo> before, PipelineInfo after) {
        var screen = shared.screen();
        String was = before.map(PipelineInfo::version).orElse(null);
        boolean tookOver = was != null && !was.equals(after.version());
        if (shared.json()) {
            screen.print(JsonText.object()
                    .put("pipeline", after.name())
                    .put("run", after.run().toString())
                    .put("version", after.version())
                    .put("status", after.status().name())
                    .put("started", was == null)
                    .put("tookOver", tookOver)
                    .put("replaced", tookOver ? was : null)
                    .toString());
            return;
        }
        String words = was == null
                ? "is started, in version " + after.version() + "."
                : tookOver
                        ? "is taken over from version " + was + " by version " + after.version()
                                + ", each handler at its next activation."
                        : "goes on; version " + after.version() + " was in charge already.";
        screen.print("Pipeline \"" + after.name() + "\" " + words);
        if (after.status().held()) screen.say(pawl.explain(after.run()));
        else if (screen.live() && !work) {
            screen.say("It works while a worker is up: pawl worker    Look at it with: pawl pipeline show "
                    + after.name());
        }
    }
}
