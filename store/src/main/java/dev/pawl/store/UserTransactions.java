package dev.pawl.store;

import dev.pawl.spi.Journal;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/**
 * Where the SQL of users and ours meet in one transaction: theirs inside one of ours, with an effect recorded beside it, or
 * ours inside one of theirs.
 */
final class UserTransactions implements AutoCloseable {

    /** What user code must leave to us. */
    private static final Set<String> OURS =
            Set.of("commit", "rollback", "setAutoCommit", "close", "abort", "setTransactionIsolation");

    private final Dialect dialect;
    private final Statements statements;
    private final Turns turns;
    private final Pool pool;

    /** @param pool of connections for user code; on SQLite that of the one writer */
    UserTransactions(Dialect dialect, Statements statements, Turns turns, Pool pool) {
        this.dialect = dialect;
        this.statements = statements;
        this.turns = turns;
        this.pool = pool;
    }

    // ---- theirs in ours -------------------------------------------------------------------------------------------

    <E extends Exception> void run(Tx.Lease lease, Store.TransactedWork<E> work) throws E {
        Tx.NewEffect recorded;
        try (Pool.Borrowed borrowed = begun()) {
            try {
                recorded = new Tx.NewEffect(
                        lease.key(), work.run(guarded(borrowed.session().connection())));
            } catch (Throwable theirs) { // also what the database says to their SQL: it is for them to read
                rollback(borrowed, theirs);
                throw theirs;
            }
            if (ended(borrowed, lease, recorded)) return;
        }
        lookUp(lease, recorded);
    }

    private Pool.Borrowed begun() {
        try {
            var borrowed = pool.borrow();
            try {
                dialect.begin(borrowed.session());
                return borrowed;
            } catch (SQLException | RuntimeException e) {
                borrowed.discard();
                borrowed.close();
                throw e;
            }
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    /** Answers whether it is known to have happened. */
    private boolean ended(Pool.Borrowed borrowed, Tx.Lease lease, Tx.NewEffect recorded) {
        try {
            try {
                record(borrowed.session(), lease, recorded);
            } catch (Throwable failed) {
                rollback(borrowed, failed);
                throw failed;
            }
            return commit(borrowed);
        } catch (Session.Failed e) {
            throw dialect.explain(e.reason());
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    /** The lease is looked at last, so that its row is locked for the shortest time. */
    private void record(Session session, Tx.Lease lease, Tx.NewEffect effect) {
        var tx = new JdbcTx(session, turns);
        if (!tx.lockLease(lease)) throw new Journal.Superseded("Another worker has task " + lease.key() + " now.");
        int[] written = new int[1];
        tx.append(List.of(effect), count -> written[0] += count);
        tx.flush();
        if (written[0] == 0) throw new Journal.Superseded("Task " + lease.key() + " has recorded this already.");
    }

    /** Answers whether it is known to have happened. */
    private boolean commit(Pool.Borrowed borrowed) throws SQLException {
        try {
            dialect.commit(borrowed.session());
            return true;
        } catch (SQLException e) {
            if (dialect.undecided(e)) {
                borrowed.discard();
                return false;
            }
            rollback(borrowed, e);
            throw e;
        }
    }

    /** The transaction without an answer holds the row of its task, should it still be under way. */
    private void lookUp(Tx.Lease lease, Tx.NewEffect effect) {
        try (Pool.Borrowed borrowed = pool.borrow()) {
            dialect.begin(borrowed.session());
            var tx = new JdbcTx(borrowed.session(), turns);
            boolean ours = tx.lockLease(lease);
            boolean written = tx.recorded(List.of(effect))[0];
            rollback(borrowed, new SQLException("only looking"));
            if (written) return;
            if (!ours) throw new Journal.Superseded("Another worker has task " + lease.key() + " now.");
        } catch (Session.Failed e) {
            throw unknown(e.reason());
        } catch (SQLException e) {
            throw unknown(e);
        }
        throw new StoreException.Unavailable(
                dialect.describe() + ": the connection was lost at the commit; nothing was written.", null);
    }

    /** The attempt must not go on as if it knew: it ends, and the next one reads what is there. */
    private static Journal.Superseded unknown(SQLException e) {
        return new Journal.Superseded("The reply to a commit was lost, and so was the look for it: " + e.getMessage());
    }

    private void rollback(Pool.Borrowed borrowed, Throwable cause) {
        try {
            dialect.rollback(borrowed.session());
        } catch (SQLException e) {
            borrowed.discard();
            cause.addSuppressed(e);
        }
    }

    private static Connection guarded(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                UserTransactions.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    boolean toSavepoint = arguments != null && method.getName().equals("rollback");
                    if (OURS.contains(method.getName()) && !toSavepoint) {
                        throw new SQLException("Pawl commits this transaction together with its record; do not call "
                                + method.getName() + ".");
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException wrapped) {
                        throw wrapped.getTargetException();
                    }
                });
    }

    // ---- ours in theirs -------------------------------------------------------------------------------------------

    <T> T within(Connection theirs, Function<Tx, T> work) {
        try {
            if (theirs.getAutoCommit()) {
                throw new StoreException.Unusable(
                        "The connection is in auto-commit mode, so there is no transaction to submit in. Call"
                                + " connection.setAutoCommit(false) first.",
                        null);
            }
            String product = theirs.getMetaData().getDatabaseProductName();
            if (!product.equalsIgnoreCase(dialect.name())) {
                throw new StoreException.Unusable(
                        "The connection is to " + product + ", and not to " + dialect.describe() + '.', null);
            }
            var before = dialect.enter(theirs);
            T result;
            try (var session = new Session(theirs, dialect, statements)) {
                result = work.apply(new JdbcTx(session, turns));
                session.send(null);
            } catch (Session.Failed broken) {
                throw broken; // and their transaction with it
            } catch (RuntimeException refused) {
                dialect.leave(theirs, before);
                throw refused;
            }
            dialect.leave(theirs, before);
            return result;
        } catch (Session.Failed e) {
            throw dialect.explain(e.reason());
        } catch (SQLException e) {
            throw dialect.explain(e);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
