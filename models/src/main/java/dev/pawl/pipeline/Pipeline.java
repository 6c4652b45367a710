package dev.pawl.pipeline;

import dev.pawl.core.Json;
import dev.pawl.core.Outcome.Continued;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Retry;
import dev.pawl.core.Run;
import dev.pawl.core.Supervision;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskOptions;
import dev.pawl.json.Codec;
import dev.pawl.json.JsonDiff;
import dev.pawl.json.TypeRef;
import dev.pawl.schedule.Timing;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.History;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Program;
import dev.pawl.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Producers that read from one system, and consumers that change another. A pipeline is one run that goes on for ever, in a
 * slot of its own; each of its handlers is a chain of tasks, one activation after the other. Immutable and thread-safe.
 *
 * <p>A consumer first prepares (looks, decides, reserves messages), then mutates (one change outside, with a key), then does
 * what follows (publishes, remembers). What is done stays done: a change whose outcome nobody knows is neither repeated nor
 * forgotten; the other system is asked, and then a person.
 */
public final class Pipeline implements Program {

    /** In front of the names of pipelines, as programs and as slots. */
    static final String PREFIX = "pipeline:";

    /** Where pipelines wait that have one handler at work at a time; the limit is by pipeline. */
    private static final String IN_TURN = "one-at-a-time";

    /** Dead workers may be no fault of a pipeline's code; it is stopped when so many died of the same activation. */
    private static final int RECOVERIES = 10;

    private static final Codec CODEC = Codec.STANDARD;

    private final String slug;
    private final Blueprint blueprint;
    private final Options options;

    private record Options(String version, String queue, Limits limits) {}

    private Pipeline(String slug, Blueprint blueprint, Options options) {
        this.slug = slug;
        this.blueprint = blueprint;
        this.options = options;
    }

    /** Adds producers and consumers to a pipeline. */
    @FunctionalInterface
    public interface Definition {
        void define(Parts p);
    }

    /**
     * Defines a pipeline.
     *
     * @param name its identity in the database, without the {@code pipeline:} in front
     * @throws IllegalArgumentException if it cannot work; the message says why
     */
    public static Pipeline define(String name, Definition definition) {
        Names.require("There is a pipeline", name);
        var parts = new Parts();
        definition.define(parts);
        var blueprint = Blueprint.of(name, parts.producers, parts.consumers, parts.inputs);
        return new Pipeline(name, blueprint, new Options("1", Placement.DEFAULT_QUEUE, Limits.DEFAULT));
    }

    /** Where a pipeline is defined. */
    public static final class Parts {
        private final List<Producer<?>> producers = new ArrayList<>();
        private final List<Consumer<?>> consumers = new ArrayList<>();
        private final Map<String, Set<String>> inputs = new LinkedHashMap<>();

        private Parts() {}

        /**
         * Reads from outside, now and then, and publishes what is new. Its cursor is saved with what it publishes, or not at
         * all: after a failure it begins where it began before.
         *
         * @param when {@code Every.minutes(5)}, or a cron expression with its zone; times that were missed are not made up
         * @param cursor the type of what it remembers
         */
        public <C> Producer<C> producer(String name, Timing when, Class<C> cursor, Code.Produce<C> code) {
            return producer(name, when, TypeRef.of(cursor), code);
        }

        /** The same for a generic type. */
        @SuppressWarnings("ConstantValue") // callers may not be checked for nulls
        public <C> Producer<C> producer(String name, Timing when, TypeRef<C> cursor, Code.Produce<C> code) {
            Names.require("There is a producer", name);
            if (when == null) {
                throw wrong(name, "producer", "has no schedule; say when it runs, such as Every.minutes(5)");
            }
            var producer = new Producer<>(name, when, cursor, code);
            producers.add(producer);
            return producer;
        }

        /** Does something for each message, or for several. */
        public <M> Consumer<M> consumer(String name, Topic<M> topic) {
            Names.require("There is a consumer", name);
            var consumer = new Consumer<>(name, topic);
            consumers.add(consumer);
            return consumer;
        }

        /** Declares what inputs may be registered: a system, and the types of things that it has. */
        public void inputs(String system, String... types) {
            inputs.computeIfAbsent(system, name -> new LinkedHashSet<>()).addAll(List.of(types));
        }
    }

    static IllegalArgumentException wrong(String name, String kind, String problem) {
        return new IllegalArgumentException(
                Character.toUpperCase(kind.charAt(0)) + kind.substring(1) + " \"" + name + "\" " + problem + ".");
    }

    // ---- options --------------------------------------------------------------------------------------------------

    /**
     * The same pipeline as another version: needed when handlers, topics or schedules change, and a good idea whenever the
     * code does. It takes over with {@link Pipelines#start} at the next activation.
     */
    public Pipeline version(String version) {
        if (version.isBlank())
            throw new IllegalArgumentException("Pipeline \"" + slug + "\" has a version without a name.");
        return with(new Options(version, options.queue, options.limits));
    }

    /** The same pipeline with another queue for its tasks; {@value Placement#DEFAULT_QUEUE} if nothing is said. */
    public Pipeline queue(String queue) {
        if (queue.isBlank())
            throw new IllegalArgumentException("Pipeline \"" + slug + "\" has a queue without a name.");
        return with(new Options(options.version, queue, options.limits));
    }

    /**
     * The same pipeline with one handler at work at a time: consumers before producers, and of those the one whose message
     * has waited longest.
     */
    public Pipeline oneAtATime() {
        return queue(IN_TURN);
    }

    /** The same pipeline with other limits for when consumers may want to be woken; 30 s to 24 h if nothing is said. */
    public Pipeline wakes(Duration soonest, Duration latest) {
        var was = options.limits;
        return limits(new Limits(
                soonest, latest, was.pause(), was.longestPause(), was.failures(), was.repairs(), was.activation()));
    }

    /**
     * The same pipeline with another back-off; after 10 s, doubling up to 10 min, five times, if nothing is said.
     *
     * @param failures so many failures in a row are tried again; after one more, somebody has to look
     */
    public Pipeline backoff(Duration first, Duration longest, int failures) {
        var was = options.limits;
        return limits(
                new Limits(was.soonest(), was.latest(), first, longest, failures, was.repairs(), was.activation()));
    }

    /** The same pipeline with another limit for one activation of a handler, all its phases together; 5 min by default. */
    public Pipeline timeout(Duration activation) {
        var was = options.limits;
        return limits(new Limits(
                was.soonest(),
                was.latest(),
                was.pause(),
                was.longestPause(),
                was.failures(),
                was.repairs(),
                activation));
    }

    private Pipeline limits(Limits limits) {
        return with(new Options(options.version, options.queue, limits));
    }

    private Pipeline with(Options other) {
        return new Pipeline(slug, blueprint, other);
    }

    Blueprint blueprint() {
        return blueprint;
    }

    Limits limits() {
        return options.limits;
    }

    // ---- the program ----------------------------------------------------------------------------------------------

    @Override
    public String name() {
        return PREFIX + slug;
    }

    @Override
    public String version() {
        return options.version;
    }

    @Override
    public Json shape() {
        return CODEC.write(blueprint.shape(), TypeRef.of(Blueprint.ShapeText.class), "The shape of " + this);
    }

    @Override
    public List<String> differences(Json stored) {
        return JsonDiff.of(stored, shape());
    }

    @Override
    public String queue() {
        return options.queue;
    }

    @Override
    public String tenant() {
        return options.queue.equals(IN_TURN) ? slug : "";
    }

    @Override
    public List<QueueLimit> queueLimits() {
        return options.queue.equals(IN_TURN) ? List.of(QueueLimit.perKey(IN_TURN, 1)) : List.of();
    }

    @Override
    public String slot(Json input) {
        return name();
    }

    /** Whatever fails comes to the rules at once: they know what was reserved, and how often it has failed. */
    @Override
    public TaskOptions options(String task) {
        return new TaskOptions(
                Retry.never(),
                options.limits.activation(),
                new Supervision(null, Supervision.OnStall.RETRY, RECOVERIES));
    }

    @Override
    public Plan start(Json input) {
        return rules().start();
    }

    @Override
    public Result execute(Claimed task, Journal journal) throws Exception {
        return Activation.of(this, task, journal).run();
    }

    @Override
    public Plan advance(Run run, TaskKey task, dev.pawl.core.Outcome outcome) {
        if (outcome instanceof Continued) throw new IllegalStateException("An activation is one task.");
        return rules().advance(run.state(), task, outcome);
    }

    @Override
    public boolean wasReplaced(Run run, int definition) {
        return PipelineState.read(run.state()).replaced().contains(definition);
    }

    @Override
    public Plan takeOver(Run run, int definition) {
        return rules().takeOver(run, definition);
    }

    /** Whoever says what came back must say something that the code can read: it counts for good. */
    @Override
    public void requireResult(TaskKey task, Json result) {
        if (!(blueprint.handler(task.name()) instanceof Handler.Consumer<?, ?, ?> consumer)) return;
        var change = consumer.change();
        if (change == null || result.equals(Json.NULL)) return;
        var unused = CODEC.read(result, change.result(), "What the change of " + consumer.label() + " gave back");
    }

    private Rules rules() {
        return new Rules(blueprint, options.limits);
    }

    @Override
    public Plan retry(History earlier) {
        throw new dev.pawl.core.Failure.Logic(
                "A pipeline is not retried: while it is open, resume it; when it was cancelled, start it anew.");
    }

    @Override
    public Plan fork(History earlier, String from, Map<String, Payload> edits) {
        throw new dev.pawl.core.Failure.Logic(
                "A pipeline has no steps to do over. What a consumer should do again has to be published again, under another id.");
    }

    @Override
    public String toString() {
        return name() + "@" + options.version;
    }
}
