package dev.pawl.cli;

import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.spi.Program;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A worker of {@code pawl demo}: like {@code pawl worker}, but its tasks leave traces, and it ends with its parent. */
@Command(name = "demo-worker", hidden = true)
final class DemoWorkerCommand implements Callable<Integer> {

    static final Duration LEASE = Duration.ofSeconds(3);

    private final Shared shared;

    @Option(names = "--traces", required = true)
    private Path traces = Path.of("");

    @Option(names = "--pace", required = true)
    private long paceMillis;

    @Option(names = "--slots", required = true)
    private int slots;

    DemoWorkerCommand(Shared shared) {
        this.shared = shared;
    }

    @Override
    public Integer call() throws InterruptedException {
        var pace = Duration.ofMillis(paceMillis);
        var watched = shared.shelf().named("census").stream()
                .<Program>map(program -> new WatchedProgram(program, new Traces(traces), pace))
                .toList();
        var worker = WorkerSettings.DEFAULT.slots(slots).lease(LEASE);
        try (var shift = new Shift(shared.open(Settings.DEFAULT.worker(worker).retention(null), watched))) {
            shift.heedSignals();
            endWithParent();
            shared.screen().print("ready");
            shift.awaitStop();
        }
        return Exit.DONE;
    }

    /** The parent holds the other end of our standard input, for as long as it lives. */
    private static void endWithParent() {
        Thread.ofPlatform().daemon().name("parent-watch").start(() -> {
            try {
                System.in.transferTo(OutputStream.nullOutputStream());
            } catch (IOException broken) {
                // the same
            }
            Runtime.getRuntime().halt(1);
        });
    }

    /** The command line of such a worker. */
    static List<String> arguments(String url, Path traces, Duration pace, int slots) {
        return List.of(
                "demo-worker",
                "--db",
                url,
                "--traces",
                traces.toString(),
                "--pace",
                String.valueOf(pace.toMillis()),
                "--slots",
                String.valueOf(slots));
    }
}
