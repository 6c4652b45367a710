package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.spi.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
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

    private static final Duration POLL = Duration.ofMillis(200);

    private final String name;
    private final Path folder;
    private final LedgerProcess ledger;
    private final LedgerClient teller;
    private final Workers workers;
    private final Killer killer;
    private final LoadProcess load;
    private final String url;
    private final Path artifacts;
    private final long began = System.nanoTime();

    /**
     * Starts everything.
     *
     * @param name of the folder under {@code target/campaign}
     * @param url the database, empty, perhaps through a proxy
     * @param time how long schedules fire
     */
    Campaign(String name, String url, long seed, Duration time) throws IOException, SQLException {
        this.name = name;
        this.folder = emptied(Path.of("target", "campaign", name).toAbsolutePath());
        this.url = url;
        this.artifacts = folder.resolve("artifacts");
        System.out.printf("Campaign %s: -Dpawl.campaign.seed=%d, everything in %s%n", name, seed, folder);
        ledger = LedgerProcess.start(folder);
        teller = new LedgerClient(ledger.port());
        Rows.create(url);
        workers = new Workers(
                CampaignWorker.class,
                number -> CampaignWorker.arguments(number, url, ledger.port(), artifacts),
                teller,
                folder);
        killer = new Killer(workers, WORKERS, seed);
        killer.fill();
        load = LoadProcess.start(folder, url, artifacts, seed, time);
    }

    static Path emptied(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (var files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.delete(file);
            }
        }
        return Files.createDirectories(folder);
    }

    Killer killer() {
        return killer;
    }

    /** Waits until each worker has begun something. */
    void awaitAllAtWork() {
        await().atMost(PATIENCE)
                .pollInterval(POLL)
                .until(() -> ledger.entries().stream()
                                .filter(entry -> entry.what() == What.BEGIN)
                                .map(LedgerEntry::worker)
                                .distinct()
                                .count()
                        == WORKERS);
    }

    /** Tells the ledger what befalls the server. */
    void tell(What what) throws IOException {
        teller.tell(LedgerEntry.of(what, LedgerEntry.NONE));
    }

    /** Stops the load, lets the workers finish what there is, and has it checked. */
    List<Anomaly> verdict() throws Exception {
        var submissions = load.finish();
        assertThat(workers.ended()).as("workers that died by themselves").isEmpty();
        var settings = Settings.CLIENT.artifacts(artifacts);
        History history;
        try (var client = Pawl.open(url, settings, CampaignPrograms.all(Effects.none()))) {
            waitUntilAllIsOver(client);
            history = new History(
                    submissions,
                    ledger.entries(),
                    Facts.of(client),
                    Rows.in(url),
                    CampaignPrograms.promises(),
                    Map.of(CampaignPrograms.NARROW, CampaignPrograms.LIMIT),
                    new Timetables(load.schedules(), Facts.fires(client)));
        }
        var anomalies = Checker.anomalies(history);
        Files.write(
                folder.resolve("anomalies"),
                anomalies.stream().map(Anomaly::toString).toList());
        System.out.printf(
                "Campaign %s: %d hits, %d submissions, %s, %d anomalies, %d s%n",
                name,
                killer.hits(),
                submissions.size(),
                Tally.of(history.ledger()),
                anomalies.size(),
                Duration.ofNanos(System.nanoTime() - began).toSeconds());
        System.out.printf(
                "Campaign %s: %d runs, %d of them started by other runs, of these %d by schedules; %d rows, %d signals, %d steps undone%n",
                name,
                history.runs().size(),
                history.runs().stream()
                        .filter(run -> run.story().parent() != null)
                        .count(),
                history.timetables().fires().size(),
                history.rows().size(),
                history.runs().stream()
                        .mapToInt(run -> run.story().received().size())
                        .sum(),
                history.ledger().stream()
                        .filter(entry ->
                                entry.what() == What.APPLY && entry.task().startsWith("undo"))
                        .count());
        say("from a kill to the next beginning", Takeovers.afterKills(history.ledger()));
        say("from a SIGTERM to the next beginning", Takeovers.afterTermination(history.ledger()));
        return anomalies;
    }

    private void say(String what, Takeovers takeovers) {
        if (!takeovers.millis().isEmpty()) System.out.printf("Campaign %s: %s: %s%n", name, what, takeovers);
    }

    /** What is not over when patience is, is for the checker to find. */
    private void waitUntilAllIsOver(Pawl client) {
        try {
            await().atMost(PATIENCE)
                    .pollInterval(POLL)
                    .until(() -> none(client, RunStatus.QUEUED) && none(client, RunStatus.RUNNING));
        } catch (ConditionTimeoutException unfinished) {
            System.out.printf("Campaign %s: not everything was over after %s%n", name, PATIENCE);
        }
    }

    private static boolean none(Pawl client, RunStatus status) {
        return client.list(new Store.RunFilter(status, null, null, 1)).isEmpty();
    }

    @Override
    public void close() throws IOException {
        load.close();
        workers.close();
        teller.close();
        ledger.close();
    }
}
