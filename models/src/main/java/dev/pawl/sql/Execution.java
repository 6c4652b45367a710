package dev.pawl.sql;

import dev.pawl.core.Failure;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One call on a connection, in one transaction. One thread runs it; another may {@link #cancel} it. */
final class Execution {

    private static final TypeRef<SqlAnswer> ANSWER = TypeRef.of(SqlAnswer.class);

    private final Sql.Connections source;
    private final int mostRows;
    private final SqlCall call;
    private final @Nullable String key;
    private volatile @Nullable PreparedStatement running;

    Execution(Sql.Connections source, int mostRows, SqlCall call, @Nullable String key) {
        this.source = source;
        this.mostRows = mostRows;
        this.call = call;
        this.key = key;
    }

    SqlAnswer run() throws Exception {
        @Nullable Dialect dialect = null;
        try (Connection connection = source.open()) {
            dialect = Dialect.of(connection);
            boolean before = connection.getAutoCommit();
            connection.setAutoCommit(false);
            try {
                return inTransaction(connection, dialect);
            } finally {
                restore(connection, before);
            }
        } catch (SQLException failed) {
            throw SqlFailures.of(call, failed, dialect);
        }
    }

    private SqlAnswer inTransaction(Connection connection, Dialect dialect) throws SQLException {
        boolean done = false;
        try {
            SqlAnswer answer = execute(connection, dialect);
            if (call.isUpdate()) {
                connection.commit();
                done = true;
            }
            return answer;
        } finally {
            // Of queries too: they are to change nothing.
            if (!done) rollback(connection);
        }
    }

    private static void restore(Connection connection, boolean autoCommit) {
        try {
            connection.setAutoCommit(autoCommit);
        } catch (SQLException broken) {
            // A pool throws it away; what the call came to is known by now.
        }
    }

    private static void rollback(Connection connection) {
        try {
            connection.rollback();
        } catch (SQLException broken) {
            // Then the database does it when it notices; what failed before is what counts.
        }
    }

    private SqlAnswer execute(Connection connection, Dialect dialect) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(call.sql())) {
            statement.setMaxRows(mostRows == Integer.MAX_VALUE ? 0 : mostRows + 1);
            bind(statement, dialect);
            running = statement;
            boolean hasRows = statement.execute();
            List<Map<String, @Nullable Object>> rows = List.of();
            if (hasRows) {
                try (ResultSet results = statement.getResultSet()) {
                    rows = rows(results, dialect);
                }
            }
            int updated = hasRows ? rows.size() : Math.max(0, statement.getUpdateCount());
            return asRecorded(new SqlAnswer(rows, call.isUpdate() ? updated : 0));
        } finally {
            running = null;
        }
    }

    private void bind(PreparedStatement statement, Dialect dialect) throws SQLException {
        int wanted = dialect.parameters(statement, call.arguments().size());
        if (wanted != call.arguments().size()) {
            throw new Failure.Logic(call + " has " + wanted + " parameters, but "
                    + call.arguments().size() + " arguments are given.");
        }
        int at = 1;
        for (Object argument : call.arguments()) {
            Object value = argument instanceof SqlCall.Secret secret ? secret.value() : argument;
            if (value == SqlCall.Key.KEY) {
                if (key == null) {
                    throw new Failure.Logic("The idempotency key is an argument of " + call
                            + ", but calls that may be repeated have none. Make it a call that happens once.");
                }
                value = key;
            }
            dialect.bind(statement, at++, value);
        }
    }

    private List<Map<String, @Nullable Object>> rows(ResultSet results, Dialect dialect) throws SQLException {
        List<Column> columns = Column.of(results.getMetaData(), dialect);
        var rows = new ArrayList<Map<String, @Nullable Object>>();
        while (results.next()) {
            if (rows.size() == mostRows) {
                throw new Failure.Logic(call + " gives more than " + mostRows
                        + " rows. Ask for fewer (limit, or a page at a time), or allow more with Sql.mostRows(count).");
            }
            var row = new LinkedHashMap<String, @Nullable Object>();
            for (Column column : columns) {
                if (row.containsKey(column.label())) {
                    throw new Failure.Logic(
                            call + " gives two columns \"" + column.label() + "\". Name one differently with \"as\".");
                }
                row.put(column.label(), column.value(results));
            }
            rows.add(row);
        }
        return rows;
    }

    /** By the same way as out of the journal, so that code never sees a difference between the first time and a replay. */
    private static SqlAnswer asRecorded(SqlAnswer answer) {
        return Codec.STANDARD.read(Codec.STANDARD.write(answer, ANSWER, "The rows"), ANSWER, "The rows");
    }

    /** Asks the database to stop, if something is running. */
    void cancel() {
        PreparedStatement statement = running;
        if (statement == null) return;
        try {
            statement.cancel();
        } catch (SQLException tooLate) {
            // It has ended, or will be interrupted.
        }
    }
}
