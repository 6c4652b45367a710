package dev.pawl.store;

import dev.pawl.spi.StoreException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Brings the schema of a database up to date: numbered files, each applied once, all under one lock and in one
 * transaction, so that any number of processes may start at once on an empty database.
 */
public final class Migrations {

    private static final List<String> FILES = List.of("001_foundation", "002_jobs", "003_graphs", "004_pipelines");
    private static final String TABLE = "pawl_migration";

    private final Dialect dialect;

    Migrations(Dialect dialect) {
        this.dialect = dialect;
    }

    private record Migration(int number, String name, String text) {
        /** Of the file as it was written, before any token is replaced. */
        String checksum() {
            try {
                byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
                return HexFormat.of().formatHex(digest);
            } catch (NoSuchAlgorithmException e) {
                throw new IllegalStateException("Every JDK has SHA-256.", e);
            }
        }

        List<String> statements(Dialect dialect) {
            var statements = new ArrayList<String>();
            for (String statement : Statements.resolve(text, dialect, Map.of()).split(";\\s*\n")) {
                if (!statement.isBlank()) statements.add(statement.strip());
            }
            return statements;
        }
    }

    /**
     * The SQL of all migrations, as it would be executed on such a database, for people to read beforehand. Connects to
     * nothing.
     *
     * @param url a database URL, of which only the kind of database matters
     */
    public static String print(String url) {
        Dialect dialect = JdbcStores.dialect(url);
        var sql = new StringBuilder();
        for (Migration migration : migrations()) {
            sql.append("-- ").append(migration.name()).append("\n\n");
            migration
                    .statements(dialect)
                    .forEach(statement -> sql.append(statement).append(";\n\n"));
        }
        return sql.toString();
    }

    private static List<Migration> migrations() {
        return FILES.stream()
                .map(file -> new Migration(
                        Integer.parseInt(file.substring(0, file.indexOf('_'))),
                        file,
                        Statements.resource("migration/" + file + ".sql")))
                .toList();
    }

    /**
     * Applies what is missing.
     *
     * @throws StoreException.Unusable if the database is not ours, or was migrated by a newer Pawl
     */
    void run() {
        try (Connection connection = dialect.connect()) {
            if (missing(connection).isEmpty()) return; // the usual start needs no lock
            dialect.lockForMigration(connection);
            try (Statement statement = connection.createStatement()) {
                for (Migration migration : missing(connection)) {
                    for (String sql : migration.statements(dialect)) statement.execute(sql);
                    record(connection, migration);
                }
                statement.execute("commit");
            } catch (SQLException | RuntimeException e) {
                rollback(connection, e);
                throw e;
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    private static void rollback(Connection connection, Exception cause) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("rollback");
        } catch (SQLException e) {
            cause.addSuppressed(e);
        }
    }

    private List<Migration> missing(Connection connection) throws SQLException {
        Map<Integer, String> applied = applied(connection);
        List<Migration> known = migrations();
        int newest = known.getLast().number();
        for (int number : applied.keySet()) {
            if (number > newest) {
                throw new StoreException.Unusable(
                        dialect.describe() + " was migrated by a newer Pawl: its schema is number " + number
                                + ", this version knows up to " + newest + ". Use the newer version.",
                        null);
            }
        }
        var missing = new ArrayList<Migration>();
        for (Migration migration : known) {
            String checksum = applied.get(migration.number());
            if (checksum == null) {
                missing.add(migration);
            } else if (!checksum.equals(migration.checksum())) {
                throw new StoreException.Unusable(
                        dialect.describe() + " was migrated with another " + migration.name()
                                + " than this version has. It was made by a build that was never released; start with"
                                + " an empty database, or use that build.",
                        null);
            }
        }
        return missing;
    }

    private Map<Integer, String> applied(Connection connection) throws SQLException {
        Set<String> tables = dialect.tables(connection);
        var applied = new TreeMap<Integer, String>();
        if (!tables.contains(TABLE)) {
            if (!tables.isEmpty()) throw new StoreException.Unusable(dialect.refuse(tables), null);
            return applied;
        }
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("select number, checksum from " + TABLE)) {
            while (row.next()) applied.put(row.getInt(1), row.getString(2));
        }
        return applied;
    }

    private void record(Connection connection, Migration migration) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table if not exists " + TABLE
                            + " (number int primary key, name text not null, checksum text not null, applied_at text not null)");
            statement.execute("insert into " + TABLE + " values (" + migration.number() + ", '" + migration.name()
                    + "', '" + migration.checksum() + "', current_timestamp)");
        }
    }
}
