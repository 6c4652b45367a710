package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Measures maps, small and big, in a process with a heap of 1 GiB. */
final class Maps {

    /** The most heap that the engine may have. */
    static final int HEAP_LIMIT_MIB = 1_024;

    static final String SMALL_SECONDS = "small-seconds";
    static final String BIG_SECONDS = "big-seconds";
    static final String SHARED_SECONDS = "shared-seconds";
    static final String ALONE_MILLIS = "alone-millis";
    static final String ALONE_P95_MILLIS = "alone-p95-millis";
    static final String BESIDE_MILLIS = "beside-millis";
    static final String BESIDE_P95_MILLIS = "beside-p95-millis";
    static final String BESIDE_RUNS = "beside-runs";
    static final String HEAP_MIB = "heap-mib";
    static final String RESIDENT_MIB = "resident-mib";

    private final Databases databases;
    private final Path folder;
    private final int repetitions;
    private final int samples;

    /**
     * @param folder where the process may keep artifacts
     * @param repetitions how many processes, one after the other
     * @param samples how many short runs are measured while nothing else goes on
     */
    Maps(Databases databases, Path folder, int repetitions, int samples) {
        this.databases = databases;
        this.folder = folder;
        this.repetitions = repetitions;
        this.samples = samples;
    }

    /**
     * What came out.
     *
     * @param figures by the names above
     */
    record Result(int small, int big, Samples figures) {

        Series of(String name) {
            return figures.series(name);
        }

        Series itemsPerSecond(String seconds, int items) {
            return of(seconds).map(value -> items / value);
        }

        /** How much more one item of the big map takes than one of the small map: 1 if the cost is linear. */
        Series growth() {
            return itemsPerSecond(SMALL_SECONDS, small).ratioTo(itemsPerSecond(BIG_SECONDS, big));
        }

        /** How much longer a step of a short run takes beside the big map. */
        Series slowdown() {
            return of(BESIDE_MILLIS).ratioTo(of(ALONE_MILLIS));
        }
    }

    Result measure(int small, int big) throws Exception {
        var all = new Samples();
        for (int repetition = 1; repetition <= repetitions; repetition++) {
            String url = databases.newDatabase("map_" + repetition);
            databases.settle();
            var figures = run(url, small, big);
            figures.forEach(all::add);
            Comparison.say("%d/%d  maps %s", repetition, repetitions, figures);
        }
        return new Result(small, big, all);
    }

    private Map<String, Double> run(String url, int small, int big) throws IOException, InterruptedException {
        Path artifacts = Files.createTempDirectory(Files.createDirectories(folder), "artifacts-");
        var figures = ChildProcess.run(
                HEAP_LIMIT_MIB,
                MapProcess.class,
                url,
                artifacts.toString(),
                String.valueOf(small),
                String.valueOf(big),
                String.valueOf(samples));
        Disk.delete(artifacts);
        return figures;
    }
}
