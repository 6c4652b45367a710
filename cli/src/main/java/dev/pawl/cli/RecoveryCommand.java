package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.core.TaskDetails;
import dev.pawl.engine.Recovery;
import dev.pawl.json.Codec;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import tools.jackson.databind.JsonNode;

/** {@code pawl recovery}. */
@Command(
        name = "recovery",
        description = "Says how a run can be gone on with, what is kept of it, and what would be done again.")
final class RecoveryCommand implements Callable<Integer> {

    private static final int SAMPLES = 5;
    private static final int SAMPLE_LENGTH = 100;

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    RecoveryCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var recovery = pawl.recovery(run.in(shared, pawl));
            if (shared.json()) document(recovery);
            else page(recovery);
        }
        return Exit.DONE;
    }

    private void document(Recovery recovery) {
        var document = RunDocument.of(recovery.run());
        document.put("resumable", recovery.resumable())
                .put("restartable", recovery.restartable())
                .put("tasksKept", recovery.kept().tasks())
                .put("effectsKept", recovery.kept().effects());
        var again = document.putArray("again");
        recovery.again().forEach(task -> again.add(task.task().key().label()));
        var checkpoint = recovery.checkpoint();
        if (checkpoint != null) {
            var kept = document.putObject("checkpoint");
            kept.put("at", Text.iso(checkpoint.at())).put("bytes", checkpoint.bytes());
            var content = Codec.STANDARD.tree(checkpoint.content());
            var keys = kept.putArray("keys");
            content.propertyNames().forEach(keys::add);
            var samples = kept.putObject("samples");
            samples(content).forEach(sample -> samples.put(sample.key(), sample.value()));
        }
        var remarks = document.putArray("remarks");
        recovery.remarks().forEach(remarks::add);
        shared.screen().print(JsonText.pretty(document));
    }

    private void page(Recovery recovery) {
        var style = shared.screen().style();
        var id = recovery.run().id();
        line(
                "Run",
                style.bold(id.toString()) + " is " + style.status(recovery.run().status()));
        boolean held = recovery.run().status().held();
        line("Resume", !recovery.resumable() ? "no" : "yes: pawl " + (held ? "resume " : "retry ") + id);
        line("Restart", recovery.restartable() ? "yes: pawl restart " + id : "no: only a run that has ended");
        line("Kept", kept(recovery));
        if (!recovery.again().isEmpty() && (held || recovery.resumable())) line("Again", again(recovery.again()));
        var checkpoint = recovery.checkpoint();
        if (checkpoint == null) {
            line("Checkpoint", "none");
        } else {
            line("Checkpoint", Text.count(checkpoint.bytes(), "byte") + ", of " + Text.time(checkpoint.at()));
            for (var sample : samples(Codec.STANDARD.tree(checkpoint.content()))) {
                line("", style.faint(sample.key() + " ") + sample.value());
            }
        }
        recovery.remarks().forEach(remark -> shared.screen().print(remark));
    }

    private static String kept(Recovery recovery) {
        var kept = recovery.kept();
        Effect last = kept.last();
        return Text.count(kept.tasks(), "finished task") + ", " + Text.count(kept.effects(), "recorded effect")
                + (last == null ? "" : ", the last " + last.kind() + " " + last.name()).stripTrailing();
    }

    private static String again(List<TaskDetails> tasks) {
        String first = tasks.stream()
                .limit(SAMPLES)
                .map(task -> task.task().key().label())
                .collect(Collectors.joining(", "));
        return first + (tasks.size() > SAMPLES ? " and " + (tasks.size() - SAMPLES) + " more" : "")
                + ", each behind what it has recorded";
    }

    /** One of the parts of a checkpoint, cut. */
    private record Sample(String key, String value) {}

    private static List<Sample> samples(JsonNode content) {
        if (!content.isObject()) return List.of(new Sample("", Text.cut(content.toString(), SAMPLE_LENGTH)));
        return content.properties().stream()
                .limit(SAMPLES)
                .map(part -> new Sample(part.getKey(), Text.cut(part.getValue().toString(), SAMPLE_LENGTH)))
                .toList();
    }

    private void line(String name, String value) {
        shared.screen().print(shared.screen().style().faint("%-11s".formatted(name)) + value);
    }
}
