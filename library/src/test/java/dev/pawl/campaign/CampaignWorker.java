package dev.pawl.campaign;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** A worker in a process of its own. Works until it is killed or told to end, or until its standard input ends. */
final class CampaignWorker {

    private static final int SLOTS = 16;

    private CampaignWorker() {}

    /**
     * Opens the database and works.
     *
     * @param arguments its number, the database, the port of the ledger, and the folder for artifacts
     */
    public static void main(String[] arguments) throws IOException {
        var name = name(Integer.parseInt(arguments[0]), ProcessHandle.current().pid());
        var effects = new Effects(new LedgerClient(Integer.parseInt(arguments[2])), name);
        var settings = Settings.DEFAULT
                .worker(WorkerSettings.DEFAULT.slots(SLOTS))
                .artifacts(Path.of(arguments[3]))
                .limits(CampaignPrograms.QUEUE_LIMIT);
        try (var pawl = Pawl.open(arguments[1], settings, CampaignPrograms.all(effects))) {
            Runtime.getRuntime().addShutdownHook(new Thread(pawl::close)); // as a service does
            System.err.println(name + Workers.WORKS + pawl.store().describe());
            while (System.in.read() >= 0) {}
        }
    }

    /** What the ledger knows it by: numbers of processes come back, so they are not enough. */
    static String name(int number, long pid) {
        return number + "-" + pid;
    }

    static List<String> arguments(int number, String url, int ledger, Path artifacts) {
        return List.of(Integer.toString(number), url, Integer.toString(ledger), artifacts.toString());
    }
}
