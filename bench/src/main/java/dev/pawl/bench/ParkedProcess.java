package dev.pawl.bench;

import static dev.pawl.bench.ChildProcess.tell;

import com.sun.management.OperatingSystemMXBean;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.Handle;
import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * A process of its own in which jobs wait, so that its memory and its idling can be looked at. Prints its figures, for
 * {@link Parked} to read.
 */
public final class ParkedProcess {

    /** What it is to do: park the jobs in an empty database. */
    static final String PARK = "park";

    /** Or open the database in which they are parked. */
    static final String RESTART = "restart";

    private static final Duration LONG = Duration.ofDays(1);
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final Duration WATCHED = Duration.ofSeconds(10);
    private static final int SUBMITTERS = 1_024;
    private static final int SAMPLES = 200;
    private static final String GO = "go";

    private static final CountDownLatch STARTED = new CountDownLatch(Parked.LONG_TASKS);
    private static final CountDownLatch RELEASED = new CountDownLatch(1);

    private static final Job<String, String> USEFUL = PawlRuns.job(1);

    private static final Job<String, String> SLEEPING =
            Job.define("sleeping", String.class, String.class, (job, input) -> {
                String before = job.call("before", String.class, () -> Work.step(1, input));
                job.sleep(LONG);
                return before;
            });

    private static final Job<String, String> WAITING =
            Job.define("waiting", String.class, String.class, (job, input) -> {
                job.call("before", String.class, () -> Work.step(1, input));
                return job.await(GO, String.class);
            });

    /** Goes on for as long as it is not released, so that its lease has to be extended. */
    private static final Job<String, String> RUNNING =
            Job.define("running", String.class, String.class, (job, input) -> {
                STARTED.countDown();
                RELEASED.await();
                return input;
            });

    private final Pawl pawl;
    private final CallCounter counter;
    private final String jdbcUrl;

    private ParkedProcess(Pawl pawl, CallCounter counter, String jdbcUrl) {
        this.pawl = pawl;
        this.counter = counter;
        this.jdbcUrl = jdbcUrl;
    }

    /** Arguments: what to do, the database, a folder for artifacts, how many jobs. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        var counter = new CallCounter();
        var settings = PawlRuns.settings().artifacts(Path.of(arguments[2]));
        var programs = List.of(USEFUL, SLEEPING, WAITING, RUNNING);
        long begun = System.nanoTime();
        try (var pawl = Pawl.over(counter.around(Stores.open(arguments[1])), settings, programs)) {
            var process = new ParkedProcess(pawl, counter, arguments[1]);
            if (arguments[0].equals(PARK)) process.park(Integer.parseInt(arguments[3]));
            else process.restart(begun);
        }
        System.exit(0);
    }

    private void park(int jobs) throws Exception {
        useful(SAMPLES); // warms up
        tell(Parked.EMPTY_HEAP_MIB, heapMib());
        tell(Parked.RUN_MILLIS, Series.percentile(useful(SAMPLES), 0.5));
        leases();
        long begun = System.nanoTime();
        Load.inParallel(
                jobs, SUBMITTERS, number -> pawl.submit(number % 2 == 0 ? SLEEPING : WAITING, Work.input(number)));
        while (waiting("") < jobs) Thread.sleep(20);
        tell(Parked.PARK_SECONDS, Load.secondsSince(begun));
        tell(Parked.PARKED_HEAP_MIB, heapMib());
        tell(Parked.BESIDE_RUN_MILLIS, Series.percentile(useful(SAMPLES), 0.5));
        tell(Parked.RESIDENT_MIB, HeapWatch.peakResidentBytes() / (double) (1 << 20));
    }

    private void restart(long begun) throws Exception {
        tell(Parked.OPEN_MILLIS, Load.secondsSince(begun) * 1_000);
        useful(1);
        long started = ManagementFactory.getRuntimeMXBean().getStartTime();
        tell(Parked.RESTART_MILLIS, System.currentTimeMillis() - started);
        useful(SAMPLES);
        tell(Parked.WAKE_MILLIS, wake());
        var idle = watch();
        tell(Parked.IDLE_CLAIMS, idle.claims());
        tell(Parked.IDLE_CALLS, idle.calls());
        tell(Parked.IDLE_CPU, idle.cpu());
        tell(Parked.RESTARTED_HEAP_MIB, heapMib());
    }

    /** What keeping the leases costs of many tasks that go on for long. */
    private void leases() throws Exception {
        var running = new ArrayList<Handle<String>>();
        for (int i = 0; i < Parked.LONG_TASKS; i++) running.add(pawl.submit(RUNNING, Work.input(i)));
        STARTED.await();
        var watched = watch();
        tell(Parked.LEASE_TRANSACTIONS, watched.extensions());
        tell(Parked.LEASE_ROWS, watched.extended());
        tell(Parked.LEASE_CPU, watched.cpu());
        RELEASED.countDown();
        for (var run : running) run.await(PATIENCE);
    }

    /**
     * What went on while nothing did.
     *
     * @param claims per second, as all others
     * @param extensions statements that extend leases
     * @param extended leases that they extend
     * @param calls of the store, of whatever kind
     * @param cpu in percent of one processor
     */
    private record Idle(double claims, double extensions, double extended, double calls, double cpu) {}

    private Idle watch() throws InterruptedException {
        Thread.sleep(1_000); // what went on before has died away
        long claims = counter.calls("claim");
        long extensions = counter.calls("extend");
        long extended = counter.rows("extend");
        long calls = counter.ofStore();
        double cpu = cpuSeconds();
        long begun = System.nanoTime();
        Thread.sleep(WATCHED);
        double seconds = Load.secondsSince(begun);
        return new Idle(
                (counter.calls("claim") - claims) / seconds,
                (counter.calls("extend") - extensions) / seconds,
                (counter.rows("extend") - extended) / seconds,
                (counter.ofStore() - calls) / seconds,
                100 * (cpuSeconds() - cpu) / seconds);
    }

    private static double cpuSeconds() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime() / 1e9;
    }

    /** The median time of one that waits from its message to its end, in milliseconds. */
    private double wake() throws Exception {
        var runs = new ArrayList<Handle<String>>();
        for (int i = 0; i < SAMPLES; i++) runs.add(pawl.submit(WAITING, Work.input(i)));
        for (var run : runs) {
            while (waiting(" and run_id = " + literal(run.id())) == 0) Thread.sleep(5);
        }
        return Series.percentile(
                Load.oneByOne(SAMPLES, number -> {
                    var run = runs.get((int) number);
                    pawl.signal(run.id(), GO, new Json("\"now\""), null, "bench");
                    run.await(PATIENCE);
                }),
                0.5);
    }

    private double[] useful(int n) throws Exception {
        return Load.oneByOne(
                n, number -> pawl.submit(USEFUL, Work.input(number)).await(PATIENCE));
    }

    /** How many tasks wait for a time or a message. */
    private long waiting(String condition) throws SQLException {
        try (var connection = DriverManager.getConnection(jdbcUrl);
                var statement = connection.createStatement();
                var row = statement.executeQuery(
                        "select count(*) from task where status = 'READY' and parked = 1" + condition)) {
            row.next();
            return row.getLong(1);
        }
    }

    private String literal(RunId run) {
        var hex = new StringBuilder();
        for (byte one : run.bytes()) hex.append("%02x".formatted(one));
        return jdbcUrl.startsWith("jdbc:sqlite:") ? "x'" + hex + "'" : "'\\x" + hex + "'";
    }

    /** What is in use after garbage was collected. */
    private static double heapMib() throws InterruptedException {
        for (int i = 0; i < 2; i++) {
            System.gc();
            Thread.sleep(300);
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / (double) (1 << 20);
    }
}
