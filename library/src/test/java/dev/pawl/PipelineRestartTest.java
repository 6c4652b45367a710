package dev.pawl;

import static dev.pawl.Plant.BILLS;
import static dev.pawl.Plant.ORDERS;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.Reason;
import dev.pawl.pipeline.Pipeline;
import dev.pawl.schedule.Every;
import dev.pawl.testkit.Crash;
import dev.pawl.testkit.CrashingStore;
import dev.pawl.testkit.HandDriven;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the death of a worker leads to, at each point of an activation. */
class PipelineRestartTest {

    private final List<String> done = new ArrayList<>();

    /** The other side: which keys it has seen, and how often. */
    private final Map<String, Integer> sold = new HashMap<>();

    private @Nullable Failure inMutate;
    private @Nullable Failure inNext;

    private final Pipeline shop = Pipeline.define("shop", p -> {
        p.producer("poll", Every.minutes(5), Integer.class, (out, cursor) -> {
            int from = cursor == null ? 0 : cursor;
            if (from == 2) return from;
            out.publish(ORDERS, "order-" + from, "order-" + from);
            return from + 1;
        });
        p.consumer("c", ORDERS)
                .prepare(String.class, inbox -> {
                    var prepared = Plant.first(inbox);
                    if (prepared.data() != null) done.add("prepare " + prepared.data());
                    return prepared;
                })
                .mutate(String.class, (order, key) -> {
                    done.add("mutate " + order);
                    if (inMutate != null) throw inMutate;
                    sold.merge(key, 1, Integer::sum);
                    return order + "!";
                })
                .reconcile((order, key) -> Optional.ofNullable(sold.get(key)).map(times -> order + "!"))
                .next((out, order, outcome) -> {
                    if (order == null) return;
                    done.add("next " + outcome.result());
                    if (inNext != null) throw inNext;
                    out.publish(BILLS, outcome.result(), outcome.result());
                });
        p.consumer("d", BILLS).prepare(String.class, Plant::first).next((out, bill) -> {
            if (bill != null) done.add("bill " + bill);
        });
    });

    /** A plant that has worked off its first order, and of which the second one was published. */
    private Plant plant(Database database) {
        var plant = new Plant(database, shop);
        plant.stage.clock.advance(Duration.ofMinutes(5));
        assertThat(plant.worker.step()).as("poll").isTrue();
        done.clear();
        return plant;
    }

    private static HandDriven dying(Plant plant, CrashingStore crashing, int write, CrashingStore.How how, Pipeline p) {
        var worker = new HandDriven(crashing.store(), plant.stage.clock, List.of(p));
        crashing.plan(write, how);
        return worker;
    }

    /** Lets a worker die at one of its writes while it works on what is due; the lease has run out then. */
    private void die(Plant plant, int write, CrashingStore.How how) {
        var crashing = new CrashingStore(plant.stage.store);
        var worker = dying(plant, crashing, write, how, shop);
        try {
            worker.drain();
        } catch (Crash died) {
            done.add("died");
        }
        plant.everyReservedMessageHasAnOpenActivation();
        plant.stage.clock.advance(Duration.ofSeconds(10));
    }

    // The writes of an activation with a change: the claim, the intent, the outcome, the end.
    private static final int INTENT = 2;
    private static final int OUTCOME = 3;
    private static final int END = 4;

    @ParameterizedTest
    @EnumSource
    void k37_who_dies_while_it_prepares_has_reserved_nothing(Database database) {
        try (var plant = plant(database)) {
            die(plant, INTENT, CrashingStore.How.BEFORE);
            assertThat(done).containsExactly("prepare order-1", "died");
            assertThat(plant.messages()).endsWith("ORDERS order-1 PENDING");
            plant.worker.drain();
            assertThat(done)
                    .containsExactly(
                            "prepare order-1",
                            "died",
                            "prepare order-1",
                            "mutate order-1",
                            "next order-1!",
                            "bill order-1!");
            assertThat(plant.deliveries("order-1")).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k38_who_dies_after_the_change_is_followed_by_what_follows_from_it(Database database) {
        try (var plant = plant(database)) {
            die(plant, OUTCOME, CrashingStore.How.AFTER);
            assertThat(done).containsExactly("prepare order-1", "mutate order-1", "died");
            assertThat(plant.messages()).endsWith("ORDERS order-1 RESERVED");
            plant.worker.drain();
            assertThat(done).endsWith("died", "next order-1!", "bill order-1!");
            assertThat(sold.values()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k38_who_dies_between_the_change_and_its_record_asks_the_other_side(Database database) {
        try (var plant = plant(database)) {
            die(plant, OUTCOME, CrashingStore.How.BEFORE);
            plant.worker.drain();
            assertThat(done).endsWith("mutate order-1", "died", "next order-1!", "bill order-1!");
            assertThat(sold.values()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k39_who_dies_after_a_change_was_refused_releases_its_messages_once(Database database) {
        try (var plant = plant(database)) {
            inMutate = new Failure.RateLimited("not now", Duration.ZERO);
            die(plant, OUTCOME, CrashingStore.How.BEFORE); // the outcome and the end are one commit
            inMutate = null;
            plant.worker.drain();
            assertThat(plant.messages()).contains("ORDERS order-1 CONSUMED");
            assertThat(plant.deliveries("order-1")).isEqualTo(2);
            assertThat(plant.told("message.released")).hasSize(1);
            assertThat(sold.values()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k40_who_dies_after_the_commit_leaves_nothing_open(Database database) {
        // There are no sessions that could be left open: an activation is one commit, and the next one is part of it.
        try (var plant = plant(database)) {
            die(plant, END, CrashingStore.How.AFTER);
            assertThat(plant.messages()).contains("ORDERS order-1 CONSUMED", "BILLS order-1! PENDING");
            plant.worker.drain();
            assertThat(done)
                    .containsExactly("prepare order-1", "mutate order-1", "next order-1!", "died", "bill order-1!");
            assertThat(plant.told("task.lost")).isEmpty();
        }
    }

    @ParameterizedTest
    @EnumSource
    void k41_what_waits_for_a_repair_waits_for_it_after_a_restart_too(Database database) {
        // The older engine makes a task for the repair, and looks for a missing one when it starts. Here the run itself
        // waits.
        try (var plant = plant(database)) {
            inNext = new Failure.Logic("broken");
            plant.worker.drain();
            inNext = null;
            var restarted = plant.stage.worker(shop, shop.version("2"));
            plant.stage.pass(Duration.ofDays(1), restarted);
            assertThat(plant.blocked()).isEqualTo(Reason.REPAIR);
            plant.everyReservedMessageHasAnOpenActivation();
            restarted.takeOver(plant.run, shop.version("2"));
            restarted.drain();
            assertThat(done).endsWith("next order-1!", "next order-1!", "bill order-1!");
            assertThat(sold.values()).containsOnly(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void k42_whenever_a_worker_dies_what_is_reserved_belongs_to_an_open_activation(Database database) {
        for (var how : CrashingStore.How.values()) {
            for (int write = 1; ; write++) {
                boolean died = diesAt(database, how, write);
                assertThat(sold.values())
                        .as("%s write %d", how, write)
                        .containsOnly(1)
                        .hasSize(2);
                if (!died) break;
                assertThat(write).isLessThan(40);
            }
        }
    }

    /** Works two orders off while the worker dies at one write; answers whether there was such a write. */
    private boolean diesAt(Database database, CrashingStore.How how, int write) {
        sold.clear();
        done.clear();
        try (var plant = new Plant(database, shop, shop.version("unused"))) {
            var crashing = new CrashingStore(plant.stage.store);
            var worker = dying(plant, crashing, write, how, shop);
            plant.stage.clock.advance(Duration.ofMinutes(5));
            try {
                worker.drain();
            } catch (Crash died) {
                plant.everyReservedMessageHasAnOpenActivation();
            }
            boolean reached = crashing.writes() >= write;
            plant.pass(Duration.ofSeconds(10));
            plant.everyReservedMessageHasAnOpenActivation();
            plant.pass(Duration.ofMinutes(5));
            assertThat(plant.messages())
                    .as("%s write %d", how, write)
                    .containsExactlyInAnyOrder(
                            "ORDERS order-0 CONSUMED",
                            "BILLS order-0! CONSUMED",
                            "ORDERS order-1 CONSUMED",
                            "BILLS order-1! CONSUMED");
            assertThat(plant.stage.story(plant.run)).isNotEmpty(); // and has no gaps
            return reached;
        }
    }
}
