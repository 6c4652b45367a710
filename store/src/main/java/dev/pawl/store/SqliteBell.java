package dev.pawl.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Other processes that share the file are noticed by {@code data_version}, which SQLite changes for everybody else when
 * somebody commits. Looking costs some microseconds and is done only while somebody listens.
 */
final class SqliteBell implements Doorbell {

    private static final Logger log = LoggerFactory.getLogger(SqliteBell.class);
    private static final int LOOK_EVERY_MILLIS = 100;

    private final Pool readers;
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean closed;
    private @Nullable Thread thread;

    SqliteBell(Pool readers) {
        this.readers = readers;
    }

    @Override
    public AutoCloseable listen(Runnable listener) {
        listeners.add(listener);
        synchronized (this) {
            if (thread == null)
                thread = Thread.ofPlatform().daemon().name("pawl-bell").start(this::look);
            else LockSupport.unpark(thread);
        }
        return () -> listeners.remove(listener);
    }

    private void look() {
        // One connection for all looks: the number says something only in comparison with its own last one.
        long seen = -1;
        while (!closed) {
            try (Pool.Borrowed borrowed = readers.borrow()) {
                while (!closed && !listeners.isEmpty()) {
                    long now = version(borrowed.session().connection());
                    if (now != seen) listeners.forEach(Runnable::run);
                    seen = now;
                    Pause.millis(LOOK_EVERY_MILLIS);
                }
            } catch (SQLException | RuntimeException e) {
                if (!closed) log.debug("The doorbell failed to look: {}", e.getMessage());
                Pause.millis(LOOK_EVERY_MILLIS);
            }
            if (!closed && listeners.isEmpty()) LockSupport.park(this);
        }
    }

    private static long version(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("pragma data_version")) {
            return row.next() ? row.getLong(1) : 0;
        }
    }

    @Override
    public void ring() {
        // A commit is the ring.
    }

    @Override
    public synchronized void close() {
        closed = true;
        if (thread != null) LockSupport.unpark(thread);
    }
}
