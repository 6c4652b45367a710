package dev.pawl.store;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.testkit.Postgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the databases make of statements; PostgreSQL plans them once and then keeps to that. */
class PlansTest {

    private static final List<String> OF_BATCHES =
            List.of("effect.record", "task.end", "task.extend", "task.forget", "run.update", "claim.take");

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

    /** Messages and inputs stay as long as their run, which may go on for ever. */
    private static final Map<String, String> INDEXES = Map.ofEntries(
            Map.entry("message.pending", "message_pending"),
            Map.entry("message.pending_of", "message_pending"),
            Map.entry("message.oldest_pending", "message_pending"),
            Map.entry("message.count_reserved", "message_reserved"),
            Map.entry("message.outdated", "message_done"),
            Map.entry("message.strip", "message_done"),
            Map.entry("message.with_ids", "message_id"),
            Map.entry("message.caused", "cause_input"),
            Map.entry("cause.inherit", "message_reserved"),
            Map.entry("task.wake", "task_parked"),
            Map.entry("task.wake_listeners", "task_parked"),
            Map.entry("run.standing", "run_slot"));

    /** Those that name each message: not through an index of what is pending or reserved, which may be many. */
    private static final List<String> BY_NUMBER = List.of("message.reserve", "message.give_back", "message.dispose");

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 3_000})
    void what_is_looked_for_among_many_messages_is_found_by_an_index_on_postgresql(int rows) throws Exception {
        Dialect dialect = JdbcStores.dialect(Postgres.shared().freshDatabase());
        new Migrations(dialect).run();
        try (var connection = dialect.connect()) {
            execute(connection, dev.pawl.store.Postgres.SETTINGS);
            execute(connection, "alter table message set (autovacuum_enabled = off)");
            execute(connection, """
                    insert into message (run_id, at, seq, status, name, id, actor, payload)
                    select int8send(0) || int8send(1), n, n, 'CONSUMED', 'orders', n::text, '', '1'
                    from generate_series(1, %d) n""".formatted(rows));
            execute(connection, "alter table task set (autovacuum_enabled = off)");
            execute(connection, """
                    insert into task (run_id, idx, definition, wake_at, created_at, attempt, returned, priority, held,
                      limited, name, status, queue, limit_key)
                    select int8send(0) || int8send(1), n, 1, n, n, 1, 0, 1, 0, 0, 'shop', 'SUCCEEDED', 'default', ''
                    from generate_series(1, %d) n""".formatted(rows));
            var statements = new Statements(dialect);
            for (var wanted : INDEXES.entrySet()) {
                var plan = plan(connection, statements.get(wanted.getKey()));
                assertThat(plan)
                        .as(wanted.getKey() + "\n" + String.join("\n", plan))
                        .anyMatch(line -> line.contains("using " + wanted.getValue() + " on"));
            }
            for (String name : BY_NUMBER) {
                var plan = plan(connection, statements.get(name));
                assertThat(plan)
                        .as(name + "\n" + String.join("\n", plan))
                        .anyMatch(line -> line.contains("using message_pkey on"))
                        .anyMatch(line -> line.contains("Index Cond: ((run_id = ") && line.contains("(seq = "));
            }
            assertThat(plan(connection, statements.get("input.known")))
                    .anyMatch(line -> line.contains("Index Cond: ((run_id = ") && line.contains("(id = p.id)"));
        }
    }

    @Test
    void what_is_looked_for_among_many_messages_is_found_by_an_index_on_sqlite(@TempDir Path folder) throws Exception {
        Dialect dialect = JdbcStores.dialect("jdbc:sqlite:" + folder.resolve("pawl.db"));
        new Migrations(dialect).run();
        try (var connection = dialect.connect()) {
            var statements = new Statements(dialect);
            for (var wanted : INDEXES.entrySet()) {
                assertThat(firstLook(connection, statements.get(wanted.getKey())))
                        .as(wanted.getKey())
                        .contains("INDEX " + wanted.getValue() + " ");
            }
            for (String name : BY_NUMBER) {
                assertThat(firstLook(connection, statements.get(name))).as(name).contains("(run_id=? AND seq=?)");
            }
        }
    }

    /** What a look for each row of a batch must be bound by, even if there was next to nothing when the planner counted. */
    private static final Map<String, String> LOOKS = Map.of(
            "task.wake", "using task_parked on task[^>]* Index Cond: \\(+CASE .*run_id",
            "task.wake_listeners", "using task_parked on task t[^>]* Index Cond: \\(+CASE .*run_id.* = ANY",
            "message.oldest_pending",
                    "using message_pending on message m[^>]* Index Cond: \\(+.*run_id.* = p.run_id\\)",
            "cause.inherit", "using message_reserved on message m[^>]* Index Cond: \\(+.*run_id.* = p.run_id\\)");

    @ParameterizedTest
    @ValueSource(ints = {0, 100, 3_000})
    void a_batch_looks_for_each_run_by_itself_even_if_the_planner_has_seen_no_listeners(int rows) throws Exception {
        Dialect dialect = JdbcStores.dialect(Postgres.shared().freshDatabase());
        new Migrations(dialect).run();
        try (var connection = dialect.connect()) {
            execute(connection, dev.pawl.store.Postgres.SETTINGS);
            fill(connection, rows);
            execute(connection, "analyze");
            var statements = new Statements(dialect);
            for (var wanted : LOOKS.entrySet()) {
                var plan = plan(connection, statements.get(wanted.getKey()));
                assertThat(String.join(" ", plan)).as(String.join("\n", plan)).containsPattern(wanted.getValue());
            }
        }
    }

    private static String firstLook(Connection connection, Statements.Statement statement) throws SQLException {
        try (var explain = connection.createStatement();
                ResultSet line = explain.executeQuery("explain query plan " + statement.sql())) {
            while (line.next()) {
                if (line.getString("detail").startsWith("SEARCH")) return line.getString("detail");
            }
            return "";
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
