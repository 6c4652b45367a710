package dev.pawl.bench;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A connection without a store or a pool around it. Its settings are copied from the store, which shows its own
 * connections to nobody; they must stay the same for the comparison to be worth something.
 */
final class PlainConnection implements AutoCloseable {

    private static final Map<String, String> POSTGRES =
            Map.of("prepareThreshold", "1", "reWriteBatchedInserts", "true", "tcpKeepAlive", "true");

    private static final String POSTGRES_SESSION =
            "set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off;"
                    + " set enable_hashjoin = off; set enable_mergejoin = off; set enable_material = off;"
                    + " set enable_memoize = off; set jit = off; set lock_timeout = '30s'";

    private static final Map<String, String> SQLITE = Map.of(
            "synchronous", "FULL",
            "temp_store", "MEMORY",
            "cache_size", "-32000",
            "busy_timeout", "10000",
            "jdbc.get_generated_keys", "false");

    private final Connection connection;
    private final boolean postgres;

    /** Only for SQLite, where the driver's own way would hold the lock from one transaction to the next. */
    private final @Nullable PreparedStatement begin;

    private final @Nullable PreparedStatement commit;

    PlainConnection(String jdbcUrl) throws SQLException {
        postgres = jdbcUrl.startsWith("jdbc:postgresql:");
        var properties = new Properties();
        (postgres ? POSTGRES : SQLITE).forEach(properties::setProperty);
        connection = DriverManager.getConnection(jdbcUrl, properties);
        if (postgres) {
            try (var statement = connection.createStatement()) {
                statement.execute(POSTGRES_SESSION);
            }
            connection.setAutoCommit(false);
        }
        begin = postgres ? null : connection.prepareStatement("begin immediate");
        commit = postgres ? null : connection.prepareStatement("commit");
    }

    /** A statement of the store in the form that the store uses on this database. */
    Prepared prepare(String name) throws SQLException {
        return prepare(postgres ? StoreSql.ofArrays(name) : StoreSql.ofRow(name));
    }

    /** An insert of the store as the store tries it first on this database. */
    Prepared prepareInsert(String name) throws SQLException {
        return prepare(postgres ? StoreSql.ofArrays(name).orFail() : StoreSql.ofRow(name));
    }

    Prepared prepare(StoreSql sql) throws SQLException {
        return new Prepared(sql, connection.prepareStatement(sql.sql()));
    }

    void begin() throws SQLException {
        if (begin != null) {
            begin.execute();
        }
    }

    void commit() throws SQLException {
        if (commit != null) {
            commit.execute();
        } else {
            connection.commit();
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    /** A prepared statement of the store. */
    record Prepared(StoreSql sql, PreparedStatement statement) {

        /** Executes it for all rows, and ignores what it answers. */
        void execute(Columns<?> rows) throws SQLException {
            if (rows.size() == 0) {
                return;
            }
            for (var constant : rows.constants().entrySet()) {
                bind(constant.getKey(), constant.getValue());
            }
            if (sql.arrays()) {
                for (var column : rows.columns().entrySet()) {
                    bind(column.getKey(), column.getValue());
                }
                statement.execute();
                return;
            }
            boolean answers = sql.sql().contains("returning");
            for (int i = 0; i < rows.size(); i++) {
                for (var column : rows.columns().entrySet()) {
                    bind(column.getKey(), column.getValue()[i]);
                }
                if (answers) {
                    try (var rest = statement.executeQuery()) {
                        while (rest.next()) {} // an answer that is not read keeps SQLite from committing
                    }
                } else {
                    statement.addBatch();
                }
            }
            if (!answers) {
                statement.executeBatch();
            }
        }

        private void bind(String name, @Nullable Object value) throws SQLException {
            for (int position : sql.positions().getOrDefault(name, List.of())) {
                statement.setObject(position, value);
            }
        }
    }
}
