package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Event;
import dev.pawl.core.Input;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Store.MessageFilter;
import dev.pawl.spi.Tx;
import dev.pawl.spi.Tx.NewEvents;
import dev.pawl.spi.Tx.NewRun;
import dev.pawl.spi.Tx.RunUpdate;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must forget of runs that go on for ever, and what it must keep. */
public abstract class StandingContract {

    private static final String SHOP = "shop";
    private static final long LONG_AGO = 100;
    private static final long BOUND = 500;
    private static final long YOUNG = 900;

    private Store store;
    private Seed seed;

    /** Opens a store on an empty database. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = open();
        seed = new Seed(store);
    }

    @AfterEach
    void closeStore() {
        store.close();
    }

    @Test
    void tasks_that_are_over_go_with_their_journals_if_a_newer_one_succeeded() {
        RunId run = standing("a");
        task(run, SHOP, 0, TaskStatus.SUCCEEDED, LONG_AGO);
        task(run, SHOP, 1, TaskStatus.FAILED, LONG_AGO);
        task(run, SHOP, 2, TaskStatus.CANCELLED, LONG_AGO);
        task(run, SHOP, 3, TaskStatus.SUCCEEDED, LONG_AGO);
        task(run, SHOP, 4, TaskStatus.FAILED, LONG_AGO);
        task(run, SHOP, 5, TaskStatus.READY, LONG_AGO);
        task(run, "failing", 0, TaskStatus.FAILED, LONG_AGO);
        task(run, "failing", 1, TaskStatus.FAILED, LONG_AGO);
        task(run, "young", 0, TaskStatus.SUCCEEDED, YOUNG);
        task(run, "young", 1, TaskStatus.SUCCEEDED, YOUNG);

        assertThat(prune(100)).as("no run is gone").isEmpty();

        assertThat(tasks(run))
                .containsExactly("failing[0]", "failing[1]", "shop[3]", "shop[4]", "shop[5]", "young[0]", "young[1]");
        assertThat(store.effects(new TaskKey(run, SHOP, 2), 0, 9)).isEmpty();
        assertThat(store.effects(new TaskKey(run, SHOP, 3), 0, 9)).hasSize(1);
    }

    @Test
    void tasks_of_the_kernel_go_when_they_are_over() {
        RunId run = standing("a");
        task(run, TaskKey.CHILD, 1, TaskStatus.SUCCEEDED, LONG_AGO);
        task(run, TaskKey.CHILD, 2, TaskStatus.READY, LONG_AGO);
        task(run, TaskKey.CHILD, 3, TaskStatus.SUCCEEDED, YOUNG);

        prune(100);

        assertThat(tasks(run)).containsExactly("~child[2]", "~child[3]");
    }

    @Test
    void events_go_but_for_the_first_and_the_newest_and_keep_their_numbers() {
        RunId run = standing("a");
        for (int seq = 1; seq <= 9; seq += 2) events(run, seq, LONG_AGO);
        events(run, 11, YOUNG);
        RunId quiet = standing("b");
        for (int seq = 1; seq <= 5; seq += 2) events(quiet, seq, LONG_AGO);

        prune(100);

        assertThat(store.events(run, 0, 9)).extracting(Event::seq).containsExactly(1, 2, 11, 12);
        assertThat(store.events(run, 0, 3)).extracting(Event::seq).containsExactly(1, 2, 11);
        for (int after = 2; after <= 10; after++) {
            assertThat(store.events(run, after, 1)).extracting(Event::seq).containsExactly(11);
        }
        assertThat(store.events(run, 11, 9)).extracting(Event::seq).containsExactly(12);
        assertThat(store.events(quiet, 0, 9)).extracting(Event::seq).containsExactly(1, 2, 5, 6);
    }

    @Test
    void payloads_of_what_is_done_go_and_ids_stay_known() {
        RunId run = standing("a");
        store.writes(tx -> {
            tx.publish(List.of(
                    message(run, 1, LONG_AGO),
                    message(run, 2, LONG_AGO),
                    message(run, 3, LONG_AGO),
                    message(run, 4, LONG_AGO),
                    message(run, 5, YOUNG)));
            tx.reserve(List.of(new Tx.Reservation(run, SHOP, List.of(1, 2, 3, 5))));
            tx.dispose(List.of(
                    new Tx.Disposal(run, 1, SHOP, MessageStatus.CONSUMED, 5),
                    new Tx.Disposal(run, 2, SHOP, MessageStatus.SKIPPED, 5),
                    new Tx.Disposal(run, 5, SHOP, MessageStatus.CONSUMED, 5)));
        });

        prune(100);

        assertThat(store.messages(new MessageFilter(run, null, null, 0, 9)))
                .extracting(message -> message.payload().stored())
                .containsExactly("null", "null", "3", "4", "5");
        int[] again = store.write(tx -> tx.publish(List.of(message(run, 1, YOUNG), message(run, 3, YOUNG))));
        assertThat(again).containsExactly(0, 3);
    }

    @Test
    void it_goes_on_in_small_bites_until_nothing_old_is_left() {
        for (String slot : List.of("a", "b", "c")) {
            RunId run = standing(slot);
            for (int seq = 1; seq <= 41; seq += 2) events(run, seq, LONG_AGO);
            for (int index = 0; index <= 20; index++) task(run, SHOP, index, TaskStatus.SUCCEEDED, LONG_AGO);
        }
        List<RunId> runs =
                store.inSlots("a", "c", 9).stream().map(found -> found.id()).toList();

        prune(1);
        assertThat(rowsOf(runs)).as("25 rows at once").isEqualTo(3 * (42 + 21) - 20 - 2 * 5);
        for (int bite = 0; bite < 8; bite++) prune(1);

        assertThat(rowsOf(runs)).isEqualTo(3 * (4 + 1));
    }

    @Test
    void pruners_that_race_neither_wait_for_each_other_nor_take_too_much() {
        for (int n = 0; n < 12; n++) {
            RunId run = standing("slot-" + n);
            for (int seq = 1; seq <= 9; seq += 2) events(run, seq, LONG_AGO);
            for (int index = 0; index < 5; index++) task(run, SHOP, index, TaskStatus.SUCCEEDED, LONG_AGO);
        }
        Racing.all(4, racer -> () -> {
            for (int bite = 0; bite < 10; bite++) prune(1);
            return true;
        });
        prune(100);
        prune(100);

        List<RunId> runs = store.inSlots("slot", "slou", 99).stream()
                .map(found -> found.id())
                .toList();
        assertThat(rowsOf(runs)).isEqualTo(12 * (4 + 1));
    }

    private int rowsOf(List<RunId> runs) {
        return runs.stream()
                .mapToInt(run -> store.events(run, 0, 99).size()
                        + store.tasks(run, null, 0, 99).size())
                .sum();
    }

    @Test
    void runs_that_come_to_an_end_keep_all_that_they_have_until_then() {
        RunId flow = run("flow:seed", "a");
        RunId free = run("pipeline:seed", null);
        for (RunId run : List.of(flow, free)) {
            for (int index = 0; index < 3; index++) task(run, SHOP, index, TaskStatus.SUCCEEDED, LONG_AGO);
            for (int seq = 1; seq <= 5; seq += 2) events(run, seq, LONG_AGO);
        }

        prune(100);

        for (RunId run : List.of(flow, free)) {
            assertThat(tasks(run)).hasSize(3);
            assertThat(store.events(run, 0, 9)).hasSize(6);
        }
    }

    @Test
    void a_run_that_ended_goes_with_its_messages_its_inputs_and_what_they_caused() {
        RunId run = standing("a");
        store.writes(tx -> {
            tx.publish(List.of(message(run, 1, LONG_AGO)));
            tx.register(run, List.of(new Input("gmail", "mail", "1", "Hello")), LONG_AGO);
            tx.caused(List.of(new Tx.Cause(run, 1, 1)));
            Run was = Objects.requireNonNull(tx.lock(List.of(run)).get(run));
            var ended = new Run(
                    run, was.definition(), RunStatus.CANCELLED, null, was.placement(), was.state(), 1, null, null);
            tx.update(List.of(new RunUpdate(ended, null, null, null, Seed.NOW + 1)));
        });

        List<RunId> pruned = store.write(tx -> tx.prune(Seed.NOW + 2, 10));

        assertThat(pruned).containsExactly(run);
        assertThat(store.inputs(run, 0, 9)).isEmpty();
        assertThat(store.messages(new MessageFilter(run, null, null, 0, 9))).isEmpty();
        assertThat(store.inputsOf(run, 1)).isEmpty();
        // The same numbers again: whatever was left of the old ones would show.
        store.writes(tx -> {
            tx.publish(List.of(message(run, 1, LONG_AGO)));
            tx.register(run, List.of(new Input("gmail", "mail", "1", "Hello")), LONG_AGO);
        });
        assertThat(store.inputsOf(run, 1)).isEmpty();
    }

    private RunId standing(String slot) {
        return run("pipeline:seed", slot);
    }

    private RunId run(String program, @Nullable String slot) {
        RunId id = seed.id();
        var plain = seed.newRun(id, Placement.DEFAULT, null);
        store.writes(tx -> tx.insertRuns(List.of(new NewRun(
                plain.run(), program, null, plain.input(), null, null, 1, null, null, null, slot, false, null))));
        return id;
    }

    private void task(RunId run, String name, int index, TaskStatus status, long endedAt) {
        var key = new TaskKey(run, name, index);
        var leased = new Task(
                key, TaskStatus.RUNNING, seed.definition(), Placement.DEFAULT, 1, 0, endedAt, false, seed.worker());
        var effect = new Effect(0, 0, 1, endedAt, "step", EffectStatus.APPLIED, "it", null, null, null);
        var lease = new Tx.Lease(key, 1);
        store.writes(tx -> {
            tx.insertTasks(List.of(leased), endedAt);
            tx.append(List.of(new Tx.NewEffect(key, effect)), count -> {});
            var unused = tx.end(
                    List.of(new Tx.TaskEnd(lease, status, endedAt, false, Tx.How.SPENT, false, null, null, endedAt)));
        });
    }

    /** Two events in a row. */
    private void events(RunId run, int seq, long at) {
        store.writes(tx -> tx.append(List.of(new NewEvents(run, seq, at, "task.noted - {}\ntask.noted - {}"))));
    }

    private static Message message(RunId run, int seq, long at) {
        return new Message(
                run,
                seq,
                "orders",
                "id-" + seq,
                Payload.inline(new Json(String.valueOf(seq))),
                "test",
                at,
                MessageStatus.PENDING);
    }

    private List<String> tasks(RunId run) {
        return store.tasks(run, null, 0, 99).stream()
                .map(found -> found.task().key().label())
                .toList();
    }

    private static final int ROWS_PER_RUN = 25;

    private List<RunId> prune(int limit) {
        return store.write(tx -> {
            List<RunId> gone = tx.prune(BOUND, limit);
            tx.trim(BOUND, ROWS_PER_RUN * limit);
            return gone;
        });
    }
}
