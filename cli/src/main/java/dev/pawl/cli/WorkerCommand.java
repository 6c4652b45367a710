package dev.pawl.cli;

import dev.pawl.core.Definition;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.schedule.ScheduleProgram;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code pawl worker}. */
@Command(
        name = "worker",
        description =
                "Works until told to stop (Ctrl-C, SIGTERM): then it claims nothing more, lets what runs end, and hands back the rest.")
final class WorkerCommand implements Callable<Integer> {

    private final Shared shared;

    @Option(
            names = "--queues",
            paramLabel = "A,B",
            split = ",",
            description = "Only tasks in these queues. Otherwise \"default\" and the queues of the programs.")
    private @Nullable List<String> queues;

    @Option(
            names = "--slots",
            paramLabel = "N",
            defaultValue = "64",
            description = "How many tasks run here at once; 64 if not given.")
    private int slots = 64;

    @Option(
            names = "--grace",
            paramLabel = "SECONDS",
            defaultValue = "0.5",
            description = "How long running tasks may take to end when it is told to stop; 0.5 if not given.")
    private double grace = 0.5;

    WorkerCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (slots < 1) throw Complaint.usage("--slots must be at least 1, not " + slots + ".");
        if (grace < 0) throw Complaint.usage("--grace must not be negative, and is " + grace + ".");
        if (queues != null && queues.stream().anyMatch(String::isBlank)) {
            throw Complaint.usage("--queues has a queue without a name. Write them like this: --queues mail,default");
        }
        var shelf = shared.shelf();
        requireKnown(shelf);
        var settings = WorkerSettings.DEFAULT
                .slots(slots)
                .grace(Duration.ofMillis((long) (grace * 1_000)))
                .queues(
                        queues == null
                                ? List.of()
                                : queues.stream().map(String::strip).distinct().toList())
                .serving(shelf.programs());
        try (var shift = new Shift(shared.open(Settings.DEFAULT.worker(settings), shelf.programs()))) {
            requireWork(shift.pawl(), shelf);
            shift.heedSignals();
            warn(shift.pawl());
            ready(shift.pawl(), shelf, settings);
            shift.awaitStop();
            shared.screen()
                    .say("Stopping: what runs may take " + grace
                            + " s to end, the rest is handed back. Once more to stop at once.");
        }
        shared.screen().say("Stopped.");
        return Exit.DONE;
    }

    /**
     * A worker that was given no jar, on a database that knows only programs of others, was forgotten to be given one.
     *
     * @throws Complaint if that is so
     */
    private void requireKnown(Shelf shelf) {
        if (shared.jarsGiven()) return;
        try (var pawl = shared.open(Settings.CLIENT, List.of())) {
            var known = pawl.store().definitions().stream()
                    .map(Definition::program)
                    .filter(name -> !name.equals(ScheduleProgram.NAME))
                    .distinct()
                    .sorted()
                    .toList();
            boolean some = shelf.items().stream().map(Shelf.Item::name).anyMatch(known::contains);
            if (known.isEmpty() || some) return;
            throw Complaint.refused("This worker has none of the programs of this database (" + String.join(", ", known)
                    + "). Load the jar that has them with --jar FILE.");
        }
    }

    /** @throws Complaint if this worker would have nothing to do, ever */
    private void requireWork(Pawl pawl, Shelf shelf) {
        var own = shelf.items().stream()
                .filter(item -> !shared.jarsGiven() || item.jar() != null)
                .map(Shelf.Item::program)
                .toList();
        var misfits = pawl.misfits();
        long fitting = own.stream()
                .filter(program -> misfits.stream()
                        .noneMatch(
                                message -> message.startsWith(program.name() + " version " + program.version() + " ")))
                .count();
        if (fitting == 0) {
            throw Complaint.refused("This worker has nothing to work on. " + String.join(" ", misfits));
        }
    }

    private void warn(Pawl pawl) {
        var screen = shared.screen();
        pawl.misfits().forEach(message -> screen.say(screen.errStyle().held("Not worked on: ") + message));
    }

    private void ready(Pawl pawl, Shelf shelf, WorkerSettings settings) {
        var names = shelf.items().stream()
                .filter(item ->
                        pawl.misfits().stream().noneMatch(message -> message.startsWith(item.name() + " version ")))
                .map(Shelf.Item::shortName)
                .distinct()
                .toList();
        var screen = shared.screen();
        if (!shared.json()) {
            screen.print(
                    "Ready on " + pawl.store().describe() + ": " + Text.count(settings.slots(), "slot") + ", queues "
                            + String.join(", ", settings.queues()) + ", programs " + String.join(", ", names) + ".");
            return;
        }
        var document = JsonText.object()
                .put("ready", true)
                .put("database", pawl.store().describe());
        document.put("slots", settings.slots());
        var inQueues = document.putArray("queues");
        settings.queues().forEach(inQueues::add);
        var programs = document.putArray("programs");
        names.forEach(programs::add);
        document.put("pid", ProcessHandle.current().pid());
        screen.print(document.toString());
    }
}
