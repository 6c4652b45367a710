package dev.pawl.bench;

import dev.pawl.bench.DbSchedulerTasks.Mode;
import java.time.Duration;
import java.util.List;

/**
 * Tries the settings that the peers document, to find what suits them best on a machine. The best go into
 * {@link Contenders}: a comparison is worth something only against a peer at its best.
 */
final class PeerTuning {

    private final PostgresForBench postgres;
    private final double seconds;
    private final int concurrency;
    private int databases;

    PeerTuning(PostgresForBench postgres, double seconds, int concurrency) {
        this.postgres = postgres;
        this.seconds = seconds;
        this.concurrency = concurrency;
    }

    void run() throws Exception {
        for (int round = 1; round <= 2; round++) {
            Comparison.say("round %d%s", round, round == 1 ? " (also warms up)" : "");
            for (int connections : List.of(10, 20, 32, 64)) {
                for (int inFlight : List.of(256, 4_096)) {
                    dbos(DbosWorkflows.Tuning.direct(connections, inFlight));
                }
            }
            for (int queues : List.of(1, 4, 16)) {
                for (int milliseconds : List.of(10, 100)) {
                    dbos(DbosWorkflows.Tuning.queued(32, 4_096, queues, Duration.ofMillis(milliseconds)));
                }
            }
            for (var mode : Mode.values()) {
                for (int submitters : mode == Mode.DRAIN ? List.of(1) : List.of(32, 128)) {
                    dbScheduler(mode, new DbSchedulerTasks.Tuning(20, 4, 20, 64, submitters));
                    dbScheduler(mode, new DbSchedulerTasks.Tuning(32, 1, 4, 64, submitters));
                    dbScheduler(mode, new DbSchedulerTasks.Tuning(50, 0.5, 4, 100, submitters));
                    dbScheduler(mode, new DbSchedulerTasks.Tuning(64, 4, 20, 128, submitters));
                    dbScheduler(mode, new DbSchedulerTasks.Tuning(100, 2, 6, 150, submitters));
                }
            }
        }
    }

    private void dbos(DbosWorkflows.Tuning tuning) throws Exception {
        measure(new DbosWorkflows(newDatabase(), tuning, Work.STEPS), tuning);
    }

    private void dbScheduler(Mode mode, DbSchedulerTasks.Tuning tuning) throws Exception {
        measure(new DbSchedulerTasks(newDatabase(), mode, tuning), tuning);
    }

    private void measure(Contender opened, Object tuning) throws Exception {
        try (opened) {
            opened.prepare();
            double rate = opened.throughput(1_000, concurrency);
            rate = opened.throughput((int) (rate * seconds / 2) + 1, concurrency);
            rate = opened.throughput((int) (rate * seconds) + 1, concurrency);
            Comparison.say("%,9.0f/s  %-32s %s", rate, opened.name(), tuning);
        }
    }

    private String newDatabase() throws Exception {
        return postgres.newDatabase("tune_" + ++databases);
    }
}
