package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Reason;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Message;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Messages: publishing them, looking at them, reserving them and letting them go. */
class PipelineTopicsTest {

    private final List<String> seen = new ArrayList<>();
    private Function<Inbox<String>, Prepared<String>> prepare = inbox -> Prepared.nothing();
    private @Nullable Failure failure;

    /** Consumers "c" of orders and bills, and "d" of bills, which prepare what a test says and fail if it says so. */
    private final Pipeline shop = Pipeline.define("shop", p -> {
        p.consumer("c", ORDERS)
                .also(BILLS)
                .prepare(String.class, inbox -> prepare.apply(inbox))
                .next((out, data) -> {
                    if (failure != null) throw failure;
                    if (data != null) seen.add(data);
                });
        p.consumer("d", BILLS)
                .prepare(String.class, inbox -> Prepared.nothing())
                .next((out, data) -> {});
    });

    private static List<String> ids(List<Message<String>> messages) {
        return messages.stream().map(Message::id).toList();
    }

    // ---- publishing -----------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void k58_publishing_an_id_again_replaces_the_payload_and_keeps_the_status(Database database) {
        prepare = Plant::first;
        failure = new Failure.Transient("later");
        try (var plant = new Plant(database, shop)) {
            boolean fresh = plant.ask(pipelines -> pipelines.publish(shop, ORDERS, "a", "old"));
            boolean again = plant.ask(pipelines -> pipelines.publish(shop, ORDERS, "a", "new"));
            assertThat(fresh).isTrue();
            assertThat(again).isFalse();
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING");
            plant.worker.drain();
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            assertThat(plant.<Boolean>ask(pipelines -> pipelines.publish(shop, ORDERS, "a", "newer")))
                    .isFalse();
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
            assertThat(plant.stage.load(plant.all().getFirst().payload()).text())
                    .isEqualTo("\"newer\"");
            failure = null;
            plant.passSeconds(10);
            assertThat(seen).as("what was prepared stays prepared").containsExactly("new");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k58_an_id_that_is_consumed_is_consumed(Database database) {
        // In the older engine it gets the new payload, which nobody ever sees. Here nothing changes.
        prepare = Plant::first;
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a");
            boolean fresh = plant.ask(pipelines -> pipelines.publish(shop, ORDERS, "a", "new"));
            assertThat(fresh).isFalse();
            plant.worker.drain();
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED");
            assertThat(plant.stage.load(plant.all().getFirst().payload()).text())
                    .isEqualTo("\"a\"");
            assertThat(seen).containsExactly("a");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k58_k61_the_same_id_in_two_topics_is_two_messages(Database database) {
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a");
            plant.work(BILLS, "a");
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING", "BILLS a PENDING");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k61_what_follows_may_publish_to_several_topics(Database database) {
        var splitting = Pipeline.define("splitting", p -> {
            p.consumer("c", ORDERS).prepare(String.class, Plant::first).next((out, data) -> {
                if (data == null || data.endsWith("!")) return;
                out.publish(ORDERS, data + "!", "1!");
                out.publish(BILLS, data + "!", "2");
                out.publish(BILLS, data + "!", "3");
            });
            p.consumer("d", BILLS)
                    .prepare(String.class, inbox -> Prepared.nothing())
                    .next((out, data) -> {});
        });
        try (var plant = new Plant(database, splitting)) {
            plant.work(ORDERS, "a");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "ORDERS a! CONSUMED", "BILLS a! PENDING");
            assertThat(plant.stage.load(plant.all().getLast().payload()).text()).isEqualTo("\"3\"");
        }
    }

    // ---- looking --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void k60_peek_shows_what_is_pending_oldest_first(Database database) {
        try (var plant = new Plant(database, shop)) {
            prepare = Plant::first;
            plant.work(ORDERS, "done");
            var looks = new ArrayList<List<String>>();
            prepare = inbox -> {
                looks.add(ids(inbox.peek()));
                looks.add(ids(inbox.peek(3)));
                looks.add(ids(inbox.first().stream().toList()));
                looks.add(ids(inbox.of(BILLS).peek()));
                return Prepared.nothing();
            };
            plant.send(BILLS, "bill");
            var many = IntStream.range(0, 105).mapToObj(i -> "x" + i).toList();
            plant.work(ORDERS, many.toArray(new String[0]));
            assertThat(looks.get(0)).isEqualTo(many.subList(0, Inbox.PEEKED)).hasSize(100);
            assertThat(looks.get(1)).containsExactly("x0", "x1", "x2");
            assertThat(looks.get(2)).containsExactly("x0");
            assertThat(looks.get(3)).containsExactly("bill");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k60_by_ids_shows_any_status_of_its_own_topic(Database database) {
        try (var plant = new Plant(database, shop)) {
            prepare = Plant::first;
            plant.work(ORDERS, "done");
            var found = new ArrayList<String>();
            prepare = inbox -> {
                found.addAll(ids(inbox.byIds(List.of("new", "bill", "done", "unknown"))));
                return Prepared.nothing();
            };
            plant.send(BILLS, "bill");
            plant.work(ORDERS, "new");
            assertThat(found).containsExactly("done", "new");
        }
    }

    // ---- reserving ------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void k59_what_is_released_is_delivered_once_more(Database database) {
        var refusing = Pipeline.define(
                "refusing",
                p -> p.consumer("c", ORDERS)
                        .prepare(String.class, inbox -> {
                            seen.addAll(inbox.peek().stream()
                                    .map(message -> message.id() + " " + message.delivery())
                                    .toList());
                            return Plant.first(inbox);
                        })
                        .mutate(String.class, (data, key) -> {
                            seen.add(key.substring(key.indexOf('-') + 1));
                            if (failure != null) throw failure;
                            return data;
                        }));
        try (var plant = new Plant(database, refusing)) {
            failure = new Failure.RateLimited("slowly", java.time.Duration.ZERO);
            plant.work(ORDERS, "a", "b");
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING", "ORDERS b PENDING");
            failure = null;
            plant.passSeconds(10);
            assertThat(seen).containsExactly("a 1", "b 1", "c-0", "a 2", "b 1", "c-1", "b 1", "c-2");
            plant.work(ORDERS, "a");
            assertThat(seen).as("what is consumed is not reserved again").hasSize(8);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k59_only_what_is_pending_can_be_reserved(Database database) {
        try (var plant = new Plant(database, shop)) {
            prepare = Plant::first;
            plant.work(ORDERS, "done");
            prepare = inbox -> Prepared.of("twice", inbox.byIds(List.of("done")));
            plant.work(ORDERS, "a");
            assertThat(plant.blocked()).as("it would be refused for ever").isEqualTo(Reason.REPAIR);
            assertThat(plant.stage.problem(plant.run).message())
                    .isEqualTo(
                            "The prepare of consumer \"c\" wants to reserve message \"done\" of topic \"ORDERS\" (number 1), which it did not see pending in this activation. Only what is pending can be reserved: take it from first() or peek(), and of what byIds finds only what is pending().");
            prepare = inbox -> Prepared.of("by its id", inbox.byIds(List.of("a")));
            plant.resume();
            assertThat(seen).containsExactly("done", "by its id");
            assertThat(plant.deliveries("done")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k59_what_somebody_else_took_meanwhile_is_looked_for_again(Database database) {
        try (var plant = new Plant(database, shop)) {
            prepare = inbox -> inbox.of(BILLS)
                    .first()
                    .map(bill -> {
                        if (bill.id().equals("a")) take(plant, bill.number());
                        return Prepared.of(bill.id(), bill, bill);
                    })
                    .orElse(Prepared.nothing());
            plant.send(BILLS, "a", "b");
            while (plant.open("c").key().index() < 1) plant.worker.step();
            assertThat(seen).containsExactly("b");
            assertThat(plant.blocked()).isNull();
            assertThat(plant.messages()).containsExactly("BILLS a RESERVED", "BILLS b CONSUMED");
        }
    }

    private static void take(Plant plant, int message) {
        plant.stage.store.writes(tx -> tx.reserve(List.of(new Tx.Reservation(plant.run, "d", List.of(message)))));
    }

    @ParameterizedTest
    @EnumSource
    void k59_several_messages_are_reserved_together_and_consumed_together(Database database) {
        try (var plant = new Plant(database, shop)) {
            prepare = inbox -> {
                var all = new ArrayList<Message<?>>(inbox.peek());
                all.addAll(inbox.of(BILLS).peek());
                return all.isEmpty() ? Prepared.nothing() : Prepared.of("all " + all.size(), all);
            };
            plant.send(ORDERS, "a", "b");
            plant.work(BILLS, "c");
            assertThat(seen).containsExactly("all 3");
            assertThat(plant.messages()).allMatch(message -> message.endsWith("CONSUMED"));
            assertThat(plant.told("message.reserved")).containsExactly("{\"by\":\"c\",\"messages\":[1,2,3]}");
            assertThat(plant.told("message.consumed")).containsExactly("{\"by\":\"c\",\"messages\":[1,2,3]}");
        }
    }
}
