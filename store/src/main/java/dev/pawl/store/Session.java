package dev.pawl.store;

import dev.pawl.core.RunId;
import dev.pawl.store.Statements.Statement;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection with the statements that were prepared on it, which are kept: preparing costs more than most of them.
 * Not thread-safe; whoever has borrowed the connection has the session.
 */
final class Session implements AutoCloseable {

    private final Connection connection;
    private final Dialect dialect;
    private final Statements statements;
    private final Map<String, PreparedStatement> prepared = new HashMap<>();
    private final List<Deferred> deferred = new ArrayList<>();

    /** A statement whose answer nobody waits for, with its parameters in order, and what is told of its rows later. */
    private record Deferred(
            Statement statement,
            List<@Nullable Object> parameters,
            @Nullable Consumer<ResultSet> rows,
            @Nullable IntConsumer count) {}

    Session(Connection connection, Dialect dialect, Statements statements) {
        this.connection = connection;
        this.dialect = dialect;
        this.statements = statements;
    }

    /** Reads one row. */
    interface RowReader<R> {
        R read(ResultSet row) throws SQLException;
    }

    /** An {@link SQLException} on its way out of code that cannot declare it. */
    static final class Failed extends RuntimeException {
        private final SQLException reason;

        Failed(String statement, SQLException reason) {
            super(statement + ": " + reason.getMessage(), reason);
            this.reason = reason;
        }

        SQLException reason() {
            return reason;
        }
    }

    Connection connection() {
        return connection;
    }

    /** A statement that runs once. */
    Call call(String name) {
        return new Call(statements.get(name));
    }

    /** A statement that runs for many rows. */
    <T> Batch<T> batch(String name, List<T> rows) {
        return new Batch<>(this, statements.get(name), rows);
    }

    /** An insert for many rows that fails if one of them is there already. */
    <T> Batch<T> batchOrFail(String name, List<T> rows) {
        return new Batch<>(this, statements.orFail(name), rows);
    }

    /** Executes SQL that has no name, parameters or result; it is kept prepared as well. */
    void execute(String sql) throws SQLException {
        prepare(new Statement(sql, sql, Map.of(), false)).execute();
    }

    /** Executes it together with the next statement that is deferred or at the latest with the commit. */
    void defer(Statement statement, List<@Nullable Object> parameters, @Nullable IntConsumer count) {
        deferred.add(new Deferred(statement, parameters, null, count));
    }

    /** Tells the first column of the rows of a query without parameters: with what is deferred, or now if nothing is. */
    void tell(String name, Consumer<String> each) throws SQLException {
        Statement statement = statements.get(name);
        Consumer<ResultSet> rows = result -> {
            try (result) {
                while (result.next()) each.accept(result.getString(1));
            } catch (SQLException e) {
                throw new Failed(statement.name(), e);
            }
        };
        if (deferred.isEmpty()) rows.accept(prepare(statement).executeQuery());
        else deferred.add(new Deferred(statement, List.of(), rows, null));
    }

    /**
     * Sends what was deferred in one round trip, and the commit with it if there is one to send: a round trip costs
     * more than most statements.
     */
    void send(@Nullable String commit) throws SQLException {
        if (deferred.isEmpty()) {
            if (commit != null) connection.commit();
            return;
        }
        var name = new StringBuilder();
        var sql = new StringBuilder();
        for (Deferred one : deferred) {
            name.append(one.statement().name()).append('+');
            sql.append(one.statement().sql()).append(";\n");
        }
        if (commit != null) sql.append(commit);
        PreparedStatement together = known(name + (commit == null ? "" : commit), sql.toString());
        int position = 1;
        for (Deferred one : deferred) {
            for (Object parameter : one.parameters()) together.setObject(position++, parameter);
        }
        var sent = List.copyOf(deferred);
        deferred.clear();
        boolean isQuery = together.execute();
        for (Deferred one : sent) {
            if (isQuery && one.rows() != null) one.rows().accept(together.getResultSet());
            else if (one.count() != null) one.count().accept(together.getUpdateCount());
            isQuery = together.getMoreResults();
        }
    }

    /** Forgets what was deferred: the transaction is rolled back. */
    void drop() {
        deferred.clear();
    }

    PreparedStatement prepare(Statement statement) throws SQLException {
        if (!deferred.isEmpty()) send(null);
        return known(statement.name(), statement.sql());
    }

    /** Closes the statements, not the connection. */
    @Override
    public void close() throws SQLException {
        for (PreparedStatement statement : prepared.values()) statement.close();
    }

    private PreparedStatement known(String name, String sql) throws SQLException {
        PreparedStatement known = prepared.get(name);
        if (known == null) {
            known = connection.prepareStatement(sql);
            prepared.put(name, known);
        }
        return known;
    }

    /** Binds a value to every place of a named parameter. */
    void bind(PreparedStatement to, Statement statement, String name, @Nullable Object value) throws SQLException {
        List<Integer> positions = statement.positions().get(name);
        if (positions == null) throw new IllegalArgumentException(statement.name() + " has no parameter " + name + ".");
        Object bound =
                value instanceof RunId id ? id.bytes() : value instanceof List<?> list ? dialect.list(list) : value;
        for (int position : positions) to.setObject(position, bound);
    }

    /** One execution of one statement. */
    final class Call {
        private final Statement statement;
        private final Map<String, @Nullable Object> values = new HashMap<>();

        private Call(Statement statement) {
            this.statement = statement;
        }

        /** A parameter: a number, a string, bytes, a {@link RunId}, or a list of numbers or strings. */
        Call set(String name, @Nullable Object value) {
            values.put(name, value);
            return this;
        }

        /** Executes it and says how many rows it changed. */
        int update() {
            try {
                return ready().executeUpdate();
            } catch (SQLException e) {
                throw new Failed(statement.name(), e);
            }
        }

        /** Executes it for its effect, whatever it answers. */
        void run() {
            try {
                ready().execute();
            } catch (SQLException e) {
                throw new Failed(statement.name(), e);
            }
        }

        <R> List<R> list(RowReader<R> reader) {
            var rows = new ArrayList<R>();
            try (ResultSet row = ready().executeQuery()) {
                while (row.next()) rows.add(reader.read(row));
            } catch (SQLException e) {
                throw new Failed(statement.name(), e);
            }
            return rows;
        }

        <R> Optional<R> first(RowReader<R> reader) {
            return list(reader).stream().findFirst();
        }

        private PreparedStatement ready() throws SQLException {
            if (!values.keySet().equals(statement.positions().keySet())) {
                throw new IllegalArgumentException(statement.name() + " takes "
                        + statement.positions().keySet() + ", not " + values.keySet() + ".");
            }
            PreparedStatement call = prepare(statement);
            for (var value : values.entrySet()) bind(call, statement, value.getKey(), value.getValue());
            return call;
        }
    }
}
