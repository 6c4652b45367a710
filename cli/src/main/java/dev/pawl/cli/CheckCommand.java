package dev.pawl.cli;

import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Fit;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.TimeTravel;
import dev.pawl.schedule.ScheduleProgram;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl check}. */
@Command(
        name = "check",
        description = {
            "Says before a deploy whether today's code fits what is recorded: replays every open run of the database, or",
            "every exported run of files and folders, and ends with 1 if any would go another way."
        })
final class CheckCommand implements Callable<Integer> {

    private static final int PAGE = 500;
    private static final List<RunStatus> OPEN =
            List.of(RunStatus.QUEUED, RunStatus.RUNNING, RunStatus.PAUSED, RunStatus.BLOCKED);

    private final Shared shared;

    @Option(
            names = "--against",
            arity = "1..*",
            paramLabel = "FILE|FOLDER",
            description = "Exported runs, or folders of them, instead of the database. Repeatable.")
    private List<Path> against = new ArrayList<>();

    CheckCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws IOException {
        var programs = shared.shelf().programs();
        var fits = new ArrayList<Fit>();
        if (against.isEmpty()) database(programs, fits::add);
        else for (Path file : files(against)) fits.add(TimeTravel.check(RecordedRun.read(file), programs));
        fits.sort(Comparator.comparing((Fit fit) -> !fit.isTrouble())
                .thenComparing(fit -> fit.status().terminal())
                .thenComparing(Fit::run));
        if (shared.json()) document(fits);
        else page(fits);
        return fits.stream().anyMatch(Fit::isTrouble) ? Exit.DIVERGED : Exit.DONE;
    }

    // ---- what to check --------------------------------------------------------------------------------------------

    private void database(Collection<Program> programs, Consumer<Fit> found) {
        try (var pawl = shared.client()) {
            for (var status : OPEN) open(pawl, status, programs, found);
        }
    }

    private static void open(Pawl pawl, RunStatus status, Collection<Program> programs, Consumer<Fit> found) {
        RunId before = null;
        while (true) {
            var page = pawl.list(new Store.RunFilter(status, null, before, PAGE));
            for (var run : page) {
                before = run.id();
                // Schedules are the kernel's own, and know no code but the name of what they start.
                if (!run.program().equals(ScheduleProgram.NAME)) {
                    found.accept(TimeTravel.check(pawl.history(run.id()), programs));
                }
            }
            if (page.size() < PAGE) return;
        }
    }

    private static List<Path> files(List<Path> against) throws IOException {
        var files = new ArrayList<Path>();
        for (Path path : against) {
            if (Files.isRegularFile(path)) files.add(path);
            else if (Files.isDirectory(path)) files.addAll(exports(path));
            else throw Complaint.notFound("There is no file or folder " + path + " (given with --against).");
        }
        if (files.isEmpty()) throw Complaint.notFound("There are no .json files in " + against + " to check against.");
        return files;
    }

    private static List<Path> exports(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".json") && Files.isRegularFile(file))
                    .sorted()
                    .toList();
        }
    }

    // ---- what came of it ------------------------------------------------------------------------------------------

    private void page(List<Fit> fits) {
        var screen = shared.screen();
        var style = screen.style();
        for (var fit : fits) {
            if (fit.how() == Fit.How.SAME) continue;
            String word = fit.how().name().toLowerCase(java.util.Locale.ROOT).replace('_', ' ');
            screen.print("%s  %s version %s  %s  %s"
                    .formatted(
                            fit.run(),
                            fit.program(),
                            fit.version(),
                            style.status(fit.status()),
                            fit.isTrouble() ? style.bad(word) : style.faint(word)));
            screen.print("  " + fit.said());
        }
        screen.print("%s checked. Would go another way: %d open, %d ended. Without code here: %d."
                .formatted(
                        Text.count(fits.size(), "run"),
                        count(fits, false),
                        count(fits, true),
                        fits.stream()
                                .filter(fit -> fit.how() == Fit.How.NO_CODE)
                                .count()));
    }

    private static long count(List<Fit> fits, boolean ended) {
        return fits.stream()
                .filter(fit -> fit.isTrouble() && fit.how() != Fit.How.NO_CODE)
                .filter(fit -> fit.status().terminal() == ended)
                .count();
    }

    private void document(List<Fit> fits) {
        var documents = JsonText.array();
        for (var fit : fits) {
            var document = documents
                    .addObject()
                    .put("run", fit.run().toString())
                    .put("program", fit.program())
                    .put("version", fit.version())
                    .put("status", fit.status().name())
                    .put("fit", fit.how().name())
                    .put("trouble", fit.isTrouble())
                    .put("said", fit.said());
            var divergence = fit.divergence();
            document.set("divergence", divergence == null ? RunDocument.tree(null) : TravelText.document(divergence));
        }
        shared.screen().print(JsonText.pretty(documents));
    }
}
