package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.engine.Pawl;
import dev.pawl.spi.Tx;
import dev.pawl.tape.Requests;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code pawl show}. */
@Command(name = "show", description = "Shows a run: where it stands, its steps, its output.")
final class ShowCommand implements Callable<Integer> {

    private static final int PAGE = 1_000;
    private static final int INPUT_SHOWN = 200;

    private final Shared shared;

    @Mixin
    private final RunParameter run = new RunParameter();

    @Option(names = "--tasks", description = "Every task, and not maps in one line.")
    private boolean everyTask;

    ShowCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() {
        try (var pawl = shared.client()) {
            var details = pawl.run(run.in(shared, pawl));
            if (shared.json()) document(pawl, details);
            else page(pawl, details);
        }
        return Exit.DONE;
    }

    private void document(Pawl pawl, RunDetails run) {
        var document = RunDocument.of(run);
        document.set("input", RunDocument.payload(pawl, run.input()));
        document.set("output", RunDocument.tree(pawl.output(run)));
        var steps = document.putArray("steps");
        for (var step : StepLine.of(pawl, run)) steps.add(step.document());
        var journal = JournalPage.of(pawl, run);
        if (!journal.effects().isEmpty()) {
            var effects = document.putArray("journal");
            journal.effects()
                    .forEach(line -> effects.add(RunDocument.of(pawl, line.effect())
                            .put("task", line.task().label())));
        }
        if (journal.progress() != null) document.put("progress", journal.progress());
        if (everyTask) {
            var tasks = document.putArray("tasks");
            eachTask(pawl, run, task -> tasks.add(RunDocument.of(pawl, task)));
        }
        shared.screen().print(JsonText.pretty(document));
    }

    private void page(Pawl pawl, RunDetails run) {
        header(pawl, run);
        var journal = JournalPage.of(pawl, run);
        if (journal.progress() != null) line("Progress", journal.progress());
        shared.screen().print("");
        if (everyTask) tasks(pawl, run);
        else steps(StepLine.of(pawl, run));
        journal.print(pawl, shared.screen());
        Json output = pawl.output(run);
        if (output == null) return;
        shared.screen().print("");
        shared.screen().print(shared.screen().style().bold("Output"));
        shared.screen().print(JsonText.pretty(output));
    }

    private void header(Pawl pawl, RunDetails run) {
        var style = shared.screen().style();
        line("Run", style.bold(run.id().toString()));
        line("Program", run.program() + " version " + run.version());
        line("Status", style.status(run.status()) + took(pawl, run));
        if (run.problem() != null) line("Problem", style.bad(Trouble.problem(run.problem())));
        if (run.run().reason() != null) line("Needs", run.run().reason().name());
        if (run.status() == RunStatus.PAUSED) line("Paused", "by " + run.detail());
        line("Created", Text.time(run.createdAt()));
        if (run.run().deadlineAt() != null) line("Deadline", Text.time(run.run().deadlineAt()));
        for (var asked : pawl.questions(run.id())) line("Approve?", question(asked));
        if (run.key() != null) line("Key", run.key());
        if (run.labels() != null) line("Labels", run.labels().text());
        if (run.retryOf() != null) line("Comes from", run.retryOf() + " (" + run.link() + ")");
        if (run.run().family().parent() != null)
            line("Parent", run.run().family().parent().toString());
        if (run.run().family().children() > 0) {
            line("Started", Text.count(run.run().family().children(), "run") + "; see: pawl tree " + run.id());
        }
        if (run.slot() != null) line("Slot", run.slot());
        if (run.program().startsWith("pipeline:")) {
            line("More", "pawl pipeline show " + run.program().substring("pipeline:".length()));
        }
        var placement = run.run().placement();
        if (!placement.equals(dev.pawl.core.Placement.DEFAULT)) {
            line(
                    "Queue",
                    placement.queue() + ", priority " + placement.priority()
                            + (placement.key().isEmpty() ? "" : ", for " + placement.key()));
        }
        line("Input", Text.cut(input(pawl, run), INPUT_SHOWN));
    }

    private static String question(Tx.NewEffect asked) {
        var request = Requests.of(asked.effect());
        return "\"" + asked.effect().name() + "\" in task " + asked.task().label()
                + (request == null ? "" : ": " + Text.cut(request.text(), INPUT_SHOWN));
    }

    private static String input(Pawl pawl, RunDetails run) {
        return run.input().isArtifact()
                ? "(large, kept as artifact " + run.input().reference() + ")"
                : pawl.load(run.input()).text();
    }

    private static String took(Pawl pawl, RunDetails run) {
        Long began = run.run().startedAt();
        if (began == null) return "";
        if (run.endedAt() != null) return " in " + Text.duration(run.endedAt() - began);
        return " for " + Text.duration(pawl.store().databaseTime() - began);
    }

    private void line(String name, String value) {
        shared.screen().print(shared.screen().style().faint("%-11s".formatted(name)) + value);
    }

    private void steps(List<StepLine> steps) {
        var table = new Table("STEP", "STATUS", "TASKS", "ATTEMPTS", "TOOK", "")
                .right(2)
                .right(3)
                .right(4)
                .paint(1, shared.screen().style()::status);
        for (var step : steps)
            table.row(step.name(), step.status(), step.tasks(), step.attempts(), step.took(), step.remark());
        if (!table.isEmpty()) table.print(shared.screen());
    }

    private void tasks(Pawl pawl, RunDetails run) {
        var table = new Table("TASK", "STATUS", "ATTEMPTS", "TOOK", "WORKER", "")
                .right(2)
                .right(3)
                .right(4)
                .paint(1, shared.screen().style()::status);
        eachTask(
                pawl,
                run,
                task -> table.row(
                        task.task().key().label(),
                        task.task().status().name(),
                        String.valueOf(task.task().spent()),
                        took(task),
                        task.task().worker() == null
                                ? ""
                                : String.valueOf(task.task().worker()),
                        task.problem() == null ? "" : Trouble.problem(task.problem())));
        if (!table.isEmpty()) table.print(shared.screen());
    }

    private static String took(TaskDetails task) {
        Long end = task.endedAt();
        Long start = task.startedAt();
        return end == null || start == null ? "" : Text.duration(end - start);
    }

    private static void eachTask(Pawl pawl, RunDetails run, Consumer<TaskDetails> use) {
        for (var step : pawl.store().taskCounts(run.id()).keySet()) {
            int from = 0;
            while (true) {
                var page = pawl.store().tasks(run.id(), step, from, PAGE);
                page.stream().filter(task -> !task.task().key().kernels()).forEach(use);
                if (page.size() < PAGE) break;
                from = page.getLast().task().key().index() + 1;
            }
        }
    }
}
