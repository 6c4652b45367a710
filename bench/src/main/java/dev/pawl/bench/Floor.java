package dev.pawl.bench;

import dev.pawl.core.RunIds;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The floor under an engine: a program that writes the rows the engine would write, with the same batching, and does
 * nothing else. What an engine loses against it is its own work: deciding, encoding, waiting, telling.
 */
final class Floor implements Contender {

    /**
     * How the rows are written.
     *
     * @param lanes connections that commit beside each other
     * @param batch how many changes of runs share a commit
     */
    record Batching(int lanes, int batch) {}

    /**
     * The next change is any of so many that are first in line. With this many, SQLite writes as much to its journal for
     * a run as it does for the engine, whose tasks end in some disorder too; with none it is a third less, and with all
     * that are under way five times as much.
     */
    private static final int DISORDER = 128;

    private final String name;
    private final String jdbcUrl;
    private final Batching batching;
    private final Rows rows;
    private final int steps;
    private final List<Lane> lanes = new ArrayList<>();
    private final RunIds ids = new RunIds(System::currentTimeMillis, new SplittableRandom());

    private Floor(String name, String jdbcUrl, Batching batching, Rows rows, int steps) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        this.batching = batching;
        this.rows = rows;
        this.steps = steps;
    }

    /** Under {@link PawlRuns#FLOW}. */
    static Floor flows(String name, String jdbcUrl, Batching batching) {
        return new Floor(name, jdbcUrl, batching, new FlowRows(), Work.STEPS);
    }

    /** Under {@link PawlRuns#job}. */
    static Floor jobs(String name, String jdbcUrl, Batching batching, int steps) {
        return new Floor(name, jdbcUrl, batching, new JobRows(steps), steps);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String tuning() {
        return "plain JDBC into the tables of Pawl with the statements of Pawl, without its reads and locks; commit lanes: "
                + batching.lanes() + "; changes of runs in a commit: " + batching.batch()
                + ", the mean that Pawl was seen to have";
    }

    @Override
    public int stepsPerRun() {
        return steps;
    }

    @Override
    public void prepare() throws SQLException {
        Stores.open(jdbcUrl).close(); // creates the tables
        for (int i = 0; i < batching.lanes(); i++) {
            var connection = new PlainConnection(jdbcUrl);
            lanes.add(new Lane(connection, new RowWriter(connection, rows)));
        }
    }

    @Override
    public double throughput(int runs, int concurrency) throws Exception {
        int inFlight = Math.max(1, concurrency / batching.lanes());
        var left = new AtomicLong(runs);
        long begun = System.nanoTime();
        Load.inParallel(
                lanes.size(), lanes.size(), lane -> lanes.get((int) lane).work(left, inFlight, batching.batch()));
        return runs / Load.secondsSince(begun);
    }

    @Override
    public double[] latencies(int n) throws Exception {
        return Load.oneByOne(n, number -> lanes.getFirst().work(new AtomicLong(1), 1, 1));
    }

    @Override
    public void close() throws SQLException {
        for (var lane : lanes) {
            lane.connection().close();
        }
        lanes.clear();
    }

    /**
     * One connection. As in the engine, many runs are under way, first come, first served, and about as much in disorder:
     * runs whose ids are neighbours share pages, and so cost less when they share a commit.
     */
    private final class Lane {

        private final PlainConnection connection;
        private final RowWriter writer;
        private final SplittableRandom random = new SplittableRandom(1);

        Lane(PlainConnection connection, RowWriter writer) {
            this.connection = connection;
            this.writer = writer;
        }

        PlainConnection connection() {
            return connection;
        }

        /** Takes new runs until none are left and all are finished. */
        void work(AtomicLong left, int inFlight, int batch) throws SQLException {
            var underWay = new ArrayList<Change>(inFlight);
            while (true) {
                while (underWay.size() < inFlight && left.getAndDecrement() > 0) {
                    underWay.add(Change.submission(ids.next(), steps));
                }
                if (underWay.isEmpty()) {
                    return;
                }
                var changes = new ArrayList<Change>(batch);
                while (changes.size() < batch && !underWay.isEmpty()) {
                    changes.add(any(underWay));
                }
                changes.sort(Comparator.comparing(Change::run)); // as the engine does, so that it never deadlocks
                connection.begin();
                writer.write(changes);
                connection.commit();
                changes.stream()
                        .filter(change -> !change.last())
                        .map(Change::next)
                        .forEach(underWay::add);
            }
        }

        /** One of the first in line. */
        private Change any(List<Change> underWay) {
            return underWay.remove(random.nextInt(Math.min(DISORDER, underWay.size())));
        }
    }
}
