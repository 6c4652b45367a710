package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Json;
import dev.pawl.core.Placement;
import dev.pawl.core.Priority;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Store.Occupancy;
import dev.pawl.spi.Tx;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.Lease;
import dev.pawl.spi.Tx.NewEvents;
import dev.pawl.spi.Tx.NewRun;
import dev.pawl.spi.Tx.RunUpdate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every store must give out work, and clear it away: claims, leases, holds, pruning. */
public abstract class ClaimContract {

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
    void a_claim_counts_the_attempt_and_starts_the_lease() {
        RunId run = seed.run(Placement.DEFAULT, 1);

        List<Claim> claims = seed.claim(QUEUE, 5);

        var expected = new Task(
                new TaskKey(run, Seed.STEP, 0),
                TaskStatus.RUNNING,
                seed.definition(),
                Placement.DEFAULT,
                1,
                0,
                Seed.NOW + Seed.LEASE,
                false,
                seed.worker());
        assertThat(claims).hasSize(1);
        assertThat(claims.getFirst().task()).isEqualTo(expected);
        assertThat(claims.getFirst().run())
                .isEqualTo(store.run(run).orElseThrow().run());
        assertThat(claims.getFirst().lostBy()).isNull();
        assertThat(store.tasks(run, null, 0, 1).getFirst().task()).isEqualTo(expected);
        List<Claim> claimedBefore = store.write(tx -> tx.claimedBy(seed.worker()));
        assertThat(claimedBefore).isEqualTo(claims);
    }

    @Test
    void each_task_is_claimed_once_by_claimers_that_race() {
        for (int i = 0; i < 20; i++) seed.runs(Placement.DEFAULT, 50);
        for (int i = 0; i < 4; i++) seed.run(Placement.DEFAULT, 250);

        var claimed = Racing.all(4, racer -> () -> {
            var mine = new ArrayList<TaskKey>();
            for (List<Claim> claims = seed.claim(QUEUE, 37); !claims.isEmpty(); claims = seed.claim(QUEUE, 37)) {
                claims.forEach(claim -> mine.add(claim.task().key()));
            }
            return mine;
        });

        assertThat(claimed.stream().flatMap(List::stream).toList())
                .hasSize(2_000)
                .doesNotHaveDuplicates();
    }

    @Test
    void priorities_go_first_and_then_what_is_due_longest() {
        var tasks = new ArrayList<TaskKey>();
        var random = new Random(3);
        RunId run = seed.run(Placement.DEFAULT, 0);
        var due = new ArrayList<Task>();
        for (int i = 0; i < 60; i++) {
            var placement = new Placement(
                    QUEUE, List.of(Priority.HIGH, Priority.NORMAL, Priority.LOW).get(i / 20), "");
            due.add(seed.newTask(run, i, placement, Seed.NOW - 100 + i));
            tasks.add(due.getLast().key());
        }
        Collections.shuffle(due, random);
        store.writes(tx -> tx.insertTasks(due, Seed.NOW));

        for (int limit : new int[] {1, 7, 30, 40}) {
            List<TaskKey> next = tasks.subList(0, Math.min(limit, tasks.size()));
            assertThat(seed.claim(QUEUE, limit))
                    .extracting(claim -> claim.task().key())
                    .isEqualTo(List.copyOf(next));
            next.clear();
        }
    }

    @Test
    void only_what_was_asked_for_is_claimed() {
        RunId run = seed.run(Placement.DEFAULT, 1);
        seed.run(new Placement("other", Priority.NORMAL, ""), 1);
        store.writes(tx -> tx.insertTasks(List.of(seed.newTask(run, 9, Placement.DEFAULT, Seed.NOW + 1)), Seed.NOW));
        int strange = seed.definition() + 1;

        assertThat(claim(List.of(strange), List.of(QUEUE))).isEmpty();
        assertThat(claim(List.of(seed.definition()), List.of("none"))).isEmpty();
        assertThat(claim(List.of(), List.of())).isEmpty();
        assertThat(claim(List.of(strange, seed.definition()), List.of("none", QUEUE)))
                .hasSize(1);
        assertThat(claim(List.of(seed.definition()), List.of("other"))).hasSize(1);
        assertThat(claim(List.of(seed.definition()), List.of("other", QUEUE))).isEmpty();
        assertThat(seed.claim(QUEUE, 5, Seed.NOW + 1)).hasSize(1);
    }

    private List<Claim> claim(List<Integer> definitions, List<String> queues) {
        var request = new ClaimRequest(seed.worker(), definitions, queues, 10, Seed.NOW, Seed.NOW + Seed.LEASE);
        return store.write(tx -> tx.claim(request));
    }

    @Test
    void a_hundred_definitions_are_claimed_as_if_they_were_one() {
        List<Integer> definitions = IntStream.range(0, 100)
                .mapToObj(number -> store.write(tx -> tx.define("flow:" + number, "1", Json.NULL, 1))
                        .id())
                .toList();
        RunId run = seed.run(Placement.DEFAULT, 0);
        var tasks = new ArrayList<Task>();
        for (int i = 0; i < 1_000; i++) {
            int definition = i < 500 ? definitions.get(i % 100) : definitions.get(7); // and one has most of them
            tasks.add(new Task(
                    new TaskKey(run, "t", i), TaskStatus.READY, definition, Placement.DEFAULT, 0, 0, i, false, null));
        }
        Collections.shuffle(tasks, new Random(5));
        store.writes(tx -> tx.insertTasks(tasks, Seed.NOW));

        var claimed = new ArrayList<Integer>();
        for (int i = 0; i < 10; i++) {
            var request =
                    new ClaimRequest(seed.worker(), definitions, List.of("no", QUEUE), 100, Seed.NOW, Seed.NOW + 1);
            List<Claim> claims = store.write(tx -> tx.claim(request));
            claims.forEach(claim -> claimed.add(claim.task().key().index()));
        }

        assertThat(claimed).hasSize(1_000).isSorted();
    }

    @Test
    void held_tasks_wait_until_they_are_released() {
        RunId held = seed.run(Placement.DEFAULT, 2);
        seed.run(Placement.DEFAULT, 1);
        store.writes(tx -> tx.hold(held, true, null));

        assertThat(seed.claim(QUEUE, 10)).hasSize(1);
        assertThat(seed.claim(QUEUE, 10)).isEmpty();

        store.writes(tx -> tx.hold(held, false, null));
        assertThat(seed.claim(QUEUE, 10)).hasSize(2);
    }

    @Test
    void a_lease_that_ran_out_is_claimed_again_and_names_who_lost_it() {
        seed.run(Placement.DEFAULT, 1);
        seed.claim(QUEUE, 1);
        int second = store.write(tx -> tx.insertWorker("there", List.of(), List.of(), 1, Seed.NOW));
        long later = Seed.NOW + Seed.LEASE;

        assertThat(seed.claim(QUEUE, 1, later - 1)).isEmpty();
        List<Claim> claims = store.write(tx -> tx.claim(
                new ClaimRequest(second, List.of(seed.definition()), List.of(QUEUE), 1, later, later + Seed.LEASE)));

        assertThat(claims).hasSize(1);
        assertThat(claims.getFirst().lostBy()).isEqualTo(seed.worker());
        assertThat(claims.getFirst().task().attempt()).isEqualTo(2);
        assertThat(claims.getFirst().task().worker()).isEqualTo(second);
    }

    @Test
    void only_who_still_has_a_lease_can_extend_it() {
        seed.run(Placement.DEFAULT, 2);
        List<Claim> claims = seed.claim(QUEUE, 2);
        seed.succeed(claims.subList(0, 1));
        var leases = new ArrayList<Lease>();
        for (Claim claim : claims) leases.add(new Lease(claim.task().key(), 1));
        leases.add(new Lease(claims.get(1).task().key(), 2));
        Collections.reverse(leases);

        var extended = store.write(tx -> tx.extend(
                leases.stream().map(lease -> new Tx.Extension(lease, null)).toList(), Seed.NOW + 2 * Seed.LEASE));

        assertThat(extended).containsExactly(Tx.Kept.LOST, Tx.Kept.KEPT, Tx.Kept.LOST);
        assertThat(seed.claim(QUEUE, 2, Seed.NOW + Seed.LEASE)).isEmpty();
        assertThat(seed.claim(QUEUE, 2, Seed.NOW + 2 * Seed.LEASE)).hasSize(1);
    }

    @Test
    void a_claim_finds_free_work_past_a_busy_run() throws InterruptedException {
        if (store.lanes() == 1) return; // one writer: while somebody writes, nobody claims
        RunId busy = seed.run(Placement.DEFAULT, 6);
        List<RunId> free = seed.runs(Placement.DEFAULT, 2);

        Thread holder = whileLocked(busy, () -> {
            assertThat(seed.claim(QUEUE, 2))
                    .extracting(claim -> claim.run().id())
                    .containsExactlyElementsOf(free);
        });
        holder.join();
    }

    @Test
    void a_claim_waits_for_a_busy_run_rather_than_starve_it() throws InterruptedException {
        RunId busy = seed.run(Placement.DEFAULT, 5);
        var claims = new ArrayList<Claim>();
        var claimer = new Thread[1];

        whileLocked(busy, () -> claimer[0] = Thread.ofVirtual().start(() -> claims.addAll(seed.claim(QUEUE, 3))))
                .join();
        claimer[0].join();

        assertThat(claims).hasSize(3);
    }

    /** Does something while another transaction holds a run; returns that transaction's thread, which is about to end. */
    private Thread whileLocked(RunId run, Runnable meanwhile) {
        var locked = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        Thread holder = Thread.ofVirtual()
                .start(() -> store.writes(tx -> {
                    tx.lock(List.of(run));
                    locked.countDown();
                    await(go);
                }));
        await(locked);
        try {
            meanwhile.run();
        } finally {
            go.countDown();
        }
        return holder;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void occupancy_counts_what_runs_and_what_waits() {
        seed.run(new Placement(QUEUE, Priority.HIGH, "a"), 3);
        seed.run(new Placement(QUEUE, Priority.LOW, "b"), 4);
        seed.claim(QUEUE, 2);

        assertThat(store.occupancy(QUEUE, null)).isEqualTo(new Occupancy(2, 5));
        assertThat(store.occupancy(QUEUE, "a")).isEqualTo(new Occupancy(2, 1));
        assertThat(store.occupancy(QUEUE, "b")).isEqualTo(new Occupancy(0, 4));
        assertThat(store.occupancy("none", null)).isEqualTo(new Occupancy(0, 0));
    }

    @Test
    void pruning_deletes_finished_runs_and_keeps_the_keys() {
        RunId open = seed.run(Placement.DEFAULT, 1);
        RunId old = finished(null, 100);
        RunId keyed = finished("k", 100);
        RunId young = finished(null, 101);

        List<RunId> pruned = prune(Seed.NOW + 101, 10);

        assertThat(pruned).containsExactly(old, keyed);
        assertThat(store.run(old)).isEmpty();
        assertThat(store.run(open)).isPresent();
        assertThat(store.run(young).orElseThrow().input().stored()).isEqualTo("1");
        assertThat(store.tasks(keyed, null, 0, 10)).isEmpty();
        assertThat(store.events(keyed, 0, 10)).isEmpty();
        assertThat(store.events(young, 0, 10)).hasSize(1);
        assertThat(store.runByKey(Seed.PROGRAM, "k")).contains(keyed);
        assertThat(store.run(keyed).orElseThrow().status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(store.run(keyed).orElseThrow().input().stored()).isEqualTo("null");
        assertThat(prune(Seed.NOW + 101, 10)).isEmpty();
    }

    @Test
    void pruning_goes_on_in_small_bites() {
        for (int i = 0; i < 7; i++) finished(i % 2 == 0 ? null : "key-" + i, 100);

        assertThat(prune(Seed.NOW + 200, 3)).hasSize(3);
        assertThat(prune(Seed.NOW + 200, 3)).hasSize(3);
        assertThat(prune(Seed.NOW + 200, 3)).hasSize(1);
        RunId late = finished(null, 150);
        assertThat(prune(Seed.NOW + 200, 3)).containsExactly(late);
    }

    private RunId finished(@Nullable String key, long endedAfter) {
        long endedAt = Seed.NOW + endedAfter; // not before its id says that it was made
        RunId id = seed.id();
        store.writes(tx -> {
            NewRun run = seed.newRun(id, Placement.DEFAULT, key);
            tx.insertRuns(List.of(run));
            tx.insertTasks(List.of(seed.newTask(id, 0, Placement.DEFAULT, Seed.NOW)), 1);
            tx.cancelOpen(id, null, 2);
            tx.append(List.of(new NewEvents(id, 1, 1, "run.queued - {}")));
            tx.update(List.of(new RunUpdate(succeeded(run.run()), null, null, null, endedAt)));
        });
        return id;
    }

    private static Run succeeded(Run run) {
        return new Run(
                run.id(), run.definition(), RunStatus.SUCCEEDED, null, run.placement(), run.state(), 1, null, null);
    }

    private List<RunId> prune(long endedBefore, int limit) {
        return store.write(tx -> tx.prune(endedBefore, limit));
    }
}
