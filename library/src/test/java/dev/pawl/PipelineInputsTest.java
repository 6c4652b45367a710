package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.InputDetails;
import dev.pawl.core.Reason;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Prepared;
import dev.pawl.pipeline.Source;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What messages come from, and what became of it. */
class PipelineInputsTest {

    private static final Topic<String> LETTERS = Topic.of("LETTERS", String.class);

    private final List<String> wrong = new ArrayList<>();
    private Consumer<Source> poll = out -> {};
    private int together = 1;
    private @Nullable Failure failure;

    /** Orders become bills, as many together as a test says, and bills become letters, which nobody takes. */
    private final Pipeline shop = Pipeline.define("shop", p -> {
        p.inputs("mail", "order", "complaint");
        p.inputs("web", "order");
        p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> {
            poll.accept(out);
            return 0;
        });
        p.consumer("bill", ORDERS)
                .prepare(String.class, inbox -> {
                    var some = inbox.peek(together);
                    return some.size() < together
                            ? Prepared.nothing()
                            : Prepared.of(some.getFirst().id(), some);
                })
                .next((out, order) -> {
                    if (order != null) out.publish(BILLS, order, order);
                });
        p.consumer("write", BILLS).prepare(String.class, Plant::first).next((out, bill) -> {
            if (failure != null) throw failure;
            if (bill != null) out.publish(LETTERS, bill, bill);
        });
        p.consumer("send", LETTERS)
                .prepare(String.class, inbox -> Prepared.nothing())
                .next((out, letter) -> {});
    });

    private void produce(Plant plant, Consumer<Source> code) {
        poll = code;
        plant.pass(Duration.ofMinutes(5));
        poll = out -> {};
    }

    private static List<InputDetails> inputs(Plant plant) {
        return plant.ask(pipelines -> pipelines.inputs("shop", 0, 100));
    }

    private static List<String> names(List<InputDetails> inputs) {
        return inputs.stream()
                .map(details -> details.input().source() + "/" + details.input().type() + "/"
                        + details.input().id())
                .toList();
    }

    /** What the last message comes from. */
    private static List<String> causes(Plant plant) {
        var last = plant.all().getLast();
        return names(plant.ask(pipelines -> pipelines.inputsOf(last)));
    }

    @ParameterizedTest
    @EnumSource
    void k62_a_message_comes_from_its_input_through_any_number_of_consumers(Database database) {
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> out.publish(ORDERS, "a", "a", out.input("mail", "order", "m1", "An order")));
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "BILLS a CONSUMED", "LETTERS a PENDING");
            assertThat(causes(plant)).containsExactly("mail/order/m1");
            var caused = plant.ask(pipelines -> pipelines.messagesOf("shop", 1));
            assertThat(caused).extracting(message -> message.name()).containsExactly("ORDERS", "BILLS", "LETTERS");
            assertThat(inputs(plant).getFirst().input().title()).isEqualTo("An order");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k62_a_message_without_an_input_is_an_input_of_its_own(Database database) {
        // The older engine makes it an error. Here the message itself is what people ask about.
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> out.publish(ORDERS, "a", "a"));
            assertThat(causes(plant)).containsExactly("poll/ORDERS/a");
            plant.ask(pipelines -> pipelines.publish(shop, ORDERS, "b", "b"));
            plant.worker.drain();
            assertThat(causes(plant)).containsExactly("outside/ORDERS/b");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k62_what_follows_comes_from_all_that_was_reserved(Database database) {
        together = 3;
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> {
                var mail = out.input("mail", "order", "m1", "");
                out.publish(ORDERS, "a", "a", mail);
                out.publish(ORDERS, "b", "b", mail);
                out.publish(ORDERS, "c", "c", out.input("web", "order", "w1", ""));
            });
            assertThat(plant.messages()).endsWith("LETTERS a PENDING");
            assertThat(causes(plant)).containsExactly("mail/order/m1", "web/order/w1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k63_an_input_is_registered_once(Database database) {
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> {
                out.publish(ORDERS, "a", "a", out.input("mail", "order", "1", "first"));
                out.publish(ORDERS, "b", "b", out.input("mail", "complaint", "1", ""));
                out.publish(ORDERS, "c", "c", out.input("web", "order", "1", ""));
                out.publish(ORDERS, "d", "d", out.input("mail", "order", "2", ""));
            });
            produce(plant, out -> out.publish(ORDERS, "e", "e", out.input("mail", "order", "1", "second")));
            assertThat(names(inputs(plant)))
                    .containsExactly("mail/order/1", "mail/complaint/1", "web/order/1", "mail/order/2");
            assertThat(inputs(plant).getFirst().input().title()).isEqualTo("second");
            assertThat(causes(plant)).containsExactly("mail/order/1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k63_an_input_that_was_not_declared_is_refused(Database database) {
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> {
                refused(() -> out.input("fax", "order", "1", ""));
                out.input("web", "complaint", "1", "");
            });
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            assertThat(wrong).singleElement().asString().contains("type \"order\" of \"fax\"", "web=[order]");
            assertThat(plant.stage.problem(plant.run).message())
                    .startsWith("Producer \"poll\" registers an input of type \"complaint\" of \"web\".")
                    .contains("mail=[order, complaint]");
            assertThat(inputs(plant)).isEmpty();
        }
    }

    private void refused(Runnable code) {
        try {
            code.run();
        } catch (Failure.Logic expected) {
            wrong.add(String.valueOf(expected.getMessage()));
        }
    }

    @ParameterizedTest
    @EnumSource
    void k64_an_input_that_nothing_is_published_for_is_pending(Database database) {
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> out.input("mail", "order", "1", ""));
            assertThat(inputs(plant)).singleElement().matches(input -> input.isPending() && input.pending() == 0);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k64_an_input_is_done_when_all_that_it_caused_is(Database database) {
        try (var plant = new Plant(database, shop)) {
            together = 2;
            produce(plant, out -> out.publish(ORDERS, "a", "a", out.input("mail", "order", "1", "")));
            assertThat(inputs(plant)).singleElement().matches(input -> input.isPending() && input.pending() == 1);
            together = 1;
            failure = new Failure.Transient("later");
            plant.work(ORDERS, "wakes it");
            assertThat(plant.messages()).startsWith("ORDERS a CONSUMED").contains("BILLS a RESERVED");
            assertThat(inputs(plant).getFirst())
                    .as("one is reserved")
                    .matches(input -> input.isPending() && input.pending() == 1 && input.done() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k64_what_is_consumed_and_caused_nothing_more_is_done(Database database) {
        var passing = Plant.passing("shop", order -> {});
        try (var plant = new Plant(database, passing)) {
            plant.ask(pipelines -> pipelines.publish(passing, ORDERS, "a", "a"));
            plant.worker.drain();
            assertThat(inputs(plant)).singleElement().matches(input -> !input.isPending() && input.done() == 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k64_what_is_known_and_done_does_not_become_pending_again(Database database) {
        try (var plant = new Plant(database, shop)) {
            produce(plant, out -> out.publish(ORDERS, "a", "a", out.input("mail", "order", "1", "")));
            produce(plant, out -> out.publish(ORDERS, "a", "a", out.input("mail", "order", "2", "")));
            assertThat(names(inputs(plant)))
                    .as("nothing will ever come of a second one")
                    .containsExactly("mail/order/1");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k64_what_is_pending_and_old_is_stale(Database database) {
        var hour = Duration.ofHours(1);
        try (var plant = new Plant(database, shop)) {
            together = 100;
            produce(plant, out -> {
                out.publish(ORDERS, "a", "a", out.input("mail", "order", "1", ""));
                out.publish(ORDERS, "b", "b", out.input("mail", "order", "2", ""));
            });
            assertThat(names(plant.ask(pipelines -> pipelines.stale("shop", hour, 0, 10))))
                    .isEmpty();
            plant.pass(hour);
            produce(plant, out -> out.publish(ORDERS, "c", "c", out.input("mail", "order", "3", "")));
            assertThat(names(plant.ask(pipelines -> pipelines.stale("shop", hour, 0, 10))))
                    .containsExactly("mail/order/1", "mail/order/2");
            assertThat(names(plant.ask(pipelines -> pipelines.stale("shop", hour, 0, 1))))
                    .containsExactly("mail/order/1");
            assertThat(names(plant.ask(pipelines -> pipelines.stale("shop", hour, 1, 1))))
                    .containsExactly("mail/order/2");
        }
    }
}
