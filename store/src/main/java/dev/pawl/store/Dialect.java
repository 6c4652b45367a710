package dev.pawl.store;

import com.zaxxer.hikari.HikariConfig;
import dev.pawl.spi.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What differs between the databases. */
sealed interface Dialect permits Sqlite, Postgres {

    /** The name that marks the forms of statements that are for this database only. */
    String name();

    /** What a token of the {@code .sql} files stands for, such as {@code for_update}. */
    String token(String token);

    /** A list as a value that {@code ${any :list}} takes. */
    Object list(List<?> values);

    /** How many transactions are worth having under way at once. */
    int lanes();

    /** For people, without secrets. */
    String describe();

    /** Where artifacts are kept unless somebody says otherwise. */
    Path artifacts();

    /**
     * Opens a connection for migrations, in auto-commit mode.
     *
     * @throws StoreException.Unusable if there is something at this address that we must not or cannot touch
     */
    Connection connect() throws SQLException;

    /** Begins a transaction and waits until no other process is migrating this database. */
    void lockForMigration(Connection connection) throws SQLException;

    /** The tables that exist where ours would be. */
    Set<String> tables(Connection connection) throws SQLException;

    /** Why those tables cannot be where ours would be, and what to do. */
    String refuse(Set<String> foreign);

    /** Begins a transaction on a connection of the writers. */
    void begin(Session session) throws SQLException;

    void commit(Session session) throws SQLException;

    void rollback(Session session) throws SQLException;

    /** The pool of connections that write. */
    HikariConfig writers();

    /** The pool of connections that only read, in auto-commit. */
    HikariConfig readers();

    /**
     * The pool of connections for user code, without any settings of ours; null if it has to use that of the one
     * writer.
     */
    @Nullable
    HikariConfig users();

    /**
     * Gets somebody else's connection ready for our statements, and says how it was.
     *
     * @throws StoreException.Unusable if it is not one to this database
     */
    String enter(Connection theirs) throws SQLException;

    /** Puts it back to how it was. */
    void leave(Connection theirs, String before) throws SQLException;

    /** Whether the same transaction may pass when it is tried again at once: a deadlock, a lock held for a moment. */
    boolean passing(SQLException e);

    /** Whether an insert is cheaper that fails when its row is there already than one that passes over it. */
    boolean hopes();

    /** Whether a row was there already. */
    boolean taken(SQLException e);

    /** Whether it is still open, after a commit failed like this, if the commit happened. */
    boolean undecided(SQLException e);

    /**
     * What a failure means. Failures that only a mistake of ours can cause, such as a broken constraint, become an
     * {@link IllegalStateException}.
     */
    RuntimeException explain(SQLException e);

    /** The doorbell of this database. */
    Doorbell doorbell(Pool readers);
}
