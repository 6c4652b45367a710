package dev.pawl.flow;

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
import dev.pawl.json.Elements;
import dev.pawl.json.TypeRef;
import dev.pawl.schema.Contract;
import dev.pawl.schema.JsonSchema;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Replay;
import dev.pawl.spi.Result;
import dev.pawl.spi.TypedProgram;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A typed graph of steps, in which every step runs once after all that it reads, and maps fan out over lists. A value,
 * made by a lambda that says which steps there are; the lambda itself runs once, when the flow is defined. Immutable and
 * thread-safe.
 *
 * <p>The model is that of pgflow: steps with typed dependencies, conditions, maps, and what to do when either fails.
 *
 * @param <I> what a run is given
 * @param <O> what a run gives back
 */
public final class Flow<I, O> implements TypedProgram<I, O> {

    private final String slug;
    private final String version;
    private final String queue;
    private final FailureMode failure;
    private final TypeRef<I> input;
    private final TypeRef<O> output;
    private final Dag dag;
    private final Contract contract;
    private final Rules rules;

    private Flow(
            String slug,
            String version,
            String queue,
            FailureMode failure,
            TypeRef<I> input,
            TypeRef<O> output,
            Dag dag,
            Contract contract) {
        this.slug = slug;
        this.version = version;
        this.queue = queue;
        this.failure = failure;
        this.input = input;
        this.output = output;
        this.dag = dag;
        this.contract = contract;
        this.rules = new Rules(dag, failure);
    }

    /**
     * The steps of a flow.
     *
     * @param <I> what a run is given
     * @param <O> what a run gives back
     */
    @FunctionalInterface
    public interface Definition<I, O> {
        /** Adds the steps and says which one's output is that of the run. */
        Source<O> define(Steps f, Source<I> input);
    }

    /**
     * The steps of a flow over a list.
     *
     * @param <E> the elements of the list
     * @param <O> what a run gives back
     */
    @FunctionalInterface
    public interface ListDefinition<E, O> {
        /** Adds the steps and says which one's output is that of the run. */
        Source<O> define(Steps f, ListSource<E> input);
    }

    /**
     * Defines a flow.
     *
     * @param name its identity in the database, without the {@code flow:} in front
     * @throws DefinitionException if it cannot work; the message says why
     */
    public static <I, O> Flow<I, O> define(String name, Class<I> input, Definition<I, O> steps) {
        return define(name, TypeRef.of(input), steps);
    }

    /** The same for an input of a generic type. */
    public static <I, O> Flow<I, O> define(String name, TypeRef<I> input, Definition<I, O> steps) {
        return build(name, input, f -> steps.define(f, new Derived<>(new Wire.Input(input))));
    }

    /**
     * Defines a flow whose input is a list, so that it can begin with a map.
     *
     * @param item the type of the list's elements
     * @throws DefinitionException if it cannot work; the message says why
     */
    public static <E, O> Flow<List<E>, O> defineList(String name, Class<E> item, ListDefinition<E, O> steps) {
        return defineList(name, TypeRef.of(item), steps);
    }

    /** The same for elements of a generic type. */
    public static <E, O> Flow<List<E>, O> defineList(String name, TypeRef<E> item, ListDefinition<E, O> steps) {
        var input = TypeRef.listOf(item);
        return build(name, input, f -> steps.define(f, new DerivedList<>(new Wire.Input(input), item)));
    }

    private static <I, O> Flow<I, O> build(String name, TypeRef<I> input, Function<Steps, Source<O>> steps) {
        Names.require("There is a flow", name);
        var f = new Steps(name);
        var result = steps.apply(f);
        var dag = f.close(result);
        return new Flow<>(
                name,
                "1",
                Placement.DEFAULT_QUEUE,
                FailureMode.FAIL_FAST,
                input,
                outputType(result),
                dag,
                Contract.NONE);
    }

    @SuppressWarnings("unchecked") // a wire is made together with its source, with the source's type
    private static <O> TypeRef<O> outputType(Source<O> result) {
        return (TypeRef<O>) Wire.of(result).type();
    }

    /**
     * The same flow as another version. Runs stay with the version they were submitted with, so a flow whose shape
     * changes needs a new one.
     */
    public Flow<I, O> version(String version) {
        if (version.isBlank()) throw new DefinitionException("Flow \"" + slug + "\" has a version without a name.");
        return new Flow<>(slug, version, queue, failure, input, output, dag, contract);
    }

    /** The same flow with another queue for its runs; {@value Placement#DEFAULT_QUEUE} if nothing is said. */
    public Flow<I, O> queue(String queue) {
        if (queue.isBlank()) throw new DefinitionException("Flow \"" + slug + "\" has a queue without a name.");
        return new Flow<>(slug, version, queue, failure, input, output, dag, contract);
    }

    /** The same flow, failing at another time; {@link FailureMode#FAIL_FAST} if nothing is said. */
    public Flow<I, O> failure(FailureMode failure) {
        return new Flow<>(slug, version, queue, failure, input, output, dag, contract);
    }

    /** What the input must look like: others are refused when they are submitted. */
    public Flow<I, O> input(JsonSchema schema) {
        return new Flow<>(slug, version, queue, failure, input, output, dag, contract.input(schema));
    }

    /**
     * What the output must look like: the step that gives another fails.
     *
     * @throws DefinitionException if the output is that of a map, which no step has in its hands as a whole
     */
    public Flow<I, O> output(JsonSchema schema) {
        if (dag.resultNode().isMap()) {
            throw new DefinitionException("The output of flow \"" + slug + "\" is that of "
                    + dag.resultNode().label()
                    + ", which no step has in its hands as a whole. Add a step that collects it.");
        }
        return new Flow<>(slug, version, queue, failure, input, output, dag, contract.output(schema));
    }

    @Override
    public String name() {
        return "flow:" + slug;
    }

    @Override
    public String version() {
        return version;
    }

    @Override
    public String queue() {
        return queue;
    }

    @Override
    public Set<String> queues() {
        var queues = new TreeSet<>(Set.of(queue));
        for (Node step : dag.nodes()) {
            if (step.queue != null) queues.add(step.queue);
        }
        return queues;
    }

    @Override
    public Json shape() {
        return Shape.of(dag, failure);
    }

    @Override
    public List<String> differences(Json stored) {
        return Shape.diff(stored, shape());
    }

    @Override
    public TaskOptions options(String task) {
        return stepOf(task).options();
    }

    /** Refuses an input that does not fit the type, so that a run cannot be submitted only to fail. */
    @Override
    public Plan start(Json given) {
        Object value = Codec.STANDARD.read(given, input, "The input of flow \"" + slug + "\"");
        if (value == null && input.isRecord()) {
            throw new Failure.Logic(
                    "The input of flow \"" + slug + "\" is null, but its steps expect a " + input + ".");
        }
        contract.requireInput("The input of flow \"" + slug + "\"", given);
        return rules.start(inputSize(given));
    }

    /** Only a flow over a list has maps that want to know. */
    private int inputSize(Json given) {
        if (!dag.fansOutInput()) return -1;
        if (!Elements.isList(given.text())) {
            throw new Failure.Logic(
                    "The input of flow \"" + slug + "\" is not a list, but " + Codec.STANDARD.describe(given) + ".");
        }
        return Elements.of(given.text()).size();
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        var step = stepOf(task.key().name());
        var result = new Execution("Flow \"" + slug + "\" version " + version, dag, step, task, journal).run();
        if (result instanceof Result.Done done && isResult(step, task)) {
            contract.requireOutput("The output of flow \"" + slug + "\"", done.output());
        }
        return result;
    }

    @Override
    public Plan advance(Run run, TaskKey task, Outcome outcome) {
        return rules.advance(run.state(), task.name(), task.index(), outcome);
    }

    @Override
    public Plan retry(History earlier) {
        return rules.retry(earlier.run().state());
    }

    @Override
    public Plan fork(History earlier, String from, Map<String, Payload> edits) {
        return rules.fork(earlier.run().state(), from, edits);
    }

    @Override
    public Replay replay(History run, Consumer<Moment> seen) {
        String label = "Flow \"" + slug + "\" version " + version;
        return new Again(rules, label, run, seen).run(() -> start(run.input()));
    }

    @Override
    public Json encode(I value) {
        return Codec.STANDARD.write(value, input, "The input of flow \"" + slug + "\"");
    }

    @Override
    public O decode(Json json) {
        return Codec.STANDARD.read(json, output, "The output of flow \"" + slug + "\"");
    }

    private boolean isResult(Node step, Claimed task) {
        return step.index == dag.resultNode().index && task.key().name().equals(step.name);
    }

    private Node stepOf(String task) {
        var step = dag.ofTask(task);
        if (step == null) {
            throw new Failure.Logic("Flow \"" + slug + "\", version " + version + ", has no step for the task \"" + task
                    + "\"; has its code changed without a new version?");
        }
        return step;
    }

    @Override
    public String toString() {
        return name() + "@" + version;
    }
}
