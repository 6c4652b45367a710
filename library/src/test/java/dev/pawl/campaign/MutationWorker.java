package dev.pawl.campaign;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A worker of the proof in a process of its own. Works until it is killed or told to end, or until its standard input ends. */
final class MutationWorker {

    /** Short, so that what a dead process held is soon taken over. */
    static final Duration LEASE = Duration.ofMillis(1_500);

    private static final int SLOTS = 16;

    private MutationWorker() {}

    /**
     * Opens the database and works.
     *
     * @param arguments its number, the database, the port of the ledger, the folder for artifacts, and how many items each
     *     pipeline has
     */
    public static void main(String[] arguments) throws IOException {
        var name = CampaignWorker.name(
                Integer.parseInt(arguments[0]), ProcessHandle.current().pid());
        var ledger = new MoodyClient(Integer.parseInt(arguments[2]));
        var settings = Settings.DEFAULT
                .worker(WorkerSettings.DEFAULT.slots(SLOTS).lease(LEASE))
                .artifacts(Path.of(arguments[3]));
        var pipelines = MutationPipelines.all(ledger, Integer.parseInt(arguments[4]));
        try (var pawl = Pawl.open(arguments[1], settings, pipelines)) {
            Runtime.getRuntime().addShutdownHook(new Thread(pawl::close)); // as a service does
            System.err.println(name + Workers.WORKS + pawl.store().describe());
            while (System.in.read() >= 0) {}
        }
    }

    static List<String> arguments(int number, String url, int ledger, Path artifacts, int items) {
        return List.of(
                Integer.toString(number), url, Integer.toString(ledger), artifacts.toString(), Integer.toString(items));
    }
}
