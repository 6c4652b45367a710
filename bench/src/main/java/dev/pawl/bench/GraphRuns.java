package dev.pawl.bench;

import dev.pawl.boundary.Strictness;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Hashing;
import dev.pawl.graph.Node;
import dev.pawl.io.Io;
import dev.pawl.spi.History;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Runs of a graph in Pawl, its nodes one after the other.
 *
 * @param <S> the state of the graph
 */
final class GraphRuns<S> implements Paced {

    /** How many nodes each graph has. */
    static final int NODES = 20;

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final String name;
    private final String jdbcUrl;
    private final Graph<S> graph;
    private final LongFunction<S> input;
    private final AtomicReference<Gaps> gaps;
    private Settings settings = PawlRuns.settings();
    private @Nullable Pawl pawl;

    private GraphRuns(String name, String jdbcUrl, Graph<S> graph, LongFunction<S> input, AtomicReference<Gaps> gaps) {
        this.name = name;
        this.jdbcUrl = jdbcUrl;
        this.graph = graph;
        this.input = input;
        this.gaps = gaps;
    }

    /**
     * A small state: what steps of jobs and workflows are given elsewhere.
     *
     * @param run the number of the run
     */
    record Walk(long run, int at, String text) {

        private Walk then(String next) {
            return new Walk(run, at + 1, next);
        }
    }

    /** Each node makes the next text from the last one. */
    static GraphRuns<Walk> plain(String name, String jdbcUrl) {
        return of(
                name, jdbcUrl, "walk", Walk.class, GraphRuns::walk, gaps -> (walk, io) -> walk.then(text(gaps, walk)));
    }

    /** The same as a recorded call of each node. */
    static GraphRuns<Walk> calling(String name, String jdbcUrl) {
        return of(
                name,
                jdbcUrl,
                "walk-and-call",
                Walk.class,
                GraphRuns::walk,
                gaps -> (walk, io) -> walk.then(io.call("text", String.class, () -> text(gaps, walk))));
    }

    private static Walk walk(long run) {
        return new Walk(run, 0, Work.input(run));
    }

    private static String text(Gaps gaps, Walk walk) {
        int step = walk.at + 1;
        gaps.begin(walk.run, step);
        String text = Work.step(step, walk.text);
        gaps.end(walk.run, step);
        return text;
    }

    /**
     * A state of some size, of which each node changes a small part.
     *
     * @param entries how many entries of about a hundred bytes the state has
     */
    static GraphRuns<Casebook> sized(String name, String jdbcUrl, int entries, Hashing hashing) {
        var runs = of(
                name, jdbcUrl, "casebook", Casebook.class, run -> Casebook.of(run, entries), gaps -> (casebook, io) -> {
                    gaps.begin(casebook.run(), casebook.at() + 1);
                    var next = casebook.next();
                    gaps.end(casebook.run(), next.at());
                    return next;
                });
        return new GraphRuns<>(name, jdbcUrl, runs.graph.hashing(hashing), runs.input, runs.gaps);
    }

    /** The code of all nodes; given what watches it. */
    private interface Code<S> {
        NodeCode<S> watchedBy(Gaps gaps);
    }

    private interface NodeCode<S> {
        S next(S state, Io io);
    }

    private static <S> GraphRuns<S> of(
            String name, String jdbcUrl, String graph, Class<S> state, LongFunction<S> input, Code<S> code) {
        var gaps = new AtomicReference<>(new Gaps(0, NODES));
        var defined = Graph.define(graph, state, g -> {
            Node<S> last = null;
            for (String node : Work.names(NODES)) {
                var next =
                        g.node(node, (value, io) -> code.watchedBy(gaps.get()).next(value, io));
                if (last == null) g.start(next);
                else last.then(next);
                last = next;
            }
            Objects.requireNonNull(last).end();
        });
        // The nodes look at the clock, which is what the boundary is there to find.
        return new GraphRuns<>(name, jdbcUrl, defined.boundary(Strictness.OFF), input, gaps);
    }

    /** With other settings. */
    GraphRuns<S> with(Settings other) {
        settings = other;
        return this;
    }

    private java.util.function.UnaryOperator<dev.pawl.spi.Store> around = s -> s;

    GraphRuns<S> over(java.util.function.UnaryOperator<dev.pawl.spi.Store> w) {
        around = w;
        return this;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String tuning() {
        return "%,d slots, everything else as by default; graphs of %d nodes in a chain"
                .formatted(PawlRuns.SLOTS, NODES);
    }

    @Override
    public int stepsPerRun() {
        return NODES;
    }

    @Override
    public void watch(Gaps by) {
        gaps.set(by);
    }

    @Override
    public void prepare() {
        pawl = Pawl.over(Stores.open(jdbcUrl), settings, List.of(graph));
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
        opened().submit(graph, input.apply(number)).await(PATIENCE);
    }

    /** Lets one run come to its end, unwatched. */
    RunId one() throws Exception {
        watch(new Gaps(0, NODES));
        var handle = opened().submit(graph, input.apply(0));
        handle.await(PATIENCE);
        return handle.id();
    }

    /** How many characters a step keeps of its state, on average over one run; opens and closes everything itself. */
    double keptPerStep() throws Exception {
        prepare();
        RunId run;
        try {
            run = one();
        } finally {
            close();
        }
        try (var store = Stores.open(jdbcUrl)) {
            return store.tasks(run, null, 0, NODES).stream()
                    .mapToInt(task ->
                            Objects.requireNonNull(task.output()).stored().length())
                    .average()
                    .orElseThrow();
        }
    }

    /** The recorded history of a run. */
    History history(RunId run) {
        return opened().history(run);
    }

    Graph<S> graph() {
        return graph;
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
