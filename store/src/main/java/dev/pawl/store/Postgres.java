package dev.pawl.store;

import com.zaxxer.hikari.HikariConfig;
import dev.pawl.spi.StoreException;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/** PostgreSQL 14 and newer. */
final class Postgres implements Dialect {

    static final String PREFIX = "jdbc:postgresql:";

    private static final int OLDEST = 14;
    private static final int LANES = 4;
    private static final int READERS = 4;
    private static final int USERS = 8;
    private static final long MIGRATION_LOCK = 0x7061_776c_6d69_6772L; // "pawlmigr"
    private static final int MILLIS_FOR_A_CONNECTION = 10_000;

    /**
     * Statements are planned once, for any number of rows: planning each afresh costs more than it can gain, as all of
     * them go through an index. Right after a migration the statistics say that the tables are tiny, and a plan made
     * then may read them whole for ever; so only index access is left to choose. And what is acknowledged must be on
     * disk, whatever the server's default is.
     */
    static final String SETTINGS = "set plan_cache_mode = force_generic_plan; set enable_seqscan = off;"
            + " set enable_bitmapscan = off; set enable_hashjoin = off; set enable_mergejoin = off;"
            + " set enable_material = off; set enable_memoize = off; set jit = off; set lock_timeout = '30s';"
            // A process that stands still with locks in its hands (stopped, swapped out, cut off) lets nobody claim.
            + " set idle_in_transaction_session_timeout = '3s';";

    /** The state of a transaction that the server ended because nothing was heard of it: nothing was written. */
    private static final String STOOD_STILL = "25P03";

    private static final String DURABLE =
            "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";

    private static final Pattern PLAIN_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

    private final String url;
    private final Properties properties = new Properties();
    private final Properties parsed;
    private @Nullable String schema;
    private @Nullable String database;
    private long runTable;

    Postgres(String url) {
        this.url = url;
        Properties known = Driver.parseURL(url, null);
        if (known == null) {
            throw new StoreException.Unusable(
                    "The PostgreSQL URL cannot be read; it looks like jdbc:postgresql://HOST:PORT/DATABASE?user=USER.",
                    null);
        }
        this.parsed = known;
        setDefault(PGProperty.APPLICATION_NAME, "pawl");
        setDefault(PGProperty.TCP_KEEP_ALIVE, "true");
        setDefault(PGProperty.CONNECT_TIMEOUT, "10");
        setDefault(PGProperty.SOCKET_TIMEOUT, "60");
        PGProperty.PREPARE_THRESHOLD.set(properties, 1);
        PGProperty.REWRITE_BATCHED_INSERTS.set(properties, true);
    }

    private void setDefault(PGProperty property, String value) {
        if (parsed.getProperty(property.getName()) == null) property.set(properties, value);
    }

    @Override
    public String name() {
        return "postgresql";
    }

    @Override
    public String token(String token) {
        if (token.startsWith("any ")) return "= any(" + token.substring(4) + ")";
        if (token.startsWith("storage ")) {
            // Dead rows at the head of an index slow every claim down, so vacuum comes early and works fast.
            return "with (fillfactor = " + token.substring(8) + ", autovacuum_vacuum_scale_factor = 0.01,"
                    + " autovacuum_vacuum_threshold = 10000, autovacuum_vacuum_cost_limit = 10000,"
                    + " autovacuum_vacuum_insert_scale_factor = 0.2, autovacuum_analyze_scale_factor = 0.05,"
                    + " autovacuum_analyze_threshold = 5000)";
        }
        return switch (token) {
            case "text" -> "text collate \"C\"";
            case "bytes" -> "bytea";
            case "serial" -> "int primary key generated always as identity";
            case "for_update" -> "for update";
            case "for_update_skip_locked" -> "for update skip locked";
            case "now" -> "(extract(epoch from clock_timestamp()) * 1000)::bigint";
            default -> throw new IllegalArgumentException("There is no token ${" + token + "}.");
        };
    }

    @Override
    public Object list(List<?> values) {
        boolean numbers = !values.isEmpty() && values.getFirst() instanceof Integer;
        return numbers ? values.toArray(Integer[]::new) : values.toArray(String[]::new);
    }

    @Override
    public int lanes() {
        return LANES;
    }

    @Override
    public String describe() {
        return "PostgreSQL " + parsed.getProperty("PGHOST", "localhost") + ":" + parsed.getProperty("PGPORT", "5432")
                + "/" + parsed.getProperty("PGDBNAME", "") + " as user "
                + parsed.getProperty("user", System.getProperty("user.name", "unknown"));
    }

    @Override
    public Path artifacts() {
        return Path.of("pawl-artifacts");
    }

    @Override
    public Connection connect() throws SQLException {
        Connection connection = open(new Properties(properties));
        try {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST) {
                throw new StoreException.Unusable(
                        describe() + " is version " + version + "; Pawl needs " + OLDEST + " or newer.", null);
            }
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection of its own, outside the pools. */
    Connection open(Properties more) throws SQLException {
        var all = new Properties();
        properties.forEach(all::put);
        more.forEach(all::put);
        Connection connection = new Driver().connect(url, all);
        if (connection == null) throw new SQLException("The driver does not accept the URL.", "08001");
        return connection;
    }

    @Override
    public void lockForMigration(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin");
            statement.execute("select pg_advisory_xact_lock(" + MIGRATION_LOCK + ")");
            String wanted = parsed.getProperty(PGProperty.CURRENT_SCHEMA.getName(), "");
            if (schema(connection) == null && PLAIN_NAME.matcher(wanted).matches()) {
                statement.execute(
                        "create schema if not exists " + wanted); // read by the server as it reads the search path
            }
        }
    }

    static @Nullable String schema(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select current_schema()")) {
            return row.next() ? row.getString(1) : null;
        }
    }

    @Override
    public Set<String> tables(Connection connection) throws SQLException {
        var tables = new TreeSet<String>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select relname from pg_class where relkind in ('r', 'p', 'v', 'm')"
                                + " and relnamespace = (select oid from pg_namespace where nspname = current_schema())")) {
            while (row.next()) tables.add(row.getString(1));
        }
        return tables;
    }

    @Override
    public String refuse(Set<String> foreign) {
        return describe() + " holds tables that are not Pawl's (" + Sqlite.some(foreign)
                + "). Nothing was changed. Give Pawl a schema of its own: add currentSchema=pawl to the URL, it will be"
                + " created.";
    }

    /** Costs no round trip: the driver sends it along with the first statement. */
    @Override
    public void begin(Session session) throws SQLException {
        session.connection().setAutoCommit(false);
    }

    @Override
    public void commit(Session session) throws SQLException {
        session.send("commit");
        session.connection().setAutoCommit(true); // else the pool's check of an idle connection opens a transaction
    }

    @Override
    public void rollback(Session session) throws SQLException {
        session.drop();
        session.connection().rollback();
        session.connection().setAutoCommit(true);
    }

    @Override
    public HikariConfig writers() {
        HikariConfig config = pool(LANES + 2);
        config.setPoolName("pawl-writers");
        return config;
    }

    @Override
    public HikariConfig readers() {
        HikariConfig config = pool(READERS);
        config.setPoolName("pawl-readers");
        return config;
    }

    /** Opened when they are needed, and closed when they are not. */
    @Override
    public HikariConfig users() {
        HikariConfig config = pool(USERS);
        config.setPoolName("pawl-users");
        config.setConnectionInitSql(DURABLE);
        config.setMinimumIdle(0);
        return config;
    }

    @Override
    public String enter(Connection theirs) throws SQLException {
        String schema = ownSchema();
        try (PreparedStatement statement = theirs.prepareStatement(
                "select current_setting('search_path'), to_regclass(?)::oid::bigint, current_database()")) {
            statement.setString(1, schema + ".run");
            try (ResultSet row = statement.executeQuery()) {
                row.next();
                if (row.getLong(2) == 0
                        || row.getLong(2) != runTable
                        || !row.getString(3).equals(database)) {
                    throw new StoreException.Unusable(
                            "The connection is to the database '" + row.getString(3) + "', and not to " + describe()
                                    + '.',
                            null);
                }
                String before = row.getString(1);
                searchPath(theirs, schema);
                return before;
            }
        }
    }

    @Override
    public void leave(Connection theirs, String before) throws SQLException {
        searchPath(theirs, before);
    }

    private static void searchPath(Connection connection, String path) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement("select set_config('search_path', ?, false)")) {
            statement.setString(1, path);
            statement.execute();
        }
    }

    /** Looked up once: where our tables are, and which one is ours. */
    private synchronized String ownSchema() throws SQLException {
        if (schema != null) return schema;
        try (Connection connection = open(new Properties());
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select quote_ident(current_schema()),"
                        + " to_regclass(quote_ident(current_schema()) || '.run')::oid::bigint, current_database()")) {
            row.next();
            runTable = row.getLong(2);
            database = row.getString(3);
            String found = row.getString(1);
            schema = found;
            return found;
        }
    }

    private HikariConfig pool(int size) {
        var config = new HikariConfig();
        config.setJdbcUrl(url);
        config.setDriverClassName(Driver.class.getName());
        config.setDataSourceProperties(properties);
        config.setConnectionInitSql(SETTINGS + DURABLE);
        config.setTransactionIsolation("TRANSACTION_READ_COMMITTED");
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setConnectionTimeout(MILLIS_FOR_A_CONNECTION);
        config.setInitializationFailTimeout(-1);
        return config;
    }

    @Override
    public boolean passing(SQLException e) {
        String state = state(e);
        return state.startsWith("40") || state.equals("55P03") || state.equals(STOOD_STILL);
    }

    @Override
    public boolean undecided(SQLException e) {
        String state = state(e);
        return state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57P")
                || e.getCause() instanceof IOException;
    }

    @Override
    public RuntimeException explain(SQLException e) {
        String state = state(e);
        String said = describe() + ": " + Pool.driverFailure(e).getMessage();
        return switch (state) {
            case "28000", "28P01" ->
                new StoreException.Unusable(
                        said + ". Check the user and the password, and what pg_hba.conf allows.", e);
            case "3D000" -> new StoreException.Unusable(said + ". Create it with: createdb NAME", e);
            case "3F000" -> new StoreException.Unusable(said + ". Check currentSchema in the URL.", e);
            case "42501" ->
                new StoreException.Unusable(
                        said + ". Grant this user the right, or give Pawl a schema that it owns (currentSchema=…).", e);
            case "25006" ->
                new StoreException.Unusable(
                        said + ". This server or database is read-only; connect to the primary server.", e);
            case "53100" -> new StoreException.Unavailable(said + ". The server's disk is full; make room.", e);
            case "53300" ->
                new StoreException.Unavailable(
                        said + ". Each process with Pawl takes up to " + (LANES + 3 + READERS + USERS)
                                + " connections; raise max_connections or run fewer processes.",
                        e);
            default -> other(state, said, e);
        };
    }

    private static RuntimeException other(String state, String said, SQLException e) {
        if (state.isEmpty()
                || state.startsWith("08")
                || state.startsWith("57")
                || state.startsWith("53")
                || state.startsWith("58")
                || state.startsWith("40")
                || state.startsWith("55")) {
            return new StoreException.Unavailable(said, e);
        }
        return new IllegalStateException(said, e);
    }

    private static String state(SQLException e) {
        String state = Pool.driverFailure(e).getSQLState();
        return state == null ? "" : state;
    }

    @Override
    public Doorbell doorbell(Pool readers) {
        return new PostgresBell(this, readers);
    }
}
