package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Plan;
import dev.pawl.core.Reason;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.json.Codec;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Pipelines;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Topic;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A pipeline that was started, with a worker by hand and a clock that stands still. */
final class Plant implements AutoCloseable {

    static final Topic<String> ORDERS = Topic.of("ORDERS", String.class);
    static final Topic<String> BILLS = Topic.of("BILLS", String.class);

    private static final int ALL = 100_000;

    final Stage stage;
    final HandDriven worker;
    final RunId run;
    private final Program[] programs;

    /** @param all the first one is started; all of them are known to the worker, the newest last */
    Plant(Database database, Pipeline... all) {
        stage = new Stage(database);
        programs = all;
        worker = stage.worker(programs);
        run = worker.submit(all[0], Json.NULL);
        worker.drain();
    }

    /** Prepares its oldest message, one at a time. */
    static Prepared<String> first(Inbox<String> inbox) {
        return inbox.first()
                .map(message -> Prepared.of(message.payload(), message))
                .orElse(Prepared.nothing());
    }

    /** A pipeline with one consumer of orders, named "c", which changes nothing outside. */
    static Pipeline passing(String name, Consumer<String> next) {
        return Pipeline.define(
                name,
                p -> p.consumer("c", ORDERS).prepare(String.class, Plant::first).next((out, order) -> {
                    if (order != null) next.accept(order);
                }));
    }

    // ---- what happens ---------------------------------------------------------------------------------------------

    /** Publishes messages of which the payload is the id. Nobody works on them yet. */
    void send(Topic<String> topic, String... ids) {
        send(run, topic, ids);
    }

    /** The same for another pipeline of this database. */
    void send(RunId pipeline, Topic<String> topic, String... ids) {
        worker.publish(
                pipeline,
                List.of(ids).stream()
                        .map(id -> new Plan.Publication(
                                topic.name(), id, Payload.inline(Stage.json(id)), List.<dev.pawl.core.Input>of()))
                        .toList());
    }

    /** Publishes messages and works until nothing is due. */
    void work(Topic<String> topic, String... ids) {
        send(topic, ids);
        worker.drain();
    }

    /** Lets time pass, and then works until nothing is due. */
    void pass(Duration time) {
        stage.pass(time, worker);
    }

    void passSeconds(long seconds) {
        pass(Duration.ofSeconds(seconds));
    }

    void resume() {
        worker.command(run, Verb.RESUME);
        worker.drain();
    }

    /** Asks the public face something; the clock goes on for 3 s. */
    <T> T ask(Function<Pipelines, T> question) {
        return stage.ask(pawl -> question.apply(Pipelines.of(pawl)), programs);
    }

    // ---- what there is --------------------------------------------------------------------------------------------

    /** All messages in words, in the order of their arrival: {@code ORDERS a CONSUMED}. */
    List<String> messages() {
        return all().stream()
                .map(message -> message.name() + " " + message.id() + " " + message.status())
                .toList();
    }

    List<Message> all() {
        return all(null);
    }

    List<Message> all(@Nullable MessageStatus status) {
        return stage.store.messages(new Store.MessageFilter(run, null, status, 0, ALL)).stream()
                .filter(message -> !message.name().startsWith("run:"))
                .toList();
    }

    /** How often a message was delivered, the present time included. */
    int deliveries(String id) {
        return all().stream()
                .filter(message -> id.equals(message.id()))
                .findFirst()
                .orElseThrow()
                .delivery();
    }

    /** The one open activation of a handler. */
    Task open(String handler) {
        var open = stage.store.tasks(run, handler, 0, ALL).stream()
                .map(details -> details.task())
                .filter(task -> task.status() == TaskStatus.READY || task.status() == TaskStatus.RUNNING)
                .toList();
        assertThat(open).as("open activations of %s", handler).hasSize(1);
        return open.getFirst();
    }

    /** When a handler is due, from now. */
    Duration dueIn(String handler) {
        return Duration.ofMillis(open(handler).wakeAt() - stage.clock.now());
    }

    /** Why it stands still; null if it does not. */
    @Nullable
    Reason blocked() {
        var details = worker.details(run);
        return details.status() == RunStatus.BLOCKED ? details.run().reason() : null;
    }

    List<String> told(String kind) {
        return stage.told(run, kind);
    }

    private record Noted(List<Integer> reserved) {}

    /** Invariant (K42): what is reserved stands in the journal of an open activation of whoever has reserved it. */
    void everyReservedMessageHasAnOpenActivation() {
        for (var message : all(MessageStatus.RESERVED)) {
            var by = String.valueOf(message.reservedBy());
            var journal = stage.effects(run, by, open(by).key().index());
            var noted = journal.stream()
                    .filter(effect -> effect.ordinal() == 0 && effect.request() != null)
                    .map(effect -> Codec.STANDARD.read(
                            java.util.Objects.requireNonNull(effect.request()),
                            dev.pawl.json.TypeRef.of(Noted.class),
                            "What is noted"))
                    .toList();
            assertThat(noted).as("what %s has prepared", open(by).key()).hasSize(1);
            assertThat(noted.getFirst().reserved())
                    .as("reserved by %s", open(by).key())
                    .contains(message.seq());
        }
    }

    @Override
    public void close() {
        stage.close();
    }
}
