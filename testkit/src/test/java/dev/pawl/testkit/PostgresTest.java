package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PostgresTest {

    @Test
    void every_fresh_database_is_empty_and_its_own() throws SQLException {
        String first = Postgres.shared().freshDatabase();
        String second = Postgres.shared().freshDatabase();

        try (Connection connection = DriverManager.getConnection(first)) {
            connection.createStatement().execute("CREATE TABLE t (x int)");
        }
        try (Connection connection = DriverManager.getConnection(second)) {
            assertThat(countOf(connection, "pg_tables WHERE schemaname = 'public'"))
                    .isZero();
        }
    }

    @Test
    void the_server_is_shared_and_listens_on_loopback_only() throws SQLException {
        assertThat(Postgres.shared()).isSameAs(Postgres.shared());
        try (Connection connection =
                DriverManager.getConnection(Postgres.shared().freshDatabase())) {
            assertThat(setting(connection, "listen_addresses")).isEqualTo("127.0.0.1");
        }
    }

    @Test
    void a_crash_breaks_connections_and_keeps_what_was_committed() throws SQLException {
        try (Postgres own = Postgres.start(Map.of("max_connections", "12", "synchronous_commit", "on"))) {
            String url = own.freshDatabase();
            int port = own.port();
            try (Connection before = DriverManager.getConnection(url)) {
                before.createStatement().execute("CREATE TABLE t (x int)");
                before.createStatement().execute("INSERT INTO t VALUES (1)");
                before.setAutoCommit(false);
                before.createStatement().execute("INSERT INTO t VALUES (2)");

                own.crash();
                assertThatThrownBy(() -> DriverManager.getConnection(url)).isInstanceOf(SQLException.class);
                own.restart();

                assertThatThrownBy(before::commit).isInstanceOf(SQLException.class);
            }
            assertThat(own.port()).isEqualTo(port);
            try (Connection after = DriverManager.getConnection(url)) {
                assertThat(countOf(after, "t")).isEqualTo(1);
                assertThat(setting(after, "max_connections")).isEqualTo("12");
            }
            own.crashAndRestart();
            try (Connection after = DriverManager.getConnection(url)) {
                assertThat(countOf(after, "t")).isEqualTo(1);
            }
        }
    }

    @Test
    void a_server_that_cannot_start_says_why() {
        assertThatThrownBy(() -> Postgres.start(Map.of("max_connections", "none"), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("did not start")
                .hasMessageContaining("invalid value for parameter \"max_connections\": \"none\"");
    }

    private static int countOf(Connection connection, String from) throws SQLException {
        try (var rows = connection.createStatement().executeQuery("SELECT count(*) FROM " + from)) {
            rows.next();
            return rows.getInt(1);
        }
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (var rows = connection.createStatement().executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
