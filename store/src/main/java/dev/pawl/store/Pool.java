package dev.pawl.store;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A pool whose connections keep their prepared statements from one use to the next. They are used bare, without the
 * pool's wrapper, so whoever sees a connection fail must {@link Borrowed#discard()} it.
 */
final class Pool implements AutoCloseable {

    private final HikariDataSource source;
    private final Dialect dialect;
    private final Statements statements;
    private final Map<Connection, Session> sessions = new ConcurrentHashMap<>();

    Pool(HikariConfig config, Dialect dialect, Statements statements) {
        this.source = new HikariDataSource(config);
        this.dialect = dialect;
        this.statements = statements;
    }

    /** A session in somebody's hands; closing gives it back. */
    final class Borrowed implements AutoCloseable {
        private final Connection wrapper;
        private final Session session;

        private Borrowed(Connection wrapper, Session session) {
            this.wrapper = wrapper;
            this.session = session;
        }

        Session session() {
            return session;
        }

        /** Throws the connection away instead of giving it back. */
        void discard() {
            sessions.remove(session.connection());
            source.evictConnection(wrapper);
        }

        @Override
        public void close() {
            try {
                wrapper.close();
            } catch (SQLException e) {
                discard();
            }
        }
    }

    /** Takes a session, and waits a while for one to be free. */
    Borrowed borrow() throws SQLException {
        Connection wrapper = source.getConnection();
        Connection bare = wrapper.unwrap(Connection.class);
        Session session = sessions.get(bare);
        if (session == null) {
            forgetClosed();
            session = new Session(bare, dialect, statements);
            sessions.put(bare, session);
        }
        return new Borrowed(wrapper, session);
    }

    /** What the driver said: the pool wraps it in a failure of its own. */
    static SQLException driverFailure(SQLException e) {
        SQLException innermost = e;
        while (innermost.getCause() instanceof SQLException cause) innermost = cause;
        return innermost;
    }

    /** The pool replaces its connections from time to time. */
    private void forgetClosed() throws SQLException {
        for (Iterator<Connection> known = sessions.keySet().iterator(); known.hasNext(); ) {
            if (known.next().isClosed()) known.remove();
        }
    }

    @Override
    public void close() {
        source.close();
    }
}
