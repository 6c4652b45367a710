package dev.pawl.store;

import dev.pawl.core.RunId;
import dev.pawl.store.Session.Failed;
import dev.pawl.store.Session.RowReader;
import dev.pawl.store.Statements.Statement;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One statement for many rows, whose columns are given as functions of a row. Where the statement has a form for a whole
 * batch (PostgreSQL), each column is sent as one binary array; otherwise the rows go one by one in a JDBC batch.
 */
final class Batch<T> {

    /** So that a map of a million items is not one message to the server. */
    private static final int CHUNK = 5_000;

    private final Session session;
    private final Statement statement;
    private final List<T> rows;
    private final List<Column<T>> columns = new ArrayList<>();
    private final Map<String, @Nullable Object> constants = new LinkedHashMap<>();

    Batch(Session session, Statement statement, List<T> rows) {
        this.session = session;
        this.statement = statement;
        this.rows = rows;
    }

    private record Column<T>(
            String name, Function<T, ? extends @Nullable Object> value, IntFunction<@Nullable Object[]> array) {
        @Nullable
        Object[] of(List<T> rows) {
            @Nullable Object[] values = array.apply(rows.size());
            for (int i = 0; i < values.length; i++) values[i] = value.apply(rows.get(i));
            return values;
        }
    }

    Batch<T> ids(String name, Function<T, @Nullable RunId> value) {
        columns.add(new Column<>(name, row -> bytes(value.apply(row)), byte[][]::new));
        return this;
    }

    private static byte @Nullable [] bytes(@Nullable RunId id) {
        return id == null ? null : id.bytes();
    }

    Batch<T> texts(String name, Function<T, @Nullable String> value) {
        columns.add(new Column<>(name, value, String[]::new));
        return this;
    }

    Batch<T> ints(String name, Function<T, @Nullable Integer> value) {
        columns.add(new Column<>(name, value, Integer[]::new));
        return this;
    }

    Batch<T> longs(String name, Function<T, @Nullable Long> value) {
        columns.add(new Column<>(name, value, Long[]::new));
        return this;
    }

    Batch<T> smalls(String name, Function<T, Integer> value) {
        columns.add(new Column<>(name, row -> value.apply(row).shortValue(), Short[]::new));
        return this;
    }

    Batch<T> flags(String name, Function<T, Boolean> value) {
        return smalls(name, row -> value.apply(row) ? 1 : 0);
    }

    /** A parameter that is the same for all rows. */
    Batch<T> all(String name, @Nullable Object value) {
        constants.put(name, value);
        return this;
    }

    /** Executes it for its effect, perhaps only with the statements that follow, at the latest with the commit. */
    void update() {
        update(null);
    }

    /** The same, and tells how many rows were changed, at the latest with the commit. */
    void update(@Nullable IntConsumer count) {
        if (!statement.batched() || rows.size() > CHUNK) {
            boolean[] applied = applied();
            if (count != null) count.accept(trueOf(applied));
            return;
        }
        var parameters = new @Nullable Object[statement.parameters()];
        constants.forEach((name, value) -> place(parameters, name, value));
        for (Column<T> column : columns) place(parameters, column.name(), column.of(rows));
        session.defer(statement, Arrays.asList(parameters), count);
    }

    /** The same for a statement that answers, when nobody wants to know. */
    void run() {
        if (statement.batched() && rows.size() <= CHUNK) update();
        else list(row -> true);
    }

    private static int trueOf(boolean[] applied) {
        int count = 0;
        for (boolean one : applied) {
            if (one) count++;
        }
        return count;
    }

    private void place(@Nullable Object[] parameters, String name, @Nullable Object value) {
        List<Integer> positions = statement.positions().get(name);
        if (positions == null) throw new IllegalArgumentException(statement.name() + " has no parameter " + name + ".");
        for (int position : positions) parameters[position - 1] = value;
    }

    /**
     * Executes an update and says for each row whether it changed something. The batch form answers this with the
     * 1-based places of the rows that did; if it answers nothing, nobody wants to know.
     */
    boolean[] applied() {
        var applied = new boolean[rows.size()];
        chunks((chunk, from) -> {
            PreparedStatement ready = prepared();
            if (statement.batched()) {
                bindArrays(ready, chunk);
                if (ready.execute()) {
                    try (ResultSet places = ready.getResultSet()) {
                        while (places.next()) applied[from + places.getInt(1) - 1] = true;
                    }
                }
                return;
            }
            for (T row : chunk) {
                bindRow(ready, row);
                ready.addBatch();
            }
            int[] counts = ready.executeBatch();
            for (int i = 0; i < counts.length; i++) applied[from + i] = counts[i] > 0;
        });
        return applied;
    }

    /** Executes a query, or an insert that returns something, and collects what it answers for all rows. */
    <R> List<R> list(RowReader<R> reader) {
        var results = new ArrayList<R>();
        chunks((chunk, from) -> {
            PreparedStatement ready = prepared();
            if (statement.batched()) {
                bindArrays(ready, chunk);
                read(ready, reader, results);
                return;
            }
            for (T row : chunk) {
                bindRow(ready, row);
                read(ready, reader, results);
            }
        });
        return results;
    }

    private interface Chunk<T> {
        void run(List<T> rows, int from) throws SQLException;
    }

    private void chunks(Chunk<T> work) {
        try {
            for (int from = 0; from < rows.size(); from += CHUNK) {
                work.run(rows.subList(from, Math.min(rows.size(), from + CHUNK)), from);
            }
        } catch (SQLException e) {
            throw new Failed(statement.name(), e);
        }
    }

    private PreparedStatement prepared() throws SQLException {
        if (columns.size() + constants.size() != statement.positions().size()) {
            throw new IllegalArgumentException(statement.name() + " takes "
                    + statement.positions().keySet() + ", not "
                    + Arrays.toString(columns.stream().map(Column::name).toArray()) + " and " + constants.keySet()
                    + ".");
        }
        PreparedStatement ready = session.prepare(statement);
        for (var constant : constants.entrySet()) {
            session.bind(ready, statement, constant.getKey(), constant.getValue());
        }
        return ready;
    }

    private void bindArrays(PreparedStatement ready, List<T> chunk) throws SQLException {
        for (Column<T> column : columns) session.bind(ready, statement, column.name(), column.of(chunk));
    }

    private void bindRow(PreparedStatement ready, T row) throws SQLException {
        for (Column<T> column : columns)
            session.bind(ready, statement, column.name(), column.value().apply(row));
    }

    private static <R> void read(PreparedStatement ready, RowReader<R> reader, List<R> into) throws SQLException {
        try (ResultSet row = ready.executeQuery()) {
            while (row.next()) into.add(reader.read(row));
        }
    }
}
