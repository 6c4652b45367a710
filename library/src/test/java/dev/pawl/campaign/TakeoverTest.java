package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.spi.TypedProgram;
import dev.pawl.testkit.Postgres;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a worker process was at when it came to its end is done by another one, at no cost. Asserts no times. */
class TakeoverTest {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int RUNS = 12;

    @TempDir
    private Path folder;

    private final TypedProgram<String, String> slow = CampaignPrograms.named("job:slow");
    private final String url = Postgres.shared().freshDatabase();

    private LedgerProcess ledger;
    private LedgerClient teller;
    private Workers workers;
    private Pawl client;

    @BeforeEach
    void start() throws IOException {
        ledger = LedgerProcess.start(folder);
        teller = new LedgerClient(ledger.port());
        workers = new Workers(
                CampaignWorker.class,
                number -> CampaignWorker.arguments(number, url, ledger.port(), folder.resolve("artifacts")),
                teller,
                folder);
        client = Pawl.open(url, Settings.CLIENT.artifacts(folder.resolve("artifacts")), List.of(slow));
    }

    @AfterEach
    void stop() throws IOException {
        client.close();
        workers.close();
        teller.close();
        ledger.close();
    }

    @Test
    void what_a_killed_worker_was_at_is_taken_over_as_lost() throws Exception {
        var facts = endOfAWorker(worker -> workers.kill(worker));

        assertThat(facts).flatExtracting(run -> run.story().spent()).isNotEmpty();
        var times = Takeovers.afterKills(ledger.entries());
        System.out.println("From a kill to the next beginning: " + times);
        assertThat(times.millis()).isNotEmpty();
    }

    /** Its lease is not waited for: nothing is lost, only returned. */
    @Test
    void what_a_worker_was_at_that_was_told_to_end_is_handed_over_and_not_lost() throws Exception {
        var facts = endOfAWorker(worker -> workers.terminate(worker));

        assertThat(facts).flatExtracting(run -> run.story().spent()).isEmpty();
        assertThat(ledger.entries()).extracting(LedgerEntry::what).contains(What.INTERRUPTED);
        var times = Takeovers.afterTermination(ledger.entries());
        System.out.println("From a SIGTERM to the next beginning: " + times);
        assertThat(times.millis()).isNotEmpty();
    }

    @FunctionalInterface
    private interface Blow {
        void strike(Workers.Worker worker) throws IOException, InterruptedException;
    }

    /** Lets a worker begin everything and come to its end, and another one do what is left. */
    private List<RunFacts> endOfAWorker(Blow blow) throws Exception {
        var first = workers.start();
        var handles = new ArrayList<Handle<String>>();
        for (int i = 0; i < RUNS; i++) handles.add(client.submit(slow, "k" + i));
        await().atMost(PATIENCE).until(() -> begun(first) >= RUNS);
        workers.start();
        blow.strike(first);
        for (var handle : handles) handle.await(PATIENCE);
        for (var handle : handles) {
            assertThat(client.tasks(handle.id(), RUNS))
                    .allMatch(task -> task.task().status() == TaskStatus.SUCCEEDED
                            && task.task().spent() == 1);
        }
        var facts = Facts.of(client);
        assertThat(Checker.anomalies(new History(
                        List.of(),
                        ledger.entries(),
                        facts,
                        List.of(),
                        CampaignPrograms.promises(),
                        Map.of(),
                        Timetables.NONE)))
                .isEmpty();
        return facts;
    }

    private long begun(Workers.Worker worker) throws IOException {
        return ledger.entries().stream()
                .filter(entry -> entry.what() == What.BEGIN && entry.worker().equals(worker.name()))
                .count();
    }
}
