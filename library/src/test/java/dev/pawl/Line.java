package dev.pawl;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.EffectStatus;
import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Answer;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Mutation;
import dev.pawl.pipeline.Outcome;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Publisher;
import dev.pawl.pipeline.Topic;
import dev.pawl.spi.Store;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline at work, with the system that it changes: {@code append} books one order at a time at the {@link Till} and
 * publishes the receipt, {@code report} reads the receipts.
 */
final class Line implements AutoCloseable {

    static final Topic<String> ORDERS = Topic.of("ORDERS", String.class);
    static final Topic<String> RECEIPTS = Topic.of("RECEIPTS", String.class);

    /** An order that nobody wants to book yet. */
    static final String LATER = "later";

    /** Longer than any pause of a question, or of a failure. */
    static final Duration LONG = Duration.ofMinutes(10);

    final Stage stage;
    final Till till = new Till();

    /** What each prepare was about, or {@code nothing} for no message. */
    final List<String> prepared = new ArrayList<>();

    /** What each next was told. */
    final List<String> told = new ArrayList<>();

    /** The receipts that were read. */
    final List<String> reported = new ArrayList<>();

    /** How the next prepares, and the next nexts, end. */
    final Deque<Throwable> badPrepares = new ArrayDeque<>();

    final Deque<Throwable> badNexts = new ArrayDeque<>();

    final Pipeline pipeline;
    final RunId run;
    HandDriven worker;

    private Line(Database database, Function<Line, Pipeline> defined) {
        stage = new Stage(database);
        pipeline = defined.apply(this);
        worker = stage.worker(pipeline);
        run = worker.submit(pipeline, Json.NULL);
        worker.drain();
    }

    /** Its till can be asked what has happened. */
    static Line on(Database database) {
        return new Line(database, line -> line.define(true));
    }

    /** Nobody can ask its till anything. */
    static Line unasked(Database database) {
        return new Line(database, line -> line.define(false));
    }

    /** Another pipeline. */
    static Line of(Database database, Function<Line, Pipeline> defined) {
        return new Line(database, defined);
    }

    private Pipeline define(boolean asks) {
        return Pipeline.define("line", p -> parts(p, asks));
    }

    /** The same once more, for another version. */
    Pipeline again() {
        return define(true);
    }

    /** What it consists of. */
    void parts(Pipeline.Parts p, boolean asks) {
        appends(p, "append", asks).next(this::next);
        p.consumer("report", RECEIPTS)
                .prepare(
                        String.class,
                        inbox -> inbox.first()
                                .map(one -> Prepared.of(one.payload(), one))
                                .orElse(Prepared.nothing()))
                .next((out, receipt) -> {
                    if (receipt != null) reported.add(receipt);
                });
    }

    /** A consumer that books orders. */
    Mutation<String, String, String> appends(Pipeline.Parts p, String name, boolean asks) {
        var change =
                p.consumer(name, ORDERS).prepare(String.class, this::prepare).mutate(String.class, till::book);
        return asks ? change.reconcile(till::ask) : change;
    }

    private Prepared<String> prepare(Inbox<String> inbox) throws Exception {
        var first = inbox.first();
        prepared.add(first.map(order -> order.id()).orElse("nothing"));
        Till.fail(badPrepares.poll());
        return first.filter(order -> !order.id().equals(LATER))
                .map(order -> Prepared.of(order.payload(), order).titled("Book " + order.id()))
                .orElse(Prepared.nothing());
    }

    void next(Publisher out, @Nullable String order, Outcome<String> outcome) throws Exception {
        told.add(order + ": " + words(outcome));
        Till.fail(badNexts.poll());
        if (outcome instanceof Outcome.Applied<String>(String receipt) && receipt != null) {
            out.publish(RECEIPTS, Objects.requireNonNull(order), receipt);
        }
    }

    static String words(Outcome<?> outcome) {
        return switch (outcome) {
            case Outcome.Applied<?>(var value) -> "applied " + value;
            case Outcome.None<?> ignored -> "none";
            case Outcome.Skipped<?> ignored -> "skipped";
        };
    }

    // ---- what is done with it -------------------------------------------------------------------------------------

    /** Publishes orders, of which each is called and carries the same. */
    Line ordered(String... ids) {
        int unused = worker.publish(
                run,
                Arrays.stream(ids)
                        .map(id -> new Plan.Publication(
                                ORDERS.name(),
                                id,
                                Payload.inline(Stage.json(id)),
                                List.of(new Input("test", "order", id, ""))))
                        .toList());
        return this;
    }

    /** Does what is due. */
    Line work() {
        worker.drain();
        return this;
    }

    Line pass(Duration time) {
        stage.pass(time, worker);
        return this;
    }

    /** Does what is due, dies on the way, and is started again after its leases have run out. */
    Line workAndDie() {
        assertThatThrownBy(worker::drain).isInstanceOf(Crash.class);
        worker = stage.worker(pipeline);
        stage.clock.advance(Duration.ofSeconds(10));
        return this;
    }

    /** Somebody looked it up. */
    void says(Answer answer, @Nullable String value) {
        says(null, answer, value);
    }

    void says(@Nullable String which, Answer answer, @Nullable String value) {
        boolean unused = stage.ask(pawl -> {
            pawl.resolve(run, which, answer, value == null ? null : Stage.json(value), "ann", "looked it up");
            return true;
        });
    }

    // ---- what became of it ----------------------------------------------------------------------------------------

    /** Where the orders stand: {@code o1 CONSUMED 1}, the last being the delivery. */
    List<String> orders() {
        return messages(ORDERS);
    }

    List<String> messages(Topic<?> topic) {
        return stage.store.messages(new Store.MessageFilter(run, topic.name(), null, 0, 1000)).stream()
                .map(message -> message.id() + " " + message.status() + " " + message.delivery())
                .toList();
    }

    /** The activations of a handler: {@code 0 SUCCEEDED}. */
    List<String> activations(String handler) {
        return stage.store.tasks(run, handler, 0, 1000).stream()
                .map(one -> one.task().key().index() + " " + one.task().status())
                .toList();
    }

    /** What the n-th activation has recorded. */
    List<String> journal(int index) {
        return stage.journal(run, "append", index);
    }

    EffectStatus change(int index) {
        return stage.effects(run, "append", index).stream()
                .filter(effect -> effect.kind().equals("once"))
                .findFirst()
                .orElseThrow()
                .status();
    }

    Problem problem(int index) {
        var details = stage.store.tasks(run, "append", index, 1).getFirst();
        return Problem.parse(Objects.requireNonNull(details.problem()));
    }

    RunStatus status() {
        return stage.status(run);
    }

    @Nullable
    Reason reason() {
        return worker.details(run).run().reason();
    }

    /** The key of what the n-th activation changes, if it did not go on from an earlier one. */
    String key(int index) {
        return key("append", index);
    }

    String key(String handler, int index) {
        return run + "-" + handler + "-" + index;
    }

    @Override
    public void close() {
        stage.close();
    }
}
