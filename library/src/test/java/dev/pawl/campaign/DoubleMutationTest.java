package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.Postgres;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Messages through three consumers in a row, of which each changes an outside system that answers, or does not, or refuses, or
 * is late or down; while worker processes are killed, told to end, stopped beyond their leases, and cut off from the database at random,
 * pipelines are paused and go on, and one version takes over from another. Judged from the
 * outside system alone: each change was made exactly once, and none twice; whatever nobody knew was asked of a person, who
 * could say what was true; and all came to its end.
 *
 * <p>The trouble takes {@code -Dpawl.proof.seconds} on each database; there is more to do in more time. What was chosen at
 * random comes from {@code -Dpawl.campaign.seed}.
 */
class DoubleMutationTest {

    private static final int SECONDS = Integer.getInteger("pawl.proof.seconds", 16);
    private static final long SEED = Long.getLong("pawl.campaign.seed", System.nanoTime());

    /** In all pipelines together; each goes through three consumers. */
    private static final int MESSAGES = 2_000 * Math.max(1, SECONDS / 16);

    /** For what is left over when the trouble is over. */
    private static final Duration PATIENCE = Duration.ofSeconds(90 + SECONDS);

    /** Long enough for a lease to run out. */
    private static final int BEYOND_THE_LEASE = (int) MutationWorker.LEASE.toMillis() + 500;

    private static final int PROCESSES = 4;

    /** Of the replies to commits. */
    private static final double DROPPED = 0.02;

    @TempDir
    private Path folder;

    @Test
    void no_change_is_made_twice_and_none_is_lost_by_many_processes() throws Exception {
        try (var proxy = new CommitDroppingProxy(Postgres.shared().port(), SEED)) {
            var url = proxy.instead(Postgres.shared().freshDatabase());
            try (var proof = new MutationProof("proof-postgresql", url, PROCESSES, MESSAGES, PATIENCE, SEED)) {
                proof.killer().kill(part(50));
                proof.awaitAllUp();
                proxy.drop(DROPPED);
                part(20).rest();
                proxy.drop(0);
                proof.killer().stop(part(30), BEYOND_THE_LEASE);

                assertThat(proof.verdict()).isEmpty();
                assertThat(proof.killer().hits()).isPositive();
                assertThat(proxy.dropped()).isPositive();
            }
        }
    }

    @Test
    void no_change_is_made_twice_and_none_is_lost_by_two_processes_on_a_file() throws Exception {
        var url = "jdbc:sqlite:" + folder.resolve("pawl.db");
        try (var proof = new MutationProof("proof-sqlite", url, 2, MESSAGES, PATIENCE, SEED)) {
            proof.killer().kill(part(70));
            proof.killer().stop(part(30), BEYOND_THE_LEASE);

            assertThat(proof.verdict()).isEmpty();
            assertThat(proof.killer().hits()).isPositive();
        }
    }

    private static Countdown part(int percent) {
        return new Countdown(Duration.ofMillis(SECONDS * 10L * percent));
    }
}
