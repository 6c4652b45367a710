package dev.pawl.bench;

/**
 * One side of a comparison: something that does work durably on PostgreSQL.
 *
 * <p>Only the contender being measured is open. The others are closed meanwhile, because an idle engine still polls, and
 * its database stays as it was. So {@link #prepare} and {@link #close} are called once for every repetition.
 */
interface Contender extends AutoCloseable {

    String name();

    /** How this contender is configured, in a sentence for the report. */
    String tuning();

    /** How many durable steps one run has. */
    int stepsPerRun();

    /** Opens connections and starts the workers. */
    void prepare() throws Exception;

    /**
     * Submits runs from many callers at once and waits until the last one is finished, durably.
     *
     * @param runs how many runs to finish
     * @param concurrency how many runs may be submitted and not yet finished at any moment
     * @return finished runs per second
     */
    double throughput(int runs, int concurrency) throws Exception;

    /**
     * Does one run after the other, with nothing else going on.
     *
     * @return milliseconds from submit to the known result, one value for each of the n runs
     */
    double[] latencies(int n) throws Exception;

    @Override
    void close() throws Exception;
}
