package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.Lease;
import dev.pawl.spi.Tx.TaskEnd;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every store must do with tasks: fences, endings, hand-over, cancelling, copying. */
public abstract class TaskContract {
    private static final String QUEUE = Placement.DEFAULT_QUEUE;

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
    void a_lost_lease_cannot_commit() {
        RunId run = seed.run(Placement.DEFAULT, 1);
        Claim lost = seed.claim(QUEUE, 1).getFirst();
        Claim current = seed.claim(QUEUE, 1, Seed.NOW + Seed.LEASE).getFirst();

        assertThat(seed.succeed(List.of(lost))).containsExactly(false);
        assertThat(task(run, 0).task().status()).isEqualTo(TaskStatus.RUNNING);
        assertThat(seed.succeed(List.of(current))).containsExactly(true);
        assertThat(seed.succeed(List.of(current))).as("the first end wins").containsExactly(false);
    }

    @Test
    void endings_are_answered_in_the_order_in_which_they_were_given() {
        seed.run(Placement.DEFAULT, 50);
        seed.run(Placement.DEFAULT, 50);
        var leases = new ArrayList<TaskEnd>();
        for (Claim claim : seed.claim(QUEUE, 100)) {
            int attempt = claim.task().attempt() + (claim.task().key().index() % 3 == 0 ? 1 : 0);
            leases.add(Seed.end(new Lease(claim.task().key(), attempt), TaskStatus.SUCCEEDED));
        }
        Collections.shuffle(leases, new Random(1));

        boolean[] ended = store.write(tx -> tx.end(leases));

        assertThat(ended).hasSize(100);
        for (int i = 0; i < ended.length; i++) {
            assertThat(ended[i]).isEqualTo(leases.get(i).lease().key().index() % 3 != 0);
        }
    }

    @Test
    void an_ending_writes_what_it_says() {
        RunId run = seed.run(Placement.DEFAULT, 2);
        List<Claim> claims = seed.claim(QUEUE, 2);
        var problem = new Json("{\"class\":\"TRANSIENT\"}");
        store.write(tx -> tx.end(claims.stream()
                .map(claim -> new TaskEnd(
                        new Lease(claim.task().key(), 1),
                        TaskStatus.READY,
                        77,
                        true,
                        Tx.How.RETURNED,
                        false,
                        null,
                        problem,
                        Seed.NOW))
                .toList()));

        TaskDetails waiting = task(run, 1);
        assertThat(waiting.task())
                .isEqualTo(new Task(
                        new TaskKey(run, Seed.STEP, 1),
                        TaskStatus.READY,
                        seed.definition(),
                        Placement.DEFAULT,
                        1,
                        1,
                        77,
                        true,
                        seed.worker()));
        assertThat(waiting.problem()).isEqualTo(problem);
        assertThat(waiting.startedAt()).isEqualTo(Seed.NOW);
        assertThat(waiting.endedAt()).isNull();

        store.writes(tx -> tx.hold(run, false, null));
        seed.succeed(seed.claim(QUEUE, 2));
        assertThat(task(run, 1).output()).isEqualTo(Payload.inline(new Json("1")));
        assertThat(task(run, 1).problem()).as("it is over").isNull();
        assertThat(task(run, 1).endedAt()).isEqualTo(Seed.NOW);
    }

    @Test
    void tasks_that_exist_are_left_as_they_are() {
        RunId run = seed.run(Placement.DEFAULT, 2);
        seed.claim(QUEUE, 1);
        var again = List.of(
                seed.newTask(run, 0, Placement.DEFAULT, 1),
                seed.newTask(run, 1, Placement.DEFAULT, 2),
                seed.newTask(run, 2, Placement.DEFAULT, 3));

        store.writes(tx -> tx.insertTasks(again, Seed.NOW));

        assertThat(store.tasks(run, null, 0, 10))
                .extracting(found -> found.task().wakeAt())
                .containsExactly(Seed.NOW + Seed.LEASE, Seed.NOW, 3L);
    }

    @Test
    void a_task_that_is_handed_over_is_running_at_once() {
        RunId run = seed.run(Placement.DEFAULT, 0);
        var key = new TaskKey(run, "next", 0);
        var handed = new Task(
                key,
                TaskStatus.RUNNING,
                seed.definition(),
                Placement.DEFAULT,
                1,
                0,
                Seed.NOW + Seed.LEASE,
                false,
                seed.worker());
        store.writes(tx -> tx.insertTasks(List.of(handed), Seed.NOW));

        assertThat(store.tasks(run, "next", 0, 1).getFirst().task()).isEqualTo(handed);
        assertThat(store.tasks(run, "next", 0, 1).getFirst().startedAt()).isEqualTo(Seed.NOW);
        assertThat(seed.claim(QUEUE, 1)).isEmpty();
        boolean[] ended = store.write(tx -> tx.end(List.of(Seed.end(new Lease(key, 1), TaskStatus.SUCCEEDED))));
        assertThat(ended).containsExactly(true);
    }

    @Test
    void open_tasks_are_cancelled_and_ended_ones_are_not() {
        RunId run = seed.run(Placement.DEFAULT, 3);
        RunId other = seed.run(Placement.DEFAULT, 1);
        store.writes(tx -> tx.insertTasks(
                List.of(new Task(
                        new TaskKey(run, "other", 0),
                        TaskStatus.READY,
                        seed.definition(),
                        Placement.DEFAULT,
                        0,
                        0,
                        Seed.NOW + 1,
                        false,
                        null)),
                Seed.NOW));
        seed.succeed(seed.claim(QUEUE, 2).subList(0, 1));

        assertThat(cancel(run, Seed.STEP)).hasSize(2);
        assertThat(cancel(run, null)).containsExactly(new TaskKey(run, "other", 0));
        assertThat(cancel(run, null)).isEmpty();
        assertThat(store.taskCounts(other)).isEqualTo(Map.of(Seed.STEP, Map.of(TaskStatus.READY, 1)));
    }

    @Test
    void a_retry_copies_what_succeeded() {
        RunId from = seed.run(Placement.DEFAULT, 3);
        seed.succeed(seed.claim(QUEUE, 2));
        RunId to = seed.run(Placement.DEFAULT, 0);

        BitSet copied = store.write(tx -> tx.copyTasks(from, to, Seed.STEP, seed.definition()));
        BitSet again = store.write(tx -> tx.copyTasks(from, to, Seed.STEP, seed.definition()));

        assertThat(copied.stream()).containsExactly(0, 1);
        assertThat(again.stream()).as("they are there already").isEmpty();

        assertThat(store.tasks(to, null, 0, 10)).hasSize(2).allSatisfy(task -> {
            assertThat(task.task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(task.output()).isEqualTo(Payload.inline(new Json("1")));
        });
    }

    @Test
    void tasks_are_read_in_pages_in_the_order_of_name_and_index() {
        RunId run = seed.run(Placement.DEFAULT, 25);

        assertThat(store.tasks(run, Seed.STEP, 10, 5))
                .extracting(found -> found.task().key().index())
                .containsExactly(10, 11, 12, 13, 14);
        assertThat(store.tasks(run, "none", 0, 5)).isEmpty();
        assertThat(store.taskCounts(run)).isEqualTo(Map.of(Seed.STEP, Map.of(TaskStatus.READY, 25)));
    }

    private List<TaskKey> cancel(RunId run, @Nullable String step) {
        return store.write(tx -> tx.cancelOpen(run, step, 50));
    }

    private TaskDetails task(RunId run, int index) {
        return store.tasks(run, Seed.STEP, index, 1).getFirst();
    }
}
