package dev.pawl.campaign;

import static org.awaitility.Awaitility.await;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.TypedProgram;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.awaitility.core.ConditionTimeoutException;

/**
 * Four workers under load on one database, a ledger beside them, and in the end the verdict. What befalls them in between is
 * the test's business. Everything that was written down stays in a folder.
 */
final class Campaign implements AutoCloseable {

    private static final int WORKERS = 4;

    /** For what is left over when nobody is hit any more: leases run out first, and the longest retry waits. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final String name;
    private final Path folder;
    private final long seed;
    private final LedgerProcess ledger;
    private final LedgerClient teller;
    private final Workers workers;
    private final Killer killer;
    private final Pawl client;
    private final Submissions journal;
    private final Load load;
    private final long began = System.nanoTime();

    /**
     * Prepares everything; nothing runs yet.
     *
     * @param name of the folder under {@code target/campaign}
     * @param url the database, empty, perhaps through a proxy
     */
    Campaign(String name, String url, long seed) throws IOException {
        this.name = name;
        this.folder = emptied(Path.of("target", "campaign", name).toAbsolutePath());
        this.seed = seed;
        System.out.printf("Campaign %s: -Dpawl.campaign.seed=%d, everything in %s%n", name, seed, folder);
        ledger = LedgerProcess.start(folder);
        teller = new LedgerClient(ledger.port());
        var artifacts = folder.resolve("artifacts");
        workers = new Workers(
                CampaignWorker.class,
                number -> CampaignWorker.arguments(number, url, ledger.port(), artifacts),
                teller,
                folder);
        killer = new Killer(workers, WORKERS, seed);
        var programs = CampaignPrograms.all(Effects.none());
        client = Pawl.open(url, Settings.CLIENT.artifacts(artifacts).limits(CampaignPrograms.QUEUE_LIMIT), programs);
        journal = new Submissions(folder.resolve("submissions"));
        load = new Load(client, often(programs), journal);
    }

    private static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
        return Files.createDirectories(folder);
    }

    /** A wide run is as much work as twenty others. */
    private static List<TypedProgram<String, String>> often(List<TypedProgram<String, String>> programs) {
        var often = new ArrayList<TypedProgram<String, String>>();
        for (TypedProgram<String, String> program : programs) {
            often.addAll(Collections.nCopies(program.name().equals("flow:wide") ? 1 : 12, program));
        }
        return often;
    }

    Killer killer() {
        return killer;
    }

    /** Tells the ledger what befalls the server. */
    void tell(What what) throws IOException {
        teller.tell(LedgerEntry.of(what, LedgerEntry.NONE));
    }

    /** Starts workers and load. */
    void start() throws IOException {
        killer.fill();
        load.start(seed);
    }

    /** Stops the load, lets the workers finish what there is, and has it checked. */
    List<Anomaly> verdict() throws Exception {
        int submitted = load.finish();
        killer.fill();
        try {
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(this::isOver);
        } catch (ConditionTimeoutException unfinished) {
            System.out.printf("Campaign %s: not everything ended within %s%n", name, PATIENCE);
        }
        var history = new History(
                journal.all(),
                ledger.entries(),
                Facts.of(client),
                List.of(),
                CampaignPrograms.promises(),
                Map.of(CampaignPrograms.NARROW, CampaignPrograms.LIMIT));
        var anomalies = Checker.anomalies(history);
        Files.write(
                folder.resolve("anomalies"),
                anomalies.stream().map(Anomaly::toString).toList());
        System.out.printf(
                "Campaign %s: %d hits, %d submissions, %d runs, %s, %d anomalies, %d s%n",
                name,
                killer.hits(),
                submitted,
                history.runs().size(),
                Tally.of(history.ledger()),
                anomalies.size(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        return anomalies;
    }

    private boolean isOver() {
        try {
            return none(RunStatus.QUEUED) && none(RunStatus.RUNNING);
        } catch (StoreException unavailable) {
            return false; // a proxy may still cut connections
        }
    }

    private boolean none(RunStatus status) {
        return client.list(new Store.RunFilter(status, null, null, 1)).isEmpty();
    }

    @Override
    public void close() throws IOException {
        load.close();
        workers.close();
        client.close();
        teller.close();
        ledger.close();
    }
}
