package dev.pawl.bench;

import com.sun.management.OperatingSystemMXBean;
import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import java.lang.management.ManagementFactory;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/**
 * A process of its own with very many jobs that wait, and then one that begins with them. Prints its figures, a line each,
 * for {@link Parked} to read.
 */
public final class ParkedProcess {

    /** Waits for a signal that nobody sends. */
    private static final Job<Integer, String> WAITING = Job.define(
            "waiting",
            Integer.class,
            String.class,
            (job, number) -> job.await("go", String.class, Duration.ofDays(30)).orElse("nobody came"));

    /** Holds a lease until the process ends. */
    private static final Job<Integer, String> HOLDING =
            Job.define("holding", Integer.class, String.class, (job, number) -> {
                new CountDownLatch(1).await();
                return "";
            });

    private static final int LEASES = 1_000;
    private static final int IN_FLIGHT = 4_096;
    private static final int IDLE_SECONDS = 10;

    /** So long the server takes to count what was done. */
    private static final Duration SETTLE = Duration.ofSeconds(12);

    private static final String TRANSACTIONS =
            "select xact_commit + xact_rollback from pg_stat_database where datname = current_database()";

    private final String url;
    private final Pawl pawl;

    private ParkedProcess(String url, Pawl pawl) {
        this.url = url;
        this.pawl = pawl;
    }

    /** Arguments: the database, and how many jobs are to wait; 0 to begin with those that wait already. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        int jobs = Integer.parseInt(arguments[1]);
        long begun = System.nanoTime();
        try (var pawl = Pawl.open(arguments[0], PawlRuns.settings(), List.of(WAITING, HOLDING, PawlRuns.FLOW))) {
            var process = new ParkedProcess(arguments[0], pawl);
            if (jobs > 0) process.park(jobs);
            else process.goOn(begun);
            System.out.flush();
            Runtime.getRuntime().halt(0); // nothing is to be handed back: the next process finds what a crash leaves
        }
    }

    private void park(int jobs) throws Exception {
        PawlRuns.submitAndWait(pawl, 0);
        tell(Parked.HEAP_BEFORE_MIB, heapMib());
        long begun = System.nanoTime();
        Load.inParallel(jobs, IN_FLIGHT, number -> {
            var handle = pawl.submit(WAITING, (int) number);
            if (handle.id() == null) throw new IllegalStateException("nothing was submitted");
        });
        while (parked() < jobs) Thread.sleep(20);
        tell(Parked.PARKED_PER_SECOND, jobs / Load.secondsSince(begun));
        tell(Parked.HEAP_AFTER_MIB, heapMib());
        idle(Parked.IDLE_TRANSACTIONS, Parked.IDLE_CPU);
        for (int i = 0; i < LEASES; i++) pawl.submit(HOLDING, i);
        idle(Parked.LEASE_TRANSACTIONS, Parked.LEASE_CPU);
    }

    /** From the start of this process's engine to the end of a short run, among all those that wait. */
    private void goOn(long begun) throws Exception {
        tell(Parked.OPEN_MILLIS, Load.secondsSince(begun) * 1_000);
        PawlRuns.submitAndWait(pawl, 0);
        tell(Parked.FIRST_RUN_MILLIS, Load.secondsSince(begun) * 1_000);
    }

    /** What a process does when nothing is to be done. */
    private void idle(String transactions, String cpu) throws Exception {
        Thread.sleep(SETTLE);
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        double committed = number(TRANSACTIONS);
        long used = system.getProcessCpuTime();
        long begun = System.nanoTime();
        Thread.sleep(Duration.ofSeconds(IDLE_SECONDS));
        double seconds = Load.secondsSince(begun);
        tell(cpu, (system.getProcessCpuTime() - used) / 1e9 / seconds * 100);
        tell(transactions, (number(TRANSACTIONS) - committed) / seconds);
    }

    private double parked() throws SQLException {
        return number("select count(*) from task where status = 'READY' and parked = 1");
    }

    private double number(String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(sql)) {
            row.next();
            return row.getDouble(1);
        }
    }

    private static double heapMib() throws InterruptedException {
        for (int i = 0; i < 3; i++) {
            System.gc();
            Thread.sleep(200);
        }
        var runtime = Runtime.getRuntime();
        return (runtime.totalMemory() - runtime.freeMemory()) / (double) (1 << 20);
    }

    private static void tell(String name, double figure) {
        System.out.println(name + ' ' + figure);
    }
}
