package dev.pawl.bench;

import dev.pawl.core.Json;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.How;
import dev.pawl.spi.Tx.Lease;
import dev.pawl.spi.Tx.TaskEnd;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/** A queue on PostgreSQL, each task of a run of its own, worked on by hand below the engine. */
final class TaskQueue implements AutoCloseable {

    private static final int BATCH = 500;
    private static final int LEASE_MILLIS = 3_600_000;

    /** Ids grow as the engine's do, and so do the times at which tasks are due; all are due. */
    private static final String RUNS = """
            insert into run (id, created_at, definition, seq, priority, status, queue, limit_key, program, state, input)
            select int8send(0) || int8send(n), n, %1$d, 3, 1, 'RUNNING', 'default', '', 'bench', '{}', '1'
            from generate_series(%2$d, %3$d) n
            """;

    private static final String TASKS = """
            insert into task (run_id, idx, definition, wake_at, created_at, attempt, returned, priority, held, limited,
              name, status, queue, limit_key)
            select int8send(0) || int8send(n), 0, %1$d, n, n, 0, 0, 1, 0, 0, 'work', 'READY', 'default', ''
            from generate_series(%2$d, %3$d) n
            """;

    private final String jdbcUrl;
    private final int depth;
    private final Store store;
    private final int definition;
    private final int worker;
    private final AtomicInteger queued = new AtomicInteger();
    private int added;

    /** @param depth how many tasks are to wait in it */
    TaskQueue(String jdbcUrl, int depth) {
        this.jdbcUrl = jdbcUrl;
        this.depth = depth;
        this.store = Stores.open(jdbcUrl);
        this.definition =
                store.write(tx -> tx.define("bench", "1", Json.NULL, 0)).id();
        this.worker = store.write(tx -> tx.insertWorker("bench", List.of(), List.of(definition), 1, 0));
    }

    int depth() {
        return depth;
    }

    /** Adds tasks until as many wait as should. */
    void fill() throws SQLException {
        add(depth - queued.get());
    }

    private void add(int count) throws SQLException {
        if (count < 1) {
            return;
        }
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            for (String rows : List.of(RUNS, TASKS)) {
                statement.execute(rows.formatted(definition, added + 1, added + count));
            }
        }
        added += count;
        queued.addAndGet(count);
    }

    List<Claim> claim(int limit) {
        var request = new ClaimRequest(
                worker,
                List.of(definition),
                List.of("default"),
                limit,
                System.currentTimeMillis(),
                System.currentTimeMillis() + LEASE_MILLIS);
        var claims = store.write(tx -> tx.claim(request));
        queued.addAndGet(-claims.size());
        return claims;
    }

    /** Claims and ends so many tasks, as fast as it goes, and leaves as many behind as there were before. */
    void passThrough(int count) throws Exception {
        add(count);
        // Claimers beside each other pass over what others have locked, so a claim may come back with less than asked
        // for.
        Load.inParallel(store.lanes(), store.lanes(), claimer -> {
            while (queued.get() > depth) {
                end(claim(BATCH));
            }
        });
        fill();
    }

    /** Waits until the server has vacuumed the tasks of its own accord; answers whether it did in time. */
    boolean awaitAutovacuum(int seconds) throws SQLException, InterruptedException {
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement()) {
            for (int waited = 0; waited < seconds; waited++) {
                try (var row = statement.executeQuery(
                        "select autovacuum_count > 0 from pg_stat_user_tables where relname = 'task'")) {
                    if (row.next() && row.getBoolean(1)) {
                        return true;
                    }
                }
                Thread.sleep(1_000);
            }
            return false;
        }
    }

    private void end(List<Claim> claims) {
        long now = System.currentTimeMillis();
        var ends = claims.stream()
                .map(claim -> new TaskEnd(
                        new Lease(claim.task().key(), claim.task().attempt()),
                        TaskStatus.SUCCEEDED,
                        now,
                        false,
                        How.SPENT,
                        false,
                        null,
                        null,
                        now))
                .toList();
        store.writes(tx -> {
            tx.lock(claims.stream().map(claim -> claim.run().id()).toList());
            tx.end(ends);
        });
    }

    @Override
    public void close() {
        store.close();
    }
}
