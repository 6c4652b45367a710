package dev.pawl.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * One real PostgreSQL server for all contenders, with one fresh database for each.
 *
 * <p>The embedded server is made for tests and by default trades durability for speed: it starts with {@code -F} (no
 * fsync) and {@code synchronous_commit=off}. Here both are set back to PostgreSQL's own defaults, the server is asked
 * whether it obeys, and a data folder in memory is refused, because nothing that follows would mean anything without.
 */
final class PostgresForBench implements Databases {

    private static final Map<String, String> SETTINGS = new TreeMap<>(Map.of(
            "shared_buffers", "1GB",
            "max_connections", "200",
            "fsync", "on",
            "synchronous_commit", "on",
            "full_page_writes", "on"));

    private final EmbeddedPostgres server;
    private final List<String> databases = new ArrayList<>();

    private PostgresForBench(EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts a server whose data is in a new folder below the given one, and gone after {@link #close}. */
    static PostgresForBench start(Path folder) throws IOException, SQLException {
        Path data = Disk.newFolder(folder, "postgres-");
        var builder = EmbeddedPostgres.builder().setDataDirectory(data).setCleanDataDirectory(true);
        SETTINGS.forEach(builder::setServerConfig);
        var postgres = new PostgresForBench(builder.start());
        for (String setting : Set.of("fsync", "synchronous_commit", "full_page_writes")) {
            if (!postgres.show(setting).equals("on")) {
                postgres.close();
                throw new IllegalStateException(
                        "PostgreSQL says that " + setting + " is off; figures would be worthless.");
            }
        }
        return postgres;
    }

    /** Creates an empty database and returns its JDBC address, user included. */
    @Override
    public String newDatabase(String name) throws SQLException {
        execute("postgres", "create database " + name);
        databases.add(name);
        return server.getJdbcUrl("postgres", name);
    }

    /**
     * Clears up after what has run: dead rows removed, statistics fresh, dirty pages written. So no contender pays for
     * what another one has left behind, nor for its own warm-up, which autovacuum would clear up within a minute.
     */
    @Override
    public void settle() throws SQLException {
        for (String database : databases) {
            execute(database, "vacuum (analyze)");
        }
        execute("postgres", "checkpoint");
    }

    @Override
    public String description() throws SQLException {
        var text = new StringBuilder("PostgreSQL ").append(show("server_version"));
        for (String setting : SETTINGS.keySet()) {
            text.append(", ").append(setting).append('=').append(show(setting));
        }
        return text.toString();
    }

    private String show(String setting) throws SQLException {
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement();
                var row = statement.executeQuery("show " + setting)) {
            row.next();
            return row.getString(1);
        }
    }

    private void execute(String database, String sql) throws SQLException {
        try (var connection = server.getDatabase("postgres", database).getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
