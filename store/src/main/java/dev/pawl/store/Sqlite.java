package dev.pawl.store;

import com.zaxxer.hikari.HikariConfig;
import dev.pawl.core.Json;
import dev.pawl.spi.StoreException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteErrorCode;

/** SQLite 3.51.3 and newer (older ones may corrupt a database in WAL mode), in a file. */
final class Sqlite implements Dialect {

    static final String PREFIX = "jdbc:sqlite:";

    /** Marks a file as ours, in its header. */
    static final int APPLICATION_ID = 0x5061_776c; // "Pawl"

    private static final String OLDEST = "3.51.3";
    private static final int READERS = 4;
    private static final int BUSY_MILLIS = 10_000;
    private static final byte[] MAGIC = "SQLite format 3\0".getBytes(StandardCharsets.US_ASCII);
    private static final int HEADER = 100;
    private static final int APPLICATION_ID_AT = 68;

    private final Path file;
    private final int busyMillis;

    Sqlite(String url) {
        this(url, BUSY_MILLIS);
    }

    /** @param busyMillis how long to wait for another process that has the file locked */
    Sqlite(String url, int busyMillis) {
        this.busyMillis = busyMillis;
        String path = url.substring(PREFIX.length());
        if (path.isEmpty() || path.startsWith(":memory:") || path.startsWith("file:") || path.contains("?")) {
            throw new StoreException.Unusable(
                    "'" + url + "' names no file; Pawl takes jdbc:sqlite:FILE, without parameters. A database in memory"
                            + " would be a different one for each connection, and gone after a crash.",
                    null);
        }
        this.file = Path.of(path).toAbsolutePath().normalize();
    }

    @Override
    public String name() {
        return "sqlite";
    }

    @Override
    public String token(String token) {
        if (token.startsWith("any ")) return "in (select value from json_each(" + token.substring(4) + "))";
        if (token.startsWith("storage ")) return "";
        return switch (token) {
            case "text" -> "text";
            case "bytes" -> "blob";
            case "serial" -> "integer primary key";
            case "for_update", "for_update_skip_locked" -> "";
            case "now" -> "cast(unixepoch('subsec') * 1000 as integer)";
            default -> throw new IllegalArgumentException("There is no token ${" + token + "}.");
        };
    }

    @Override
    public Object list(List<?> values) {
        return values.stream()
                .map(value -> value instanceof String text ? Json.quote(text) : value.toString())
                .collect(Collectors.joining(",", "[", "]"));
    }

    @Override
    public int lanes() {
        return 1;
    }

    @Override
    public String describe() {
        return "SQLite " + file;
    }

    @Override
    public Path artifacts() {
        return file.resolveSibling(file.getFileName() + "-artifacts");
    }

    @Override
    public Connection connect() throws SQLException {
        boolean ours = look();
        if (!ours) create();
        Connection connection = DriverManager.getConnection(PREFIX + file, settings(false));
        try {
            requireVersion(version(connection));
            if (!ours) claim(connection);
            journal(connection);
            return connection;
        } catch (SQLException | RuntimeException e) {
            connection.close();
            throw e;
        }
    }

    /** Whether there is a database of ours, without changing anything; what is somebody else's is refused. */
    private boolean look() throws SQLException {
        if (Files.isDirectory(file)) throw unusable(file + " is a folder. Name a file in it.", null);
        if (!Files.exists(file)) return false;
        if (!Files.isReadable(file) || !Files.isWritable(file)) {
            throw unusable(
                    describe() + " cannot be " + (Files.isReadable(file) ? "written" : "read")
                            + " by this user. Change its owner or its mode.",
                    null);
        }
        ByteBuffer header = ByteBuffer.allocate(HEADER);
        try (var channel = Files.newByteChannel(file)) {
            while (header.hasRemaining() && channel.read(header) >= 0) {}
        } catch (IOException e) {
            throw unusable(describe() + " cannot be read: " + e.getMessage(), e);
        }
        if (header.position() == 0) return false;
        if (header.hasRemaining() || !Arrays.equals(header.array(), 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw unusable(file + " is not a SQLite database. Name another file.", null);
        }
        int id = header.getInt(APPLICATION_ID_AT);
        if (id == APPLICATION_ID) return true;
        Set<String> foreign = new TreeSet<>();
        if (id == 0) {
            try (Connection connection = DriverManager.getConnection(PREFIX + file, settings(true))) {
                foreign = tables(connection);
            }
        }
        if (id != 0 || !foreign.isEmpty()) throw unusable(refuse(foreign), null);
        return false;
    }

    /** Creates the file before SQLite does, readable for its owner only; the files beside it get the same mode. */
    private void create() {
        Path folder = file.getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            throw unusable("The folder of " + file + " does not exist. Create it first, or name another file.", null);
        }
        if (!Files.isWritable(folder)) {
            throw unusable(
                    "The folder " + folder + " cannot be written by this user, so " + file.getFileName()
                            + " cannot be created in it. Change its owner or its mode, or name another file.",
                    null);
        }
        try {
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                Files.createFile(
                        file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            } else {
                Files.createFile(file);
            }
        } catch (FileAlreadyExistsException e) {
            return; // an empty one, or that of another process that starts now
        } catch (IOException e) {
            throw unusable(file + " cannot be created: " + e, e);
        }
    }

    /** Writes our mark, in a transaction of its own, so that it is in the file's header from the first moment on. */
    private void claim(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma page_size = 8192");
            statement.execute("begin immediate");
            try (ResultSet row = statement.executeQuery("pragma application_id")) {
                if (row.next() && row.getInt(1) == APPLICATION_ID) {
                    statement.execute("rollback");
                    return;
                }
            }
            statement.execute("pragma application_id = " + APPLICATION_ID);
            statement.execute("commit");
        }
    }

    /** WAL is a property of the file. Changing to it needs the file alone, and SQLite does not wait for that itself. */
    private static void journal(Connection connection) throws SQLException {
        for (int attempt = 1; ; attempt++) {
            try (Statement statement = connection.createStatement()) {
                statement.execute("pragma journal_mode = wal");
                return;
            } catch (SQLException e) {
                if (code(e) != SQLiteErrorCode.SQLITE_BUSY.code || attempt == 100) throw e;
                Pause.millis(20);
            }
        }
    }

    private static String version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select sqlite_version()")) {
            return row.next() ? row.getString(1) : "0";
        }
    }

    static void requireVersion(String version) {
        int[] is =
                Arrays.stream(version.split("\\.")).mapToInt(Integer::parseInt).toArray();
        int[] least =
                Arrays.stream(OLDEST.split("\\.")).mapToInt(Integer::parseInt).toArray();
        if (Arrays.compare(is, least) < 0) {
            throw new StoreException.Unusable(
                    "The SQLite library is version " + version + ", which can corrupt a database; Pawl needs " + OLDEST
                            + " or newer. Update org.xerial:sqlite-jdbc.",
                    null);
        }
    }

    private static StoreException.Unusable unusable(
            String message, @org.jspecify.annotations.Nullable Throwable cause) {
        return new StoreException.Unusable(message, cause);
    }

    @Override
    public void lockForMigration(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("begin immediate");
        }
    }

    @Override
    public Set<String> tables(Connection connection) throws SQLException {
        var tables = new TreeSet<String>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(
                        "select name from sqlite_master where type in ('table', 'view') and name not like 'sqlite_%'")) {
            while (row.next()) tables.add(row.getString(1));
        }
        return tables;
    }

    @Override
    public String refuse(Set<String> foreign) {
        return file + " is a SQLite database of another program" + (foreign.isEmpty() ? "" : " (" + some(foreign) + ")")
                + ". Nothing was changed. Name another file.";
    }

    /** A few names of many. */
    static String some(Collection<String> names) {
        return names.stream().limit(3).collect(Collectors.joining(", ")) + (names.size() > 3 ? ", …" : "");
    }

    private Properties settings(boolean readOnly) {
        var config = new SQLiteConfig();
        config.setReadOnly(readOnly);
        config.setBusyTimeout(busyMillis);
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.setTempStore(SQLiteConfig.TempStore.MEMORY);
        config.setCacheSize(-32_000);
        config.enforceForeignKeys(false);
        Properties properties = config.toProperties();
        properties.setProperty("jdbc.get_generated_keys", "false");
        return properties;
    }

    /** In SQL and not by the driver's auto-commit, which would begin the next one at once and so keep the lock. */
    @Override
    public void begin(Session session) throws SQLException {
        session.execute("begin immediate");
    }

    @Override
    public void commit(Session session) throws SQLException {
        session.execute("commit");
    }

    @Override
    public void rollback(Session session) throws SQLException {
        session.execute("rollback");
    }

    @Override
    public HikariConfig writers() {
        HikariConfig config = pool(1, false);
        config.setPoolName("pawl-writer");
        return config;
    }

    @Override
    public HikariConfig readers() {
        HikariConfig config = pool(READERS, true);
        config.setPoolName("pawl-readers");
        config.setReadOnly(true);
        return config;
    }

    /** There can be only one writer. */
    @Override
    public @Nullable HikariConfig users() {
        return null;
    }

    @Override
    public String enter(Connection theirs) throws SQLException {
        try (Statement statement = theirs.createStatement();
                ResultSet row = statement.executeQuery("pragma database_list")) {
            String other = "something else";
            while (row.next()) {
                if (!row.getString("name").equals("main")) continue;
                other = row.getString("file");
                if (!other.isEmpty() && Files.isSameFile(file, Path.of(other))) return "";
            }
            throw new StoreException.Unusable(
                    "The connection is to " + (other.isEmpty() ? "a database in memory" : other) + ", and not to "
                            + describe() + ".",
                    null);
        } catch (IOException e) {
            throw new StoreException.Unusable("The file behind the connection cannot be looked at: " + e, e);
        }
    }

    @Override
    public void leave(Connection theirs, String before) {
        // nothing was changed
    }

    private HikariConfig pool(int size, boolean readOnly) {
        var config = new HikariConfig();
        config.setJdbcUrl(PREFIX + file);
        config.setDriverClassName(org.sqlite.JDBC.class.getName());
        config.setDataSourceProperties(settings(readOnly));
        config.setMaximumPoolSize(size);
        config.setMinimumIdle(1);
        config.setMaxLifetime(0);
        config.setConnectionTimeout(BUSY_MILLIS);
        config.setInitializationFailTimeout(-1);
        return config;
    }

    private static int code(SQLException e) {
        return Pool.driverFailure(e).getErrorCode() & 0xff; // the upper bits say more than we ask
    }

    @Override
    public boolean passing(SQLException e) {
        int code = code(e);
        return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
    }

    @Override
    public boolean hopes() {
        return false;
    }

    @Override
    public boolean taken(SQLException e) {
        return false;
    }

    @Override
    public boolean undecided(SQLException e) {
        return code(e) == SQLiteErrorCode.SQLITE_IOERR.code; // what reached the disk is seen when it is opened again
    }

    @Override
    public RuntimeException explain(SQLException e) {
        String said = describe() + ": " + Pool.driverFailure(e).getMessage();
        return switch (SQLiteErrorCode.getErrorCode(code(e))) {
            case SQLITE_BUSY, SQLITE_LOCKED ->
                new StoreException.Unavailable(
                        said + ". Another process has kept it locked for " + busyMillis / 1_000
                                + " s: look for a shell or a backup with an open transaction.",
                        e);
            case SQLITE_FULL -> new StoreException.Unavailable(said + ". The disk is full; make room.", e);
            case SQLITE_READONLY, SQLITE_PERM, SQLITE_CANTOPEN ->
                new StoreException.Unusable(
                        said
                                + ". The file and its folder must be writable for this user: SQLite keeps files beside it.",
                        e);
            case SQLITE_NOTADB -> new StoreException.Unusable(said + ". Name another file.", e);
            case SQLITE_CORRUPT ->
                new StoreException.Unusable(
                        said + ". The file is damaged. Restore a backup, or try: sqlite3 FILE .recover", e);
            case SQLITE_CONSTRAINT, SQLITE_ERROR, SQLITE_MISUSE, SQLITE_MISMATCH, SQLITE_RANGE, SQLITE_TOOBIG ->
                new IllegalStateException(said, e);
            default -> new StoreException.Unavailable(said, e);
        };
    }

    @Override
    public Doorbell doorbell(Pool readers) {
        return new SqliteBell(readers);
    }
}
