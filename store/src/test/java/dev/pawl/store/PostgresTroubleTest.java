package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Placement;
import dev.pawl.core.RunId;
import dev.pawl.spi.StoreException;
import dev.pawl.testkit.Postgres;
import dev.pawl.testkit.Seed;
import java.net.ServerSocket;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PostgresTroubleTest {

    @Test
    void an_unreachable_server_is_named_without_the_password() throws Exception {
        int port;
        try (var unused = new ServerSocket(0)) {
            port = unused.getLocalPort();
        }
        String url = "jdbc:postgresql://127.0.0.1:" + port + "/shop?user=ann&password=s3cret";

        assertThatThrownBy(() -> new JdbcStores().open(url))
                .isInstanceOf(StoreException.Unavailable.class)
                .hasMessageContaining("127.0.0.1:" + port)
                .hasMessageContaining("ann")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void a_missing_database_is_unusable() {
        String url = Postgres.shared().freshDatabase().replace("/pawl_", "/none_");

        assertThatThrownBy(() -> new JdbcStores().open(url))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("does not exist")
                .hasMessageContaining("createdb");
    }

    @Test
    void a_url_that_cannot_be_read_is_unusable() {
        assertThatThrownBy(() -> new JdbcStores().open("jdbc:postgresql://host:notaport/db?password=s3cret"))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageNotContaining("s3cret");
        assertThat(new JdbcStores().accepts("jdbc:mysql://host/db")).isFalse();
    }

    @Test
    void what_is_acknowledged_is_on_disk_whatever_the_server_says() throws Exception {
        var dialect = JdbcStores.dialect(Postgres.shared().freshDatabase());
        try (var pool = new Pool(dialect.writers(), dialect, new Statements(dialect));
                var borrowed = pool.borrow();
                var statement = borrowed.session().connection().createStatement();
                var row = statement.executeQuery("show synchronous_commit")) {
            assertThat(row.next()).isTrue();
            assertThat(row.getString(1)).isEqualTo("on");
        }
    }

    /** The run was committed, and its writer cannot know. */
    @Test
    void a_commit_whose_reply_is_lost_is_of_unknown_outcome() throws Exception {
        String direct = Postgres.shared().freshDatabase();
        new JdbcStores().open(direct).close();
        try (var proxy = new SwallowingProxy(Postgres.shared().port());
                var lossy = new JdbcStores().open(proxy.instead(direct));
                var sure = new JdbcStores().open(direct)) {
            var seed = new Seed(lossy);
            RunId run = seed.id();
            var attempts = new AtomicInteger();

            proxy.swallowReplyToCommit();
            assertThatThrownBy(() -> lossy.writes(tx -> {
                        attempts.incrementAndGet();
                        tx.insertRuns(List.of(seed.newRun(run, Placement.DEFAULT, null)));
                    }))
                    .isInstanceOf(StoreException.OutcomeUnknown.class);

            assertThat(attempts).as("it is not repeated blindly").hasValue(1);
            assertThat(sure.run(run)).isPresent();
            seed.run(Placement.DEFAULT, 1); // the next one gets another connection
        }
    }

    @Test
    void a_connection_that_is_lost_before_the_commit_leaves_nothing_behind() throws Exception {
        String direct = Postgres.shared().freshDatabase();
        new JdbcStores().open(direct).close();
        try (var proxy = new SwallowingProxy(Postgres.shared().port());
                var lossy = new JdbcStores().open(proxy.instead(direct));
                var sure = new JdbcStores().open(direct)) {
            var seed = new Seed(lossy);
            RunId run = seed.id();

            assertThatThrownBy(() -> lossy.writes(tx -> {
                        tx.insertRuns(List.of(seed.newRun(run, Placement.DEFAULT, null)));
                        proxy.cut();
                        tx.lock(List.of(run));
                    }))
                    .isInstanceOf(StoreException.Unavailable.class);

            assertThat(sure.run(run)).isEmpty();
        }
    }

    /** Whoever holds locks and stands still must not stop all others for as long. */
    @Test
    void a_transaction_that_stands_still_lets_the_others_go_on_and_is_done_again() throws Exception {
        String url = Postgres.shared().freshDatabase();
        try (var still = new JdbcStores().open(url);
                var other = new JdbcStores().open(url)) {
            RunId run = new Seed(still).run(Placement.DEFAULT, 1);
            var attempts = new AtomicInteger();
            var locked = new CountDownLatch(1);
            var goOn = new CountDownLatch(1);
            var standing = CompletableFuture.supplyAsync(() -> still.write(tx -> {
                tx.lock(List.of(run));
                if (attempts.incrementAndGet() == 1) {
                    locked.countDown();
                    waitFor(goOn);
                }
                return tx.lock(List.of(run)).size();
            }));
            waitFor(locked);
            other.writes(tx -> tx.lock(List.of(run)));
            goOn.countDown();

            assertThat(standing.join()).isEqualTo(1);
            assertThat(attempts).hasValue(2);
        }
    }

    private static void waitFor(CountDownLatch latch) {
        try {
            if (!latch.await(20, TimeUnit.SECONDS)) throw new IllegalStateException("Nobody went on.");
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }
}
