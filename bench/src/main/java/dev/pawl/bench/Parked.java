package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Measures what jobs cost that wait for a time or for a message, and what a worker costs that has nothing to do. */
final class Parked {

    /** The most heap that the engine may have. */
    static final int HEAP_LIMIT_MIB = 256;

    /** How many tasks hold their leases at once while nothing happens in them. */
    static final int LONG_TASKS = 1_000;

    static final String LEASE_TRANSACTIONS = "lease-transactions-per-second";
    static final String LEASE_ROWS = "lease-rows-per-second";
    static final String LEASE_CPU = "lease-cpu-percent";
    static final String PARK_SECONDS = "park-seconds";
    static final String EMPTY_HEAP_MIB = "empty-heap-mib";
    static final String PARKED_HEAP_MIB = "parked-heap-mib";
    static final String RESTARTED_HEAP_MIB = "restarted-heap-mib";
    static final String RESIDENT_MIB = "resident-mib";
    static final String IDLE_CLAIMS = "idle-claims-per-second";
    static final String IDLE_CALLS = "idle-calls-per-second";
    static final String IDLE_CPU = "idle-cpu-percent";
    static final String RUN_MILLIS = "run-millis";
    static final String BESIDE_RUN_MILLIS = "beside-run-millis";
    static final String OPEN_MILLIS = "open-millis";
    static final String RESTART_MILLIS = "restart-millis";
    static final String WAKE_MILLIS = "wake-millis";

    private final Databases databases;
    private final Path folder;
    private final int repetitions;

    /**
     * @param folder where the processes may keep artifacts
     * @param repetitions how often, each time with a database of its own
     */
    Parked(Databases databases, Path folder, int repetitions) {
        this.databases = databases;
        this.folder = folder;
        this.repetitions = repetitions;
    }

    /**
     * What came out.
     *
     * @param jobs how many waited
     * @param figures by the names above
     */
    record Result(int jobs, Samples figures) {

        Series of(String name) {
            return figures.series(name);
        }

        Series parkedPerSecond() {
            return of(PARK_SECONDS).map(seconds -> jobs / seconds);
        }
    }

    Result measure(int jobs) throws Exception {
        var all = new Samples();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            String url = databases.newDatabase("parked_" + repetition);
            Path artifacts = Files.createTempDirectory(Files.createDirectories(folder), "artifacts-");
            var first = run(url, artifacts, ParkedProcess.PARK, jobs);
            databases.settle();
            var second = run(url, artifacts, ParkedProcess.RESTART, jobs);
            first.forEach(all::add);
            second.forEach(all::add);
            Disk.delete(artifacts);
            Comparison.say("%d/%d  parked %s %s", repetition, repetitions, first, second);
        }
        return new Result(jobs, all);
    }

    private static Map<String, Double> run(String url, Path artifacts, String what, int jobs)
            throws IOException, InterruptedException {
        return ChildProcess.run(
                HEAP_LIMIT_MIB, ParkedProcess.class, what, url, artifacts.toString(), String.valueOf(jobs));
    }
}
