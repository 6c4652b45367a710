package dev.pawl.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code LISTEN} on a connection of its own, {@code NOTIFY} from a pooled one. Never inside a committing transaction:
 * there it would take a lock that the whole database has once, and cost six times the throughput.
 */
final class PostgresBell implements Doorbell {

    private static final Logger log = LoggerFactory.getLogger(PostgresBell.class);
    private static final int PROBE_AFTER_MILLIS = 10_000;
    private static final int MOST_MILLIS_BETWEEN_CONNECTS = 5_000;

    /** What becomes of the next ring: sent, noted because one is being sent, or covered by the one noted. */
    private enum Ringing {
        NO,
        ONE,
        ONE_MORE
    }

    private final Postgres dialect;
    private final Pool readers;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final AtomicReference<Ringing> ringing = new AtomicReference<>(Ringing.NO);
    private volatile boolean closed;
    private volatile @Nullable Connection ear;
    private @Nullable Thread thread;
    private @Nullable String channel;

    PostgresBell(Postgres dialect, Pool readers) {
        this.dialect = dialect;
        this.readers = readers;
    }

    @Override
    public AutoCloseable listen(Runnable listener) {
        listeners.add(listener);
        synchronized (this) {
            if (thread == null)
                thread = Thread.ofPlatform().daemon().name("pawl-bell").start(this::listenAlways);
        }
        return () -> listeners.remove(listener);
    }

    private void listenAlways() {
        for (int failures = 0; !closed; failures++) {
            try (Connection connection = dialect.open(new Properties())) {
                ear = connection;
                try (Statement statement = connection.createStatement()) {
                    statement.execute("listen " + channel(connection));
                }
                failures = 0;
                tell(); // what rang while nobody was listening
                listen(connection.unwrap(PGConnection.class), connection);
            } catch (SQLException e) {
                if (closed) return;
                if (failures == 0)
                    log.info("{}: the doorbell's connection is lost: {}", dialect.describe(), e.getMessage());
                Pause.millis(Math.min(MOST_MILLIS_BETWEEN_CONNECTS, 100L << Math.min(failures, 6)));
            }
        }
    }

    private void listen(PGConnection bell, Connection connection) throws SQLException {
        while (!closed) {
            var rung = bell.getNotifications(PROBE_AFTER_MILLIS);
            if (rung != null && rung.length > 0) {
                tell();
            } else {
                // Silence may be a dead connection that nobody has told us about.
                try (Statement statement = connection.createStatement()) {
                    statement.execute("select 1");
                }
            }
        }
    }

    private void tell() {
        for (Runnable listener : listeners) {
            try {
                listener.run();
            } catch (RuntimeException e) {
                log.warn("A listener of the doorbell failed.", e);
            }
        }
    }

    @Override
    public void ring() {
        Ringing before = ringing.getAndUpdate(now -> now == Ringing.NO ? Ringing.ONE : Ringing.ONE_MORE);
        if (before == Ringing.NO && !closed)
            Thread.ofVirtual().name("pawl-ring").start(this::ringUntilQuiet);
    }

    private void ringUntilQuiet() {
        do {
            ringing.set(Ringing.ONE); // whoever rings from here on wants another one
            try (Pool.Borrowed borrowed = readers.borrow();
                    Statement statement = borrowed.session().connection().createStatement()) {
                statement.execute("notify " + channel(borrowed.session().connection()));
            } catch (SQLException e) {
                log.debug("{}: could not ring: {}", dialect.describe(), e.getMessage());
            }
        } while (!ringing.compareAndSet(Ringing.ONE, Ringing.NO) && !closed);
    }

    /** Notifications reach the whole database, so each schema has its own channel. */
    private synchronized String channel(Connection connection) throws SQLException {
        if (channel == null)
            channel = "\"pawl_" + String.valueOf(Postgres.schema(connection)).replace("\"", "\"\"") + '"';
        return channel;
    }

    @Override
    public void close() {
        closed = true;
        Connection open = ear;
        if (open == null) return;
        try {
            open.abort(Runnable::run);
        } catch (SQLException e) {
            log.debug("Closing the doorbell: {}", e.getMessage());
        }
    }
}
