package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.spi.StoreException;
import dev.pawl.testkit.Seed;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.sqlite.SQLiteConfig;

class SqliteFileTest {

    @TempDir
    Path folder;

    @Test
    void the_files_can_be_read_by_their_owner_only() throws Exception {
        try (var store = new JdbcStores().open(url("pawl.db"))) {
            new Seed(store);
            for (String name : new String[] {"pawl.db", "pawl.db-wal", "pawl.db-shm"}) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @Test
    void what_is_acknowledged_is_on_disk() throws Exception {
        try (var store = new JdbcStores().open(url("pawl.db"));
                var pool = new Pool(sqlite("pawl.db").writers(), sqlite("pawl.db"), new Statements(sqlite("pawl.db")));
                var borrowed = pool.borrow();
                var statement = borrowed.session().connection().createStatement()) {
            assertThat(store.describe()).isEqualTo("SQLite " + folder.resolve("pawl.db"));
            try (var row = statement.executeQuery("pragma synchronous")) {
                assertThat(row.getInt(1)).as("FULL").isEqualTo(2);
            }
            try (var row = statement.executeQuery("pragma journal_mode")) {
                assertThat(row.getString(1)).isEqualTo("wal");
            }
            try (var row = statement.executeQuery("pragma page_size")) {
                assertThat(row.getInt(1)).isEqualTo(8192);
            }
        }
    }

    @Test
    void a_missing_folder_is_named() {
        assertThatThrownBy(() -> new JdbcStores().open(url("none/pawl.db")))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("folder")
                .hasMessageContaining("does not exist")
                .hasMessageContaining(folder.toString());
    }

    @Test
    void a_folder_is_no_database() {
        assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:" + folder))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("is a folder");
    }

    @Test
    void a_file_that_is_no_database_is_refused_and_left_untouched() throws Exception {
        Path file = folder.resolve("notes.txt");
        for (String text : new String[] {"short", "long ".repeat(100)}) {
            Files.writeString(file, text);
            assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:" + file))
                    .isInstanceOf(StoreException.Unusable.class)
                    .hasMessageContaining("not a SQLite database");
            assertThat(file).hasContent(text);
        }
    }

    /** What SQLite itself says, because root may write whatever the file's mode says. */
    @Test
    void a_database_that_cannot_be_written_is_refused_with_a_way_out() throws Exception {
        new JdbcStores().open(url("pawl.db")).close();
        var readOnly = new SQLiteConfig();
        readOnly.setReadOnly(true);
        try (var connection = readOnly.createConnection(url("pawl.db"));
                var statement = connection.createStatement()) {
            assertThatThrownBy(() -> statement.execute("delete from worker"))
                    .isInstanceOfSatisfying(
                            SQLException.class,
                            refusal -> assertThat(new Sqlite(url("pawl.db"), 50).explain(refusal))
                                    .isInstanceOf(StoreException.Unusable.class)
                                    .hasMessageContaining("must be writable for this user"));
        }
    }

    @Test
    void a_folder_in_which_nothing_can_be_created_is_named() {
        // Not even root can create a file there.
        assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:/proc/pawl.db"))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("/proc/pawl.db")
                .hasMessageContaining("cannot be created");
    }

    @Test
    void a_locked_database_is_unavailable_and_usable_afterwards() throws Exception {
        new JdbcStores().open(url("pawl.db")).close();
        try (var store = new JdbcStore(new Sqlite(url("pawl.db"), 50))) {
            var seed = new Seed(store);
            try (var other = DriverManager.getConnection(url("pawl.db"));
                    var statement = other.createStatement()) {
                statement.execute("begin immediate");
                assertThatThrownBy(() -> store.writes(tx -> tx.hold(seed.id(), true, null)))
                        .isInstanceOf(StoreException.Unavailable.class)
                        .hasMessageContaining("locked")
                        .hasMessageContaining("pawl.db");
                statement.execute("rollback");
            }
            store.writes(tx -> tx.hold(seed.id(), true, null));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ":memory:", "file:pawl.db", "pawl.db?mode=ro"})
    void what_names_no_file_is_refused(String rest) {
        assertThatThrownBy(() -> new JdbcStores().open("jdbc:sqlite:" + rest))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("jdbc:sqlite:FILE");
    }

    /** Those that cannot be made to happen here for everybody: root may write all, and disks are not full. */
    @ParameterizedTest
    @CsvSource({
        "8, Unusable, must be writable",
        "13, Unavailable, disk is full",
        "14, Unusable, must be writable",
        "11, Unusable, damaged",
        "26, Unusable, another file",
        "5, Unavailable, Another process",
        "10, Unavailable, ''",
    })
    void failures_of_the_library_come_with_a_way_out(int code, String type, String wayOut) {
        RuntimeException explained = sqlite("x.db").explain(new SQLException("said so", null, code));

        assertThat(explained.getClass().getSimpleName()).isEqualTo(type);
        assertThat(explained)
                .hasMessageContaining("said so")
                .hasMessageContaining("x.db")
                .hasMessageContaining(wayOut);
    }

    @Test
    void a_library_that_can_corrupt_a_database_is_refused() {
        assertThatThrownBy(() -> Sqlite.requireVersion("3.51.2"))
                .isInstanceOf(StoreException.Unusable.class)
                .hasMessageContaining("3.51.3");
        Sqlite.requireVersion("3.51.3");
        Sqlite.requireVersion("3.54.1");
        Sqlite.requireVersion("4.0");
    }

    private String url(String name) {
        return "jdbc:sqlite:" + folder.resolve(name);
    }

    private Sqlite sqlite(String name) {
        return new Sqlite(url(name));
    }
}
