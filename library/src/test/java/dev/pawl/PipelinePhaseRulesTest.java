package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Reason;
import dev.pawl.pipeline.Inbox;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.pipeline.Publisher;
import dev.pawl.pipeline.Source;
import dev.pawl.pipeline.Topic;
import dev.pawl.schedule.Every;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What may be done in which phase (K65). Most of it is in the types: a phase is handed only what it may use, so the rest does
 * not compile. What is left is code that keeps what it was handed, and uses it when its phase is over. Reading from outside is
 * the code's own business in every phase.
 */
class PipelinePhaseRulesTest {

    private static final Topic<String> SECRETS = Topic.of("SECRETS", String.class);

    private final List<String> done = new ArrayList<>();

    // What each phase was handed, kept against the rules.
    private @Nullable Source source;
    private @Nullable Inbox<String> inbox;
    private @Nullable Publisher publisher;

    private Runnable inPoll = () -> {};
    private Runnable inPrepare = () -> {};
    private Runnable inMutate = () -> {};
    private Runnable inNext = () -> {};

    private final Pipeline shop = Pipeline.define("shop", p -> {
        p.inputs("mail", "order");
        p.producer("poll", Every.hours(1), Integer.class, (out, cursor) -> {
                    source = out;
                    inPoll.run();
                    return 0;
                })
                .publishes(ORDERS);
        p.consumer("c", ORDERS)
                .prepare(String.class, looked -> {
                    var prepared = Plant.first(looked);
                    inbox = looked;
                    if (prepared.data() != null) inPrepare.run();
                    return prepared;
                })
                .mutate(String.class, (order, key) -> {
                    inMutate.run();
                    done.add(key.substring(key.indexOf('-') + 1));
                    return order;
                })
                .next((out, order, outcome) -> {
                    publisher = out;
                    if (order != null) inNext.run();
                })
                .publishes(BILLS);
        p.consumer("d", BILLS).prepare(String.class, Plant::first).next((out, bill) -> {});
    });

    private Source source() {
        return Objects.requireNonNull(source);
    }

    private Inbox<String> inbox() {
        return Objects.requireNonNull(inbox);
    }

    private Publisher publisher() {
        return Objects.requireNonNull(publisher);
    }

    private void blockedForRepair(Plant plant, String... words) {
        assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
        assertThat(plant.stage.problem(plant.run).message()).contains(words);
    }

    private static List<String> verbs(Class<?> handed) {
        return Arrays.stream(handed.getMethods())
                .map(Method::getName)
                .distinct()
                .sorted()
                .toList();
    }

    @Test
    void k65_each_phase_is_handed_only_what_it_may_do() {
        assertThat(verbs(Source.class)).as("a producer").containsExactly("input", "publish");
        assertThat(verbs(Inbox.class)).as("prepare").containsExactly("byIds", "first", "of", "peek", "remembered");
        assertThat(verbs(Publisher.class)).as("next").containsExactly("publish", "remember", "remembered", "start");
        // mutate is handed the data and a key: it neither looks nor publishes, and it is itself the one change.
    }

    @ParameterizedTest
    @EnumSource
    void k65_a_producer_publishes_only_while_it_runs(Database database) {
        try (var plant = new Plant(database, shop)) {
            inPrepare = () -> source().publish(ORDERS, "late", "late");
            plant.work(ORDERS, "a");
            blockedForRepair(plant, "Producer \"poll\" wants to publish when that is over");
            assertThat(plant.messages()).containsExactly("ORDERS a PENDING");
            inPrepare = () -> source().input("mail", "order", "1", "");
            plant.resume();
            blockedForRepair(plant, "Producer \"poll\" wants to register an input when that is over");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_a_producer_publishes_only_to_its_topics(Database database) {
        inPoll = () -> source().publish(BILLS, "b", "b");
        try (var plant = new Plant(database, shop)) {
            blockedForRepair(
                    plant, "Producer \"poll\" may not publish to topic \"BILLS\". It may publish to [ORDERS].");
            assertThat(plant.messages()).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_mutate_does_not_look_into_the_inbox(Database database) {
        try (var plant = new Plant(database, shop)) {
            inMutate = () -> inbox().peek();
            plant.work(ORDERS, "a");
            // It may have changed something before it looked: that it broke a rule is no proof that it has not.
            assertThat(plant.blocked()).isEqualTo(Reason.INDETERMINATE);
            assertThat(plant.stage.problem(plant.run).message())
                    .contains("The consumer \"c\" looks into its inbox when prepare is over.");
            assertThat(plant.messages()).containsExactly("ORDERS a RESERVED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_mutate_does_not_publish(Database database) {
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a");
            inMutate = () -> publisher().publish(BILLS, "b", "b");
            plant.work(ORDERS, "b");
            assertThat(plant.blocked()).as("whatever it did before").isEqualTo(Reason.INDETERMINATE);
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "ORDERS b RESERVED");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_mutate_does_not_look_into_an_inbox_of_before_either(Database database) {
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a");
            var before = inbox();
            inMutate = () -> before.peek();
            plant.work(ORDERS, "b");
            assertThat(plant.blocked()).isEqualTo(Reason.INDETERMINATE);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_prepare_does_not_publish(Database database) {
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a");
            inPrepare = () -> publisher().publish(BILLS, "b", "b");
            plant.work(ORDERS, "b");
            blockedForRepair(plant, "Consumer \"c\" wants to publish when that is over");
            assertThat(plant.messages()).containsExactly("ORDERS a CONSUMED", "ORDERS b PENDING");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_next_does_not_look_into_the_inbox(Database database) {
        try (var plant = new Plant(database, shop)) {
            inNext = () -> inbox().byIds(List.of("a"));
            plant.work(ORDERS, "a");
            blockedForRepair(plant, "looks into its inbox when prepare is over");
            inNext = () -> inbox().remembered(String.class);
            plant.resume();
            blockedForRepair(plant, "looks into its inbox when prepare is over");
            assertThat(done).as("the change is not done again").containsExactly("c-0");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_next_publishes_only_to_its_topics_and_says_under_which_id(Database database) {
        try (var plant = new Plant(database, shop)) {
            inNext = () -> publisher().publish(SECRETS, "x", "x");
            plant.work(ORDERS, "a");
            blockedForRepair(plant, "Consumer \"c\" may not publish to topic \"SECRETS\". It may publish to [BILLS].");
            inNext = () -> publisher().publish(BILLS, " ", "x");
            plant.resume();
            blockedForRepair(plant, "a message without an id");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_prepare_looks_only_at_the_topics_of_its_consumer(Database database) {
        try (var plant = new Plant(database, shop)) {
            inPrepare = () -> inbox().of(BILLS);
            plant.work(ORDERS, "a");
            blockedForRepair(plant, "The consumer \"c\" does not read topic \"BILLS\"; it reads [ORDERS].");
        }
    }

    @ParameterizedTest
    @EnumSource
    void k65_each_activation_changes_one_thing_with_a_key_of_its_own(Database database) {
        try (var plant = new Plant(database, shop)) {
            plant.work(ORDERS, "a", "b", "c");
            assertThat(done).containsExactly("c-0", "c-1", "c-2");
        }
    }
}
