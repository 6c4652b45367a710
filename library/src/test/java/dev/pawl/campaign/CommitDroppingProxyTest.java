package dev.pawl.campaign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.testkit.Postgres;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommitDroppingProxyTest {

    private final String direct = Postgres.shared().freshDatabase();
    private CommitDroppingProxy proxy;
    private String through;

    @BeforeEach
    void start() throws Exception {
        proxy = new CommitDroppingProxy(Postgres.shared().port(), 1);
        through = proxy.instead(direct);
        try (var connection = DriverManager.getConnection(direct)) {
            connection.createStatement().execute("create table t (x int)");
        }
    }

    @AfterEach
    void stop() throws Exception {
        proxy.close();
    }

    @Test
    void what_is_not_dropped_passes_as_it_is() throws Exception {
        try (var connection = DriverManager.getConnection(through)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            connection.commit();
            try (var rows = connection.createStatement().executeQuery("select repeat('x', 1000000)")) {
                assertThat(rows.next()).isTrue();
                assertThat(rows.getString(1)).hasSize(1_000_000);
            }
        }
        assertThat(rows()).isEqualTo(1);
        assertThat(proxy.dropped()).isZero();
    }

    @Test
    void a_commit_is_done_and_nobody_hears_of_it() throws Exception {
        try (var connection = DriverManager.getConnection(through)) {
            connection.setAutoCommit(false);
            insert(connection, 1);
            proxy.drop(1);
            assertThatThrownBy(connection::commit).isInstanceOf(SQLException.class);
            assertThat(connection.isClosed()).isTrue();
        }
        assertThat(rows()).isEqualTo(1);
        assertThat(proxy.dropped()).isEqualTo(1);
    }

    /** As the engine does it: prepared, and in one message with what comes before. */
    @Test
    void a_prepared_commit_is_dropped_like_any_other() throws Exception {
        try (var connection = DriverManager.getConnection(through + "&prepareThreshold=1")) {
            connection.setAutoCommit(false);
            try (var statement = connection.prepareStatement("insert into t values (1); commit")) {
                statement.execute();
                connection.rollback();
                proxy.drop(1);
                assertThatThrownBy(statement::execute).isInstanceOf(SQLException.class);
            }
        }
        assertThat(rows()).isEqualTo(2);
    }

    @Test
    void what_is_rolled_back_or_commits_itself_is_left_alone() throws Exception {
        proxy.drop(1);
        try (var connection = DriverManager.getConnection(through)) {
            insert(connection, 1);
            connection.setAutoCommit(false);
            insert(connection, 2);
            connection.rollback();
        }
        assertThat(rows()).isEqualTo(1);
        assertThat(proxy.dropped()).isZero();
    }

    private static void insert(Connection connection, int x) throws SQLException {
        connection.createStatement().execute("insert into t values (" + x + ")");
    }

    private int rows() throws SQLException {
        try (var connection = DriverManager.getConnection(direct);
                var rows = connection.createStatement().executeQuery("select count(*) from t")) {
            rows.next();
            return rows.getInt(1);
        }
    }
}
