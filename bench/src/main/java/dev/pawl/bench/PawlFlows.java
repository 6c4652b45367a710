package dev.pawl.bench;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.flow.Flow;
import dev.pawl.spi.Store;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A flow of three steps in Pawl: submitted, worked on and awaited in one process. */
final class PawlFlows implements Contender {

    /** The flow that is measured. */
    static final Flow<String, String> FLOW = Flow.define("three-steps", String.class, (f, input) -> {
        var first = f.step("first", String.class, input, text -> Work.step(1, text));
        var second = f.step("second", String.class, first, text -> Work.step(2, text));
        return f.step("third", String.class, second, text -> Work.step(3, text));
    });

    /** How many tasks run at once, at most: as many as runs are in flight. */
    static final int SLOTS = 4_096;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final String jdbcUrl;
    private final UnaryOperator<Store> around;
    private @Nullable Pawl pawl;

    PawlFlows(String name, String jdbcUrl) {
        this(name, jdbcUrl, UnaryOperator.identity());
    }

    /** @param around may put something around the store, to see what the engine does with it */
    PawlFlows(String name, String jdbcUrl, UnaryOperator<Store> around) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        this.around = around;
    }

    /** The settings of the engine wherever it is measured: more slots, and nothing else changed. */
    static Settings settings() {
        return Settings.DEFAULT.worker(WorkerSettings.DEFAULT.slots(SLOTS));
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String tuning() {
        return "%,d slots, everything else as by default; flows submitted and awaited one by one by as many virtual threads as may be in flight"
                .formatted(SLOTS);
    }

    @Override
    public int stepsPerRun() {
        return Work.STEPS;
    }

    @Override
    public void prepare() {
        pawl = Pawl.over(around.apply(Stores.open(jdbcUrl)), settings(), List.of(FLOW));
    }

    @Override
    public double throughput(int runs, int concurrency) throws Exception {
        return Load.perSecond(runs, concurrency, this::submitAndWait);
    }

    @Override
    public double[] latencies(int n) throws Exception {
        return Load.oneByOne(n, this::submitAndWait);
    }

    private void submitAndWait(long number) throws InterruptedException, TimeoutException {
        submitAndWait(opened(), number);
    }

    static void submitAndWait(Pawl pawl, long number) throws InterruptedException, TimeoutException {
        pawl.submit(FLOW, Work.input(number)).await(PATIENCE);
    }

    @Override
    public void close() {
        opened().close();
        pawl = null;
    }

    private Pawl opened() {
        return Objects.requireNonNull(pawl, "prepare() comes first");
    }
}
