package dev.pawl.bench;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.flow.Flow;
import dev.pawl.job.Job;
import dev.pawl.spi.Store;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A flow of three steps, or a job of some, in Pawl: submitted, worked on and awaited in one process. */
final class PawlRuns implements Contender {

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
    private final TypedProgram<String, String> program;
    private final int steps;
    private UnaryOperator<Store> around = UnaryOperator.identity();
    private @Nullable Pawl pawl;

    private PawlRuns(String name, String jdbcUrl, TypedProgram<String, String> program, int steps) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        this.program = program;
        this.steps = steps;
    }

    static PawlRuns flows(String name, String jdbcUrl) {
        return new PawlRuns(name, jdbcUrl, FLOW, Work.STEPS);
    }

    /** @param steps how many steps a job has */
    static PawlRuns jobs(String name, String jdbcUrl, int steps) {
        return new PawlRuns(name, jdbcUrl, job(steps), steps);
    }

    /** A job of so many steps, each of which takes what the one before returned. */
    static Job<String, String> job(int steps) {
        var names = Work.names(steps);
        return Job.define("steps-" + steps, String.class, String.class, (job, input) -> {
            String value = input;
            for (int i = 0; i < steps; i++) {
                int number = i + 1;
                String before = value;
                value = job.call(names.get(i), String.class, () -> Work.step(number, before));
            }
            return value;
        });
    }

    /** Puts something around the store, to see what the engine does with it. */
    PawlRuns over(UnaryOperator<Store> wrapping) {
        around = wrapping;
        return this;
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
        return "%,d slots, everything else as by default; runs submitted and awaited one by one by as many virtual threads as may be in flight"
                .formatted(SLOTS);
    }

    @Override
    public int stepsPerRun() {
        return steps;
    }

    @Override
    public void prepare() {
        pawl = Pawl.over(around.apply(Stores.open(jdbcUrl)), settings(), List.of(program));
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
        opened().submit(program, Work.input(number)).await(PATIENCE);
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
