package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** Measures very many jobs that wait: what they cost while nothing happens, and a process that begins with them. */
final class Parked {

    static final String PARKED_PER_SECOND = "parked-per-second";
    static final String HEAP_BEFORE_MIB = "heap-before-mib";
    static final String HEAP_AFTER_MIB = "heap-after-mib";
    static final String IDLE_TRANSACTIONS = "idle-transactions";
    static final String IDLE_CPU = "idle-cpu";
    static final String LEASE_TRANSACTIONS = "lease-transactions";
    static final String LEASE_CPU = "lease-cpu";
    static final String OPEN_MILLIS = "open-millis";
    static final String FIRST_RUN_MILLIS = "first-run-millis";

    private final Databases databases;
    private final int repetitions;

    Parked(Databases databases, int repetitions) {
        this.databases = databases;
        this.repetitions = repetitions;
    }

    /** The figures, by the names above. */
    Samples measure(int jobs) throws Exception {
        var all = new Samples();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            String url = databases.newDatabase("parked_" + repetition);
            databases.settle();
            run(url, jobs, all);
            run(url, 0, all);
            Comparison.say("%d/%d  parked jobs", repetition, repetitions);
        }
        return all;
    }

    private static void run(String url, int jobs, Samples into) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx" + Maps.HEAP_LIMIT_MIB + "m",
                        "--enable-native-access=ALL-UNNAMED",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ParkedProcess.class.getName(),
                        url,
                        String.valueOf(jobs)))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (var lines = process.inputReader()) {
            lines.lines().map(line -> line.split(" ", -1)).forEach(line -> into.add(line[0], Double.valueOf(line[1])));
        }
        if (process.waitFor() != 0) throw new IllegalStateException("The process with the parked jobs failed.");
    }
}
