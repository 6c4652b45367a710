package dev.pawl.graph;

import dev.pawl.boundary.Boundary;
import dev.pawl.boundary.Strictness;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Run;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A decision process as a graph: each node makes the next state from the last one, edges say where to go on, loops are
 * welcome. Every step is recorded with its state, what it asked of the outside and what came back, hashed and chained, so
 * that a run can be verified, replayed with today's code, and forked from any step. A value made by a lambda; immutable and
 * thread-safe.
 *
 * <p>The state graph is LangGraph's idea, record and replay is Temporal's, and the chain is a ledger's.
 *
 * @param <S> the state, mostly a record: what a run is given, what every node gives back, and what the run gives back
 */
public final class Graph<S> implements TypedProgram<S, S> {

    private static final Codec CODEC = Codec.STANDARD;

    private final Blueprint<S> graph;
    private final TypeRef<S> type;
    private final Options options;

    /** How a graph is treated. Changing it needs no new version, but for the version itself. */
    private record Options(String version, String queue, Hashing hashing, Strictness boundary) {}

    private Graph(Blueprint<S> graph, TypeRef<S> type, Options options) {
        this.graph = graph;
        this.type = type;
        this.options = options;
    }

    /**
     * Says what a graph consists of.
     *
     * @param <S> the state
     */
    @FunctionalInterface
    public interface Definition<S> {
        /** Adds the nodes and their edges. */
        void define(Nodes<S> g);
    }

    /**
     * Defines a graph.
     *
     * @param name its identity in the database, without the {@code graph:} in front
     * @throws IllegalArgumentException if it cannot work; the message says why
     */
    public static <S> Graph<S> define(String name, Class<S> state, Definition<S> definition) {
        return define(name, TypeRef.of(state), definition);
    }

    /** The same for a generic type. */
    public static <S> Graph<S> define(String name, TypeRef<S> state, Definition<S> definition) {
        var nodes = new Nodes<S>(name);
        definition.define(nodes);
        return new Graph<>(
                nodes.close(), state, new Options("1", Placement.DEFAULT_QUEUE, Hashing.CHAINED, Strictness.STRICT));
    }

    /**
     * The same graph as another version. Runs stay with the version they were submitted with, so a graph whose nodes or
     * edges change needs a new one.
     */
    public Graph<S> version(String version) {
        if (version.isBlank()) throw new IllegalArgumentException(what() + " has a version without a name.");
        return new Graph<>(graph, type, new Options(version, options.queue, options.hashing, options.boundary));
    }

    /** The same graph with another queue for its runs; {@value Placement#DEFAULT_QUEUE} if nothing is said. */
    public Graph<S> queue(String queue) {
        if (queue.isBlank()) throw new IllegalArgumentException(what() + " has a queue without a name.");
        return new Graph<>(graph, type, new Options(options.version, queue, options.hashing, options.boundary));
    }

    /** The same graph, proving more or less; {@link Hashing#CHAINED} if nothing is said. */
    public Graph<S> hashing(Hashing how) {
        return new Graph<>(graph, type, new Options(options.version, options.queue, how, options.boundary));
    }

    /**
     * The same graph, with its code looked at more or less strictly when a Pawl takes it up: for clocks, randomness, threads,
     * files, sockets and the like that are not asked of {@code io}. {@link Strictness#STRICT} if nothing is said.
     */
    public Graph<S> boundary(Strictness how) {
        return new Graph<>(graph, type, new Options(options.version, options.queue, options.hashing, how));
    }

    // ---- the program ----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return "graph:" + graph.graph();
    }

    @Override
    public String version() {
        return options.version;
    }

    @Override
    public Json shape() {
        return graph.shape();
    }

    @Override
    public List<String> differences(Json stored) {
        return Shape.differences(stored, shape());
    }

    @Override
    public String queue() {
        return options.queue;
    }

    @Override
    public void inspect() {
        Boundary.check(name(), options.boundary, graph.code());
    }

    @Override
    public @Nullable Duration deadline() {
        return graph.deadline();
    }

    @Override
    public TaskOptions options(String task) {
        return graph.node(task).options();
    }

    @Override
    public Plan start(Json given) {
        S value = CODEC.read(given, type, "The input of " + what());
        if (value == null)
            throw new Failure.Logic("The input of " + what() + " is null, but it expects a " + type + ".");
        if (graph.input() != null) graph.input().require("The input of " + what(), given);
        return Rules.start(Position.start(graph.start().name(), firstLink(given)));
    }

    private String firstLink(Json given) {
        return options.hashing == Hashing.OFF ? "" : Chain.start(name(), options.version, Hash.of(given));
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        return new Turn<>(graph, type, options.hashing, label(), task).run(journal);
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return Rules.advance(graph, run, task, outcome);
    }

    @Override
    public Plan retry(History earlier) {
        return Onward.retry(this, graph, earlier);
    }

    @Override
    public Plan fork(History earlier, String from, Map<String, Payload> edits) {
        return Onward.fork(this, graph, earlier, from, edits);
    }

    @Override
    public Replay replay(History run, Consumer<Moment> seen) {
        return new Again<>(graph, type, label(), run, seen).run();
    }

    @Override
    public Json encode(S state) {
        return CODEC.write(state, type, "The input of " + what());
    }

    @Override
    public S decode(Json output) {
        return CODEC.read(output, type, "The output of " + what());
    }

    /** Refuses a state that no node could take. */
    void accept(Json state) {
        CODEC.read(state, type, "The state");
    }

    private String what() {
        return "graph \"" + graph.graph() + '"';
    }

    private String label() {
        return "Graph \"" + graph.graph() + "\" version " + options.version;
    }

    @Override
    public String toString() {
        return name() + "@" + options.version;
    }
}
