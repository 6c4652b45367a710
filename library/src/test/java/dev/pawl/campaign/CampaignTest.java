package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.testkit.Postgres;
import java.time.Duration;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/**
 * Four worker processes under a mixed load, and everything that befalls processes. All of it takes
 * {@code -Dpawl.campaign.seconds} of trouble, and after each part the time that the workers need to finish. What was chosen
 * at random comes from {@code -Dpawl.campaign.seed}; what happens then depends on the machine as well.
 */
class CampaignTest {

    private static final int SECONDS = Integer.getInteger("pawl.campaign.seconds", 120);
    private static final long SEED = Long.getLong("pawl.campaign.seed", System.nanoTime());

    /** Long enough for a lease to run out: a second more. */
    private static final int BEYOND_THE_LEASE =
            (int) WorkerSettings.DEFAULT.lease().toMillis() + 1_000;

    /** Of the replies to commits. */
    private static final double DROPPED = 0.03;

    @Test
    void what_is_done_stays_done_when_workers_are_killed() throws Exception {
        try (var campaign = new Campaign("kill", Postgres.shared().freshDatabase(), SEED, half())) {
            campaign.killer().kill(new Countdown(half()));

            assertThat(campaign.verdict()).isEmpty();
            assertThat(campaign.killer().hits()).isPositive();
        }
    }

    @Test
    void nothing_is_written_by_workers_that_stood_still_beyond_their_lease() throws Exception {
        try (var campaign = new Campaign("stop", Postgres.shared().freshDatabase(), SEED, sixth())) {
            campaign.killer().stop(new Countdown(sixth()), BEYOND_THE_LEASE);

            assertThat(campaign.verdict()).isEmpty();
            assertThat(campaign.killer().hits()).isPositive();
        }
    }

    @Test
    void what_is_done_stays_done_when_the_server_crashes() throws Exception {
        try (var server = Postgres.start(Map.of("synchronous_commit", "on"));
                var campaign = new Campaign("crash", server.freshDatabase(), SEED, sixth())) {
            var random = new SplittableRandom(SEED);
            var time = new Countdown(sixth());
            int crashes = 0;
            for (; time.pause(random.nextInt(1_000, 5_000)); crashes++) {
                campaign.tell(What.DOWN);
                server.crash();
                time.pause(random.nextInt(1_000));
                server.restart();
                campaign.tell(What.UP);
            }

            assertThat(campaign.verdict()).isEmpty();
            assertThat(crashes).isPositive();
        }
    }

    /** Nobody is killed here, so nothing at all may be repeated. */
    @Test
    void nothing_is_repeated_when_replies_to_commits_are_lost() throws Exception {
        try (var proxy = new CommitDroppingProxy(Postgres.shared().port(), SEED);
                var campaign =
                        new Campaign("proxy", proxy.instead(Postgres.shared().freshDatabase()), SEED, sixth())) {
            campaign.awaitAllAtWork(); // a worker whose first words to the database are lost gives up
            proxy.drop(DROPPED);
            new Countdown(sixth()).rest();
            proxy.drop(0);

            assertThat(campaign.verdict()).isEmpty();
            assertThat(proxy.dropped()).isPositive();
        }
    }

    private static Duration half() {
        return Duration.ofMillis(SECONDS * 500L);
    }

    private static Duration sixth() {
        return Duration.ofMillis(SECONDS * 1_000L / 6);
    }
}
