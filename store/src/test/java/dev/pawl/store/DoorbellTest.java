package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Placement;
import dev.pawl.spi.Store;
import dev.pawl.testkit.Postgres;
import dev.pawl.testkit.Seed;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DoorbellTest {

    @TempDir
    Path folder;

    @Test
    void a_ring_is_heard_by_another_process_on_postgresql() throws Exception {
        String url = Postgres.shared().freshDatabase();
        try (Store here = new JdbcStores().open(url);
                Store there = new JdbcStores().open(url)) {
            heard(there, here::ring);
        }
    }

    @Test
    void a_commit_is_heard_by_another_process_on_sqlite() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("pawl.db");
        try (Store here = new JdbcStores().open(url);
                Store there = new JdbcStores().open(url)) {
            var seed = new Seed(here);
            heard(there, () -> seed.run(Placement.DEFAULT, 1));
        }
    }

    /** Rings until it is heard: the first rings may be before the listener is there. */
    private static void heard(Store store, Runnable ring) throws Exception {
        var rings = new AtomicInteger();
        try (AutoCloseable ear = store.listen(rings::incrementAndGet)) {
            await().until(() -> rings.get() > 0); // it rings once when it begins to listen
            int before = rings.get();
            ring.run();
            await().until(() -> rings.get() > before);
        }
    }

    @Test
    void a_dead_connection_is_replaced() throws Exception {
        String url = Postgres.shared().freshDatabase();
        try (Store here = new JdbcStores().open(url);
                Store there = new JdbcStores().open(url)) {
            var rings = new AtomicInteger();
            try (AutoCloseable ear = there.listen(rings::incrementAndGet)) {
                await().until(() -> rings.get() > 0);
                int before = rings.get();
                try (var connection = DriverManager.getConnection(url);
                        var statement = connection.createStatement()) {
                    statement.execute("select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where datname = current_database() and query ilike 'listen %'");
                }
                await().until(() -> rings.get() > before);
                int again = rings.get();
                here.ring();
                await().until(() -> rings.get() > again);
            }
        }
    }

    @Test
    void many_rings_at_once_become_few() throws Exception {
        String url = Postgres.shared().freshDatabase();
        try (Store here = new JdbcStores().open(url);
                Store there = new JdbcStores().open(url)) {
            var rings = new AtomicInteger();
            try (AutoCloseable ear = there.listen(rings::incrementAndGet)) {
                await().until(() -> rings.get() > 0);
                for (int i = 0; i < 100_000; i++) here.ring();
                await().until(() -> rings.get() > 1);
                assertThat(rings).hasValueLessThan(50_000);
            }
        }
    }
}
