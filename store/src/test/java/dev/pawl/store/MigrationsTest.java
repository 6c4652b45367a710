package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.RunId;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.Postgres;
import dev.pawl.testkit.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrationsTest {

    @TempDir
    Path folder;

    @Test
    void eight_may_start_at_once_on_an_empty_sqlite_file() throws Exception {
        for (int round = 0; round < 5; round++) openAtOnce("jdbc:sqlite:" + folder.resolve("pawl" + round + ".db"));
    }

    @Test
    void eight_may_start_at_once_on_an_empty_postgresql_database() throws Exception {
        openAtOnce(Postgres.shared().freshDatabase());
    }

    @Test
    void eight_may_start_at_once_on_a_schema_that_does_not_exist() throws Exception {
        openAtOnce(Postgres.shared().freshDatabase() + "&currentSchema=Pawl");
    }

    private static void openAtOnce(String url) throws Exception {
        var start = new CountDownLatch(1);
        try (var executor = Executors.newFixedThreadPool(8)) {
            var stores = new ArrayList<Future<Store>>();
            for (int i = 0; i < 8; i++) {
                stores.add(executor.submit(() -> {
                    start.await();
                    return new JdbcStores().open(url);
                }));
            }
            start.countDown();
            for (Future<Store> future : stores) {
                try (Store store = future.get()) {
                    assertThat(store.definitions()).isEmpty();
                }
            }
        }
    }

    @Test
    void a_sqlite_file_of_a_newer_pawl_is_refused() throws Exception {
        refusesNewer("jdbc:sqlite:" + folder.resolve("pawl.db"));
    }

    @Test
    void a_postgresql_database_of_a_newer_pawl_is_refused() throws Exception {
        refusesNewer(Postgres.shared().freshDatabase());
    }

    private static void refusesNewer(String url) throws Exception {
        new JdbcStores().open(url).close();
        execute(url, "insert into pawl_migration values (999, '999_future', 'x', 'now')");

        assertThatThrownBy(() -> new JdbcStores().open(url))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("newer Pawl")
                .hasMessageContaining("999");
    }

    @Test
    void a_changed_migration_is_noticed() throws Exception {
        String url = "jdbc:sqlite:" + folder.resolve("pawl.db");
        new JdbcStores().open(url).close();
        execute(url, "update pawl_migration set checksum = 'x'");

        assertThatThrownBy(() -> new JdbcStores().open(url))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("001_foundation");
    }

    @Test
    void a_foreign_sqlite_file_is_refused_and_left_untouched() throws Exception {
        Path file = folder.resolve("shop.db");
        execute("jdbc:sqlite:" + file, "create table orders (id int)");
        byte[] before = Files.readAllBytes(file);

        assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:" + file))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("another program")
                .hasMessageContaining("orders");

        assertThat(Files.readAllBytes(file)).isEqualTo(before);
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactly(file);
        }
    }

    @Test
    void a_file_that_another_program_has_marked_is_refused_even_when_it_is_empty() throws Exception {
        Path file = folder.resolve("other.db");
        execute("jdbc:sqlite:" + file, "pragma application_id = 77");

        assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:" + file))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("another program");
    }

    @Test
    void a_foreign_schema_is_refused_and_a_schema_beside_it_is_not() throws Exception {
        String url = Postgres.shared().freshDatabase();
        execute(url, "create table task (id int)");

        assertThatThrownBy(() -> new JdbcStores().open(url))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("task")
                .hasMessageContaining("currentSchema=pawl");

        try (Store store = new JdbcStores().open(url + "&currentSchema=pawl")) {
            assertThat(store.workers()).isEmpty();
        }
    }

    @Test
    void migrations_can_be_read_beforehand() throws Exception {
        String sqlite = Migrations.print("jdbc:sqlite:" + folder.resolve("never.db"));
        String postgres = Migrations.print("jdbc:postgresql://nowhere/none");

        assertThat(sqlite)
                .contains("-- 001_foundation", "create table run", "id blob primary key")
                .doesNotContain("${");
        assertThat(postgres).contains("id bytea primary key", "autovacuum").doesNotContain("${");
        assertThat(folder.resolve("never.db")).doesNotExist();
        execute(Postgres.shared().freshDatabase(), postgres);
    }

    @Test
    void messages_of_before_there_were_topics_stay_what_they_were_on_sqlite() throws Exception {
        keepsMessages("jdbc:sqlite:" + folder.resolve("pawl.db"));
    }

    @Test
    void messages_of_before_there_were_topics_stay_what_they_were_on_postgresql() throws Exception {
        keepsMessages(Postgres.shared().freshDatabase());
    }

    private static void keepsMessages(String url) throws Exception {
        RunId run;
        try (Store store = new JdbcStores().open(url)) {
            var seed = new Seed(store);
            run = seed.run(Placement.DEFAULT, 1);
            store.writes(tx -> {
                for (int seq = 1; seq <= 3; seq++) tx.send(signal(run, seq, "id-" + seq));
                tx.consume(List.of(signal(run, 1, "id-1")));
            });
        }
        for (String sql : BEFORE_TOPICS) execute(url, sql);

        try (Store store = new JdbcStores().open(url)) {
            assertThat(store.messages(run, null, 9)).containsExactly(signal(run, 2, "id-2"), signal(run, 3, "id-3"));
            long since = store.write(tx -> tx.pendingSince(List.of(new Tx.Listening(run, List.of("approved"), 2)))[0]);
            assertThat(since).isEqualTo(Seed.NOW + 3);
            boolean again = store.write(tx -> tx.send(signal(run, 4, "id-3")));
            assertThat(again).isFalse();
            assertThat(new Seed(store).claim(Placement.DEFAULT_QUEUE, 9)).hasSize(1);
        }
    }

    private static Message signal(RunId run, int seq, String id) {
        var payload = Payload.inline(new Json("1"));
        return new Message(run, seq, "approved", id, payload, "ann", Seed.NOW + seq, MessageStatus.PENDING);
    }

    /** Takes 004_pipelines back. */
    private static final List<String> BEFORE_TOPICS = List.of(
            "delete from pawl_migration where number = 4",
            "drop table input",
            "drop table cause",
            "drop index message_pending",
            "drop index message_reserved",
            "drop index message_done",
            "drop index message_id",
            "drop index task_parked",
            "alter table message drop column delivery",
            "alter table message drop column reserved_by",
            "alter table message drop column news",
            "alter table message drop column stripped",
            "alter table task drop column listens",
            "create unique index message_id on message (run_id, id) where id is not null");

    private static void execute(String url, String sql) throws Exception {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
