package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.Postgres;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What PostgreSQL makes of the statements for a batch, which it plans once and then keeps to. */
class PlansTest {

    private static final List<String> OF_BATCHES =
            List.of("effect.record", "task.end", "task.extend", "run.update", "claim.take");

    /** Nobody has vacuumed or analyzed yet, as in the first minute of every installation. */
    @ParameterizedTest
    @ValueSource(ints = {0, 10, 100, 300, 1_000, 3_000})
    void a_batch_is_looked_up_by_key_however_many_rows_there_are_when_it_is_planned(int rows) throws Exception {
        Dialect dialect = JdbcStores.dialect(Postgres.shared().freshDatabase());
        new Migrations(dialect).run();
        try (var connection = dialect.connect()) {
            execute(connection, dev.pawl.store.Postgres.SETTINGS);
            execute(connection, "alter table task set (autovacuum_enabled = off)");
            execute(connection, "alter table run set (autovacuum_enabled = off)");
            fill(connection, rows);
            var statements = new Statements(dialect);
            for (String name : OF_BATCHES) {
                var plan = plan(connection, statements.get(name));
                for (int i = 0; i < plan.size(); i++) {
                    if (!plan.get(i).contains("Scan using task") && !plan.get(i).contains("Scan using run")) continue;
                    assertThat(plan.subList(i, plan.size()).get(1))
                            .as(name + " of " + rows + " rows:\n" + String.join("\n", plan))
                            .contains("Index Cond: ");
                }
                assertThat(plan).as(name).anyMatch(line -> line.contains("_pkey on "));
            }
        }
    }

    private static void fill(Connection connection, int rows) throws SQLException {
        execute(connection, """
                insert into run (id, created_at, definition, seq, priority, status, queue, limit_key, program, state, input)
                select int8send(0) || int8send(n), n, 1, 3, 1, 'RUNNING', 'default', '', 'job:one', '{}', '1'
                from generate_series(1, %d) n""".formatted(rows));
        execute(connection, """
                insert into task (run_id, idx, definition, wake_at, created_at, attempt, returned, priority, held,
                  limited, name, status, queue, limit_key)
                select int8send(0) || int8send(n), 0, 1, n, n, 1, 0, 1, 0, 0, 'job', 'RUNNING', 'default', ''
                from generate_series(1, %d) n""".formatted(rows));
    }

    /** A generic plan: nothing in it depends on the null that stands for each array. */
    private static List<String> plan(Connection connection, Statements.Statement statement) throws SQLException {
        String sql = statement.sql();
        for (int i = 1; i <= statement.parameters(); i++) sql = sql.replaceFirst("\\?", "\\$" + i);
        execute(connection, "prepare it as " + sql);
        var nulls = String.join(", ", Collections.nCopies(statement.parameters(), "null"));
        var lines = new ArrayList<String>();
        try (var explain = connection.createStatement();
                ResultSet line = explain.executeQuery("explain execute it(" + nulls + ")")) {
            while (line.next()) lines.add(line.getString(1));
        }
        execute(connection, "deallocate it");
        return lines;
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
