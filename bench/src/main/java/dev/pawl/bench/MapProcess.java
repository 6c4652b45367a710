package dev.pawl.bench;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.flow.Flow;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * A process of its own in which the engine works on maps, so that its memory can be bounded and looked at. Prints its
 * figures, a line each, for {@link Maps} to read.
 */
public final class MapProcess {

    /** How many items of the map that goes on have been worked on. */
    private static final AtomicInteger ITEMS = new AtomicInteger();

    /** A list of integers, a map over it, and the sum of what comes out: the list and the outputs are never in a row. */
    private static final Flow<Integer, Long> SUM_OF_MAP = Flow.define("sum-of-map", Integer.class, (f, size) -> {
        var numbers = f.list(
                "numbers",
                Integer.class,
                size,
                count -> IntStream.range(0, count).boxed().toList());
        var doubled = f.map("doubled", Integer.class, numbers, number -> {
            ITEMS.incrementAndGet();
            return 2 * number;
        });
        return f.step(
                "sum",
                Long.class,
                doubled,
                all -> all.stream().mapToLong(Integer::longValue).sum());
    });

    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final int WARM_UP_MAPS = 3;

    private final Pawl pawl;
    private final int small;
    private final int big;
    private final int samples;

    private MapProcess(Pawl pawl, int small, int big, int samples) {
        this.pawl = pawl;
        this.small = small;
        this.big = big;
        this.samples = samples;
    }

    /** Arguments: the database, a folder for artifacts, the sizes of the small and the big map, samples of latency. */
    public static void main(String[] arguments) throws Exception {
        Locale.setDefault(Locale.ROOT);
        System.setProperty("org.slf4j.simpleLogger.defaultLogLevel", "warn");
        var heap = HeapWatch.start();
        Settings settings = PawlRuns.settings().artifacts(Path.of(arguments[1]));
        try (var pawl = Pawl.open(arguments[0], settings, List.of(SUM_OF_MAP, PawlRuns.FLOW))) {
            new MapProcess(
                            pawl,
                            Integer.parseInt(arguments[2]),
                            Integer.parseInt(arguments[3]),
                            Integer.parseInt(arguments[4]))
                    .measure();
        }
        ChildProcess.tell(Maps.HEAP_MIB, heap.peakBytes() / (double) (1 << 20));
        ChildProcess.tell(Maps.RESIDENT_MIB, HeapWatch.peakResidentBytes() / (double) (1 << 20));
        System.exit(0);
    }

    private void measure() throws Exception {
        for (int i = 0; i < WARM_UP_MAPS; i++) {
            map(small);
        }
        oneByOne(samples);
        ChildProcess.tell(
                Maps.SMALL_SECONDS, Series.percentile(new double[] {map(small), map(small), map(small)}, 0.5));
        latencies(Maps.ALONE_MILLIS, Maps.ALONE_P95_MILLIS, oneByOne(samples));
        double bigAlone = map(big);
        ChildProcess.tell(Maps.BIG_SECONDS, bigAlone);
        beside();
    }

    /**
     * Short runs, one after the other, for as long as a big map goes on in the same process. Those that do not fall
     * within the fan-out as a whole do not count: while the list is made or added up, little else is going on.
     */
    private void beside() throws Exception {
        var mapping = CompletableFuture.supplyAsync(() -> {
            try {
                return map(big);
            } catch (Exception e) {
                throw new CompletionException(e);
            }
        });
        var milliseconds = new ArrayList<Double>();
        while (!mapping.isDone()) {
            boolean begun = ITEMS.get() > 0;
            double taken = oneByOne(1)[0];
            if (begun && ITEMS.get() < big) {
                milliseconds.add(taken);
            }
        }
        ChildProcess.tell(Maps.SHARED_SECONDS, mapping.get());
        ChildProcess.tell(Maps.BESIDE_RUNS, milliseconds.size());
        if (milliseconds.isEmpty()) {
            throw new IllegalStateException("The big map was over before a short run was; it must be larger.");
        }
        latencies(
                Maps.BESIDE_MILLIS,
                Maps.BESIDE_P95_MILLIS,
                milliseconds.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private double map(int size) throws Exception {
        ITEMS.set(0);
        long begun = System.nanoTime();
        long sum = pawl.submit(SUM_OF_MAP, size).await(PATIENCE);
        double seconds = Load.secondsSince(begun);
        if (sum != (long) size * (size - 1)) {
            throw new IllegalStateException("The map over " + size + " items added up to " + sum + ".");
        }
        return seconds;
    }

    private double[] oneByOne(int n) throws Exception {
        return Load.oneByOne(n, number -> PawlRuns.submitAndWait(pawl, number));
    }

    private static void latencies(String median, String p95, double[] milliseconds) {
        ChildProcess.tell(median, Series.percentile(milliseconds, 0.5));
        ChildProcess.tell(p95, Series.percentile(milliseconds, 0.95));
    }
}
