package dev.pawl.bench;

import java.util.concurrent.atomic.AtomicReference;

/** Workflows of DBOS whose steps do what the nodes of {@link GraphRuns} do: one step for each node, each recorded. */
final class DbosWalks implements Paced {

    private final String name;
    private final AtomicReference<Gaps> gaps;
    private final DbosWorkflows workflows;

    DbosWalks(String name, String jdbcUrl, DbosWorkflows.Tuning tuning, int steps) {
        this.name = name;
        gaps = new AtomicReference<>(new Gaps(0, steps));
        workflows = new DbosWorkflows(jdbcUrl, tuning, steps, new Watched(gaps));
    }

    /** The value of each step begins with the number of its run. */
    private record Watched(AtomicReference<Gaps> gaps) implements DbosWorkflows.Code {

        private static final int DIGITS = 10;

        @Override
        public String input(long run) {
            return "%010d".formatted(run) + Work.input(run);
        }

        @Override
        public String step(int number, String before) {
            String digits = before.substring(0, DIGITS);
            long run = Long.parseLong(digits);
            gaps.get().begin(run, number);
            String after = digits + Work.step(number, before.substring(DIGITS));
            gaps.get().end(run, number);
            return after;
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String tuning() {
        return workflows.tuning();
    }

    @Override
    public int stepsPerRun() {
        return workflows.stepsPerRun();
    }

    @Override
    public void watch(Gaps by) {
        gaps.set(by);
    }

    @Override
    public void prepare() {
        workflows.prepare();
    }

    @Override
    public double throughput(int runs, int concurrency) throws Exception {
        return workflows.throughput(runs, concurrency);
    }

    @Override
    public double[] latencies(int n) throws Exception {
        return workflows.latencies(n);
    }

    @Override
    public void close() {
        workflows.close();
    }
}
