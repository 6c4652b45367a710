package dev.pawl.bench;

import dev.pawl.core.RunIds;
import java.sql.SQLException;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/** What the array form of the hot statements buys on PostgreSQL against a JDBC batch of the form for a single row. */
final class StatementForms {

    /** How many rows share a commit. */
    static final int BATCH = 256;

    private static final int BATCHES = 40;
    private static final Rows ROWS = new FlowRows();

    private final RunIds ids = new RunIds(System::currentTimeMillis, new SplittableRandom());
    private final PostgresForBench postgres;
    private final int repetitions;

    StatementForms(PostgresForBench postgres, int repetitions) {
        this.postgres = postgres;
        this.repetitions = repetitions;
    }

    /** Rows per second of one statement, by each form. */
    record Result(String statement, Series arrays, Series rows) {}

    /** A hot statement with the rows it is for. */
    private record Hot(String name, BiFunction<List<Change>, Long, Columns<Change>> rows) {}

    /** In an order in which each finds the rows it needs. Their runs are there before. */
    private static final List<Hot> STATEMENTS = List.of(
            new Hot("task.insert", ROWS::taskInserts),
            new Hot("event.append", ROWS::eventAppends),
            new Hot("task.end", (changes, now) -> ROWS.taskEnds(next(changes), now)),
            new Hot("run.update", (changes, now) -> ROWS.runUpdates(next(changes), now)));

    private static List<Change> next(List<Change> changes) {
        return changes.stream().map(Change::next).toList();
    }

    List<Result> measure() throws Exception {
        String url = postgres.newDatabase("forms");
        Stores.open(url).close(); // creates the tables
        var samples = new Samples();
        try (var connection = new PlainConnection(url)) {
            lives(connection, true, new Samples()); // warms up
            lives(connection, false, new Samples());
            for (int repetition = 1; repetition <= repetitions; repetition++) {
                postgres.settle();
                lives(connection, true, samples);
                lives(connection, false, samples);
                Comparison.say("%d/%d  statement forms", repetition, repetitions);
            }
        }
        return STATEMENTS.stream()
                .map(hot -> new Result(hot.name(), samples.series(key(hot, true)), samples.series(key(hot, false))))
                .toList();
    }

    private static String key(Hot hot, boolean arrays) {
        return hot.name() + (arrays ? " arrays" : " rows");
    }

    /** New runs from their submission to the end of their first task, statement after statement. */
    private void lives(PlainConnection connection, boolean arrays, Samples samples) throws SQLException {
        var batches = Stream.generate(() -> Stream.generate(ids::next)
                        .limit(BATCH)
                        .map(run -> Change.submission(run, Work.STEPS))
                        .toList())
                .limit(BATCHES)
                .toList();
        var runs = connection.prepare("run.insert");
        for (var batch : batches) {
            runs.execute(ROWS.runInserts(batch, System.currentTimeMillis()));
            connection.commit();
        }
        for (var hot : STATEMENTS) {
            var statement = connection.prepare(arrays ? StoreSql.ofArrays(hot.name()) : StoreSql.ofRow(hot.name()));
            long begun = System.nanoTime();
            for (var batch : batches) {
                statement.execute(hot.rows().apply(batch, System.currentTimeMillis()));
                connection.commit();
            }
            double perSecond = (double) BATCHES * BATCH / Load.secondsSince(begun);
            samples.add(key(hot, arrays), perSecond);
        }
    }
}
