package dev.pawl.bench;

import com.zaxxer.hikari.HikariDataSource;
import dev.dbos.transact.DBOS;
import dev.dbos.transact.StartWorkflowOptions;
import dev.dbos.transact.config.DBOSConfig;
import dev.dbos.transact.workflow.Queue;
import dev.dbos.transact.workflow.Workflow;
import dev.dbos.transact.workflow.WorkflowHandle;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** A workflow of some steps in DBOS Transact, started directly or through queues. */
final class DbosWorkflows implements Contender {

    /**
     * How DBOS is tuned; {@code Main tune} measures what suits a machine.
     *
     * @param connections size of its connection pool (its own default is 10)
     * @param inFlight how many workflows are started and not finished at once, at most; more is not always faster
     * @param queues how many queues the workflows are spread over; 0 starts them directly
     * @param polling how often a queue is polled (its own default is a second)
     */
    record Tuning(int connections, int inFlight, int queues, Duration polling) {

        static Tuning direct(int connections, int inFlight) {
            return new Tuning(connections, inFlight, 0, Duration.ofSeconds(1));
        }

        static Tuning queued(int connections, int inFlight, int queues, Duration polling) {
            return new Tuning(connections, inFlight, queues, polling);
        }
    }

    /** The workflow as DBOS wants it: an interface, and an implementation behind a proxy. */
    public interface Steps {
        String run(String input);
    }

    /** What a workflow is given, and what its steps make of it. */
    interface Code {

        /** What all contenders do. */
        Code OF_ALL = new Code() {
            @Override
            public String input(long run) {
                return Work.input(run);
            }

            @Override
            public String step(int number, String before) {
                return Work.step(number, before);
            }
        };

        String input(long run);

        String step(int number, String before);
    }

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String jdbcUrl;
    private final Tuning tuning;
    private final int steps;
    private final Code code;
    private @Nullable Running running;

    /** @param steps how many steps a workflow has */
    DbosWorkflows(String jdbcUrl, Tuning tuning, int steps) {
        this(jdbcUrl, tuning, steps, Code.OF_ALL);
    }

    DbosWorkflows(String jdbcUrl, Tuning tuning, int steps, Code code) {
        this.jdbcUrl = jdbcUrl;
        this.tuning = tuning;
        this.steps = steps;
        this.code = code;
    }

    @Override
    public String name() {
        return tuning.queues() == 0 ? "DBOS, direct start" : "DBOS, through queues";
    }

    @Override
    public String tuning() {
        String common = "DBOS Transact " + DBOS.version() + ", pool of " + tuning.connections()
                + " connections, workflows on virtual threads, ";
        return tuning.queues() == 0
                ? common + "started directly from " + tuning.inFlight() + " virtual threads"
                : common + "at most " + tuning.inFlight() + " enqueued or running at once, spread over "
                        + tuning.queues() + " queues polled every "
                        + tuning.polling().toMillis() + " ms";
    }

    @Override
    public int stepsPerRun() {
        return steps;
    }

    @Override
    public void prepare() {
        running = new Running(jdbcUrl, tuning, steps, code);
    }

    @Override
    public double throughput(int runs, int concurrency) throws Exception {
        int inFlight = Math.min(concurrency, tuning.inFlight());
        return tuning.queues() == 0
                ? Load.perSecond(runs, inFlight, running()::startAndWait)
                : running().throughQueues(runs, inFlight);
    }

    /** Always of the direct start: through a queue, a single workflow waits for the next poll. */
    @Override
    public double[] latencies(int n) throws Exception {
        return Load.oneByOne(n, running()::startAndWait);
    }

    @Override
    public void close() {
        running().close();
        running = null;
    }

    private Running running() {
        return Objects.requireNonNull(running, "prepare() comes first");
    }

    /** A launched DBOS. */
    private static final class Running {

        private final HikariDataSource pool;
        private final DBOS dbos;
        private final Code code;
        private final Steps workflow;
        private final List<StartWorkflowOptions> queues = new ArrayList<>();
        private final Semaphore ended = new Semaphore(0);

        Running(String jdbcUrl, Tuning tuning, int steps, Code code) {
            this.code = code;
            pool = Pools.open(jdbcUrl, tuning.connections());
            dbos = new DBOS(DBOSConfig.defaults("bench")
                    .withDataSource(pool)
                    .withAppVersion("bench")
                    .withExecutorId("bench"));
            workflow = dbos.registerProxy(Steps.class, new StepsOnDbos(dbos, ended, Work.names(steps), code));
            for (int i = 0; i < tuning.queues(); i++) {
                var queue = new Queue("bench-" + i).withPollingInterval(tuning.polling());
                dbos.registerQueue(queue);
                queues.add(new StartWorkflowOptions(queue));
            }
            dbos.launch();
        }

        void startAndWait(long number) {
            start(number, new StartWorkflowOptions()).getResult();
            ended.tryAcquire();
        }

        /**
         * A handle of a queued workflow polls the database once a second; thousands of them would be a load of their
         * own. So the end of each workflow's code makes room for the next, and the database is asked only at the end.
         */
        double throughQueues(int runs, int inFlight) throws Exception {
            ended.drainPermits();
            ended.release(inFlight);
            long before = finished();
            long begun = System.nanoTime();
            Load.inParallel(runs, Math.min(inFlight, 256), number -> {
                ended.acquire();
                start(number, queues.get((int) (number % queues.size())));
            });
            ended.acquire(inFlight);
            while (finished() < before + runs) {
                if (Load.secondsSince(begun) > PATIENCE.toSeconds()) {
                    throw new IllegalStateException("DBOS has not finished its queued workflows");
                }
                Thread.sleep(5);
            }
            return runs / Load.secondsSince(begun);
        }

        private WorkflowHandle<String, RuntimeException> start(long number, StartWorkflowOptions options) {
            return dbos.startWorkflow(() -> workflow.run(code.input(number)), options);
        }

        private long finished() throws SQLException {
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement();
                    var row = statement.executeQuery(
                            "select count(*) from dbos.workflow_status where status = 'SUCCESS'")) {
                row.next();
                return row.getLong(1);
            }
        }

        void close() {
            dbos.shutdown();
            pool.close();
        }
    }

    private record StepsOnDbos(DBOS dbos, Semaphore ended, List<String> names, Code code) implements Steps {

        @Override
        @Workflow(name = "steps")
        public String run(String input) {
            String value = input;
            for (int i = 0; i < names.size(); i++) {
                int number = i + 1;
                String before = value;
                value = dbos.runStep(() -> code.step(number, before), names.get(i));
            }
            ended.release();
            return value;
        }
    }
}
