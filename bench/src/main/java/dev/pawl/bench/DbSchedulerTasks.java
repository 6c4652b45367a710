package dev.pawl.bench;

import com.github.kagkarlsson.scheduler.Scheduler;
import com.github.kagkarlsson.scheduler.SchedulerName;
import com.github.kagkarlsson.scheduler.event.AbstractSchedulerListener;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.TaskInstance;
import com.github.kagkarlsson.scheduler.task.helper.OneTimeTask;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import com.zaxxer.hikari.HikariDataSource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/** One-time tasks of db-scheduler: one durable step each, with about 100 bytes of data and no recorded result. */
final class DbSchedulerTasks implements Contender {

    /** What is measured. */
    enum Mode {
        /** Tasks are scheduled one by one by many callers while others are executed: what a caller of an engine sees. */
        SUBMIT_AND_EXECUTE,
        /** Tasks are scheduled beforehand, in batches and off the clock; only picking and executing them is measured. */
        DRAIN
    }

    /**
     * How db-scheduler is tuned; {@code Main tune} measures what suits a machine.
     *
     * @param threads its workers
     * @param lower picks more when fewer than this many times the threads are left of what it has picked
     * @param upper picks up to this many times the threads
     * @param connections size of the connection pool it shares with the callers
     * @param submitters how many callers schedule at once
     */
    record Tuning(int threads, double lower, double upper, int connections, int submitters) {}

    private static final int BATCH = 1_000;
    private static final Duration POLLING = Duration.ofMillis(20);

    /** The table that db-scheduler documents, without the index that only users of priorities need. */
    private static final List<String> SCHEMA = List.of(
            """
            create table if not exists scheduled_tasks (
              task_name text not null,
              task_instance text not null,
              task_data bytea,
              execution_time timestamptz not null,
              picked boolean not null,
              picked_by text,
              last_success timestamptz,
              last_failure timestamptz,
              consecutive_failures int,
              last_heartbeat timestamptz,
              version bigint not null,
              priority smallint,
              primary key (task_name, task_instance))
            """,
            "create index if not exists scheduled_tasks_due on scheduled_tasks (execution_time)",
            "create index if not exists scheduled_tasks_heartbeat on scheduled_tasks (last_heartbeat)");

    private final String jdbcUrl;
    private final Mode mode;
    private final Tuning tuning;
    private @Nullable Running running;

    DbSchedulerTasks(String jdbcUrl, Mode mode, Tuning tuning) {
        this.jdbcUrl = jdbcUrl;
        this.mode = mode;
        this.tuning = tuning;
    }

    @Override
    public String name() {
        return mode == Mode.DRAIN ? "db-scheduler, drain only" : "db-scheduler, submit and execute";
    }

    @Override
    public String tuning() {
        String common = "db-scheduler " + version() + ", lock-and-fetch with limits " + tuning.lower() + " and "
                + tuning.upper() + ", "
                + tuning.threads() + " threads, pool of " + tuning.connections() + " connections, polling every "
                + POLLING.toMillis() + " ms, immediate execution";
        return mode == Mode.DRAIN
                ? common + "; tasks are there before the clock starts"
                : common + "; tasks are scheduled one by one by " + tuning.submitters() + " virtual threads";
    }

    @Override
    public int stepsPerRun() {
        return 1;
    }

    @Override
    public void prepare() throws SQLException {
        running = new Running(jdbcUrl, tuning);
    }

    @Override
    public double throughput(int runs, int concurrency) throws Exception {
        return mode == Mode.DRAIN ? running().drain(runs) : running().submitAndExecute(runs, concurrency);
    }

    @Override
    public double[] latencies(int n) throws Exception {
        return Load.oneByOne(n, number -> running().submitAndWait(number));
    }

    @Override
    public void close() {
        running().close();
        running = null;
    }

    private static String version() {
        var properties = new Properties();
        try (var file = Scheduler.class.getResourceAsStream(
                "/META-INF/maven/com.github.kagkarlsson/db-scheduler/pom.properties")) {
            if (file != null) {
                properties.load(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "of unknown version");
    }

    private Running running() {
        return Objects.requireNonNull(running, "prepare() comes first");
    }

    /** A started scheduler. */
    private static final class Running {

        private final HikariDataSource pool;
        private final Scheduler scheduler;
        private final int submitters;
        private final Semaphore ended = new Semaphore(0);
        private final OneTimeTask<String> task =
                Tasks.oneTime("bench", String.class).execute((instance, context) -> Work.step(1, instance.getData()));

        /** Instance ids must not repeat, also when the database has seen earlier repetitions. */
        private final String ids = UUID.randomUUID() + "-";

        Running(String jdbcUrl, Tuning tuning) throws SQLException {
            pool = Pools.open(jdbcUrl, tuning.connections());
            submitters = tuning.submitters();
            try (var connection = pool.getConnection();
                    var statement = connection.createStatement()) {
                for (String sql : SCHEMA) {
                    statement.execute(sql);
                }
            }
            scheduler = Scheduler.create(pool, task)
                    .schedulerName(new SchedulerName.Fixed("bench"))
                    .threads(tuning.threads())
                    .pollUsingLockAndFetch(tuning.lower(), tuning.upper())
                    .pollingInterval(POLLING)
                    .enableImmediateExecution()
                    .shutdownMaxWait(Duration.ofSeconds(5))
                    .addSchedulerListener(new AbstractSchedulerListener() {
                        @Override
                        public void onExecutionComplete(ExecutionComplete execution) {
                            // Called after the row of the task was deleted, so its end is durable.
                            ended.release();
                        }
                    })
                    .build();
            scheduler.start();
        }

        double submitAndExecute(int runs, int concurrency) throws Exception {
            ended.drainPermits();
            ended.release(concurrency);
            String prefix = ids + System.nanoTime() + '-';
            long begun = System.nanoTime();
            Load.inParallel(runs, Math.min(submitters, concurrency), number -> {
                ended.acquire();
                scheduler.schedule(instance(prefix, number), Instant.now());
            });
            ended.acquire(concurrency);
            return runs / Load.secondsSince(begun);
        }

        double drain(int runs) throws Exception {
            ended.drainPermits();
            String prefix = ids + System.nanoTime() + '-';
            scheduler.pause();
            for (int from = 0; from < runs; from += BATCH) {
                var batch = new ArrayList<TaskInstance<?>>();
                for (int n = from; n < Math.min(runs, from + BATCH); n++) {
                    batch.add(instance(prefix, n));
                }
                scheduler.scheduleBatch(batch, Instant.now());
            }
            if (ended.availablePermits() > 0) {
                throw new IllegalStateException("db-scheduler has executed tasks before the clock was started");
            }
            long begun = System.nanoTime();
            scheduler.resume();
            ended.acquire(runs);
            return runs / Load.secondsSince(begun);
        }

        void submitAndWait(long number) throws InterruptedException {
            ended.drainPermits();
            scheduler.schedule(instance(ids + System.nanoTime() + '-', number), Instant.now());
            ended.acquire();
        }

        private TaskInstance<String> instance(String prefix, long number) {
            return task.instance(prefix + number, Work.input(number));
        }

        void close() {
            scheduler.stop();
            pool.close();
        }
    }
}
