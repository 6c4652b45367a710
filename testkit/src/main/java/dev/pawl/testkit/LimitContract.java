package dev.pawl.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Placement;
import dev.pawl.core.Priority;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.RunId;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.Store;
import dev.pawl.spi.Store.Occupancy;
import dev.pawl.spi.Tx.Claim;
import dev.pawl.spi.Tx.ClaimRequest;
import dev.pawl.spi.Tx.Lease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How every store must keep the limits of queues, also for several processes at once. */
public abstract class LimitContract {

    private static final String QUEUE = "limited";

    private final List<Store> stores = new ArrayList<>();
    private Store store;
    private Seed seed;

    /** Opens a store on one and the same database, empty for the first call of each test. */
    protected abstract Store open();

    @BeforeEach
    void openStore() {
        store = another();
        seed = new Seed(store);
    }

    private Store another() {
        Store opened = open();
        stores.add(opened);
        return opened;
    }

    @AfterEach
    void closeStores() {
        stores.forEach(Store::close);
    }

    @Test
    void no_more_run_than_the_limit_says() {
        limit(QueueLimit.running(QUEUE, 3));
        seed.run(of("a"), 5);

        List<Claim> first = seed.claim(QUEUE, 10);
        assertThat(first).hasSize(3);
        assertThat(seed.claim(QUEUE, 10)).isEmpty();

        seed.succeed(first.subList(0, 1));
        assertThat(seed.claim(QUEUE, 10)).hasSize(1);
        assertThat(store.occupancy(QUEUE, null)).isEqualTo(new Occupancy(3, 1));
    }

    @Test
    void a_limit_counts_what_was_there_before_it() {
        seed.run(of("a"), 5);
        assertThat(seed.claim(QUEUE, 2)).hasSize(2);

        limit(QueueLimit.running(QUEUE, 3));
        assertThat(seed.claim(QUEUE, 10)).hasSize(1);

        limit(QueueLimit.running(QUEUE, 4));
        assertThat(store.queueLimits()).containsExactly(QueueLimit.running(QUEUE, 4));
        assertThat(seed.claim(QUEUE, 10)).hasSize(1);
    }

    @Test
    void a_handed_over_task_of_a_limited_queue_waits_like_every_other() {
        limit(QueueLimit.running(QUEUE, 1));
        RunId run = seed.run(of("a"), 1);
        seed.claim(QUEUE, 1);
        var key = new TaskKey(run, "next", 0);
        var handed = new Task(
                key, TaskStatus.RUNNING, seed.definition(), of("a"), 1, 0, Seed.NOW + Seed.LEASE, false, seed.worker());

        store.writes(tx -> tx.insertTasks(List.of(handed), Seed.NOW));

        Task stored = store.tasks(run, "next", 0, 1).getFirst().task();
        assertThat(stored.status()).isEqualTo(TaskStatus.READY);
        assertThat(stored.spent()).isZero();
        boolean[] ended = store.write(tx -> tx.end(List.of(Seed.end(new Lease(key, 1), TaskStatus.SUCCEEDED))));
        assertThat(ended).as("whoever thinks that it has it is told").containsExactly(false);
        assertThat(seed.claim(QUEUE, 1)).isEmpty();
    }

    @Test
    void leases_that_ran_out_are_claimed_again_at_the_limit() {
        limit(QueueLimit.running(QUEUE, 2).andPerKey(1));
        seed.run(of("a"), 3);
        seed.run(of("b"), 3);
        List<Claim> lost = seed.claim(QUEUE, 10);
        assertThat(lost).hasSize(2);

        List<Claim> again = seed.claim(QUEUE, 10, Seed.NOW + Seed.LEASE);

        assertThat(again).extracting(claim -> claim.task().key()).containsExactlyInAnyOrderElementsOf(keys(lost));
        assertThat(again).extracting(Claim::lostBy).containsOnly(seed.worker());
        assertThat(again).extracting(claim -> claim.task().attempt()).containsOnly(2);
        assertThat(store.occupancy(QUEUE, null)).isEqualTo(new Occupancy(2, 4));
    }

    @Test
    void keys_take_turns_and_keep_to_their_own_limit() {
        limit(QueueLimit.perKey(QUEUE, 2));
        seed.run(of("busy"), 50);
        seed.run(of("small"), 1);
        seed.run(of("other"), 3);

        assertThat(byKey(seed.claim(QUEUE, 3))).isEqualTo(Map.of("busy", 1, "small", 1, "other", 1));
        assertThat(byKey(seed.claim(QUEUE, 10))).isEqualTo(Map.of("busy", 1, "other", 1));
        assertThat(seed.claim(QUEUE, 10)).isEmpty();
    }

    @Test
    void one_at_a_time_every_key_gets_its_turn() {
        limit(QueueLimit.running(QUEUE, 1));
        for (int key = 0; key < 5; key++) seed.run(of("key-" + key), 20);

        var served = new ArrayList<String>();
        for (int i = 0; i < 10; i++) {
            List<Claim> claims = seed.claim(QUEUE, 1);
            served.add(claims.getFirst().task().placement().key());
            seed.succeed(claims);
        }

        assertThat(served.subList(0, 5)).doesNotHaveDuplicates();
        assertThat(served.subList(5, 10)).doesNotHaveDuplicates();
    }

    @Test
    void more_keys_than_fit_a_page_are_all_served() {
        limit(QueueLimit.perKey(QUEUE, 1));
        for (int key = 0; key < 300; key++) seed.run(of("key-" + key), 2);

        var served = new ArrayList<String>();
        for (List<Claim> claims = seed.claim(QUEUE, 40); !claims.isEmpty(); claims = seed.claim(QUEUE, 40)) {
            claims.forEach(claim -> served.add(claim.task().placement().key()));
        }

        assertThat(served).hasSize(300).doesNotHaveDuplicates();
    }

    @Test
    void priorities_go_first_in_a_limited_queue_too() {
        limit(QueueLimit.running(QUEUE, 2));
        seed.run(new Placement(QUEUE, Priority.LOW, "a"), 3);
        seed.run(new Placement(QUEUE, Priority.HIGH, "b"), 3);

        assertThat(byKey(seed.claim(QUEUE, 10))).isEqualTo(Map.of("b", 2));
    }

    @Test
    void queues_with_and_without_limits_share_a_claim() {
        limit(QueueLimit.running(QUEUE, 50));
        seed.run(of(""), 50);
        seed.runs(Placement.DEFAULT, 3);
        var request = new ClaimRequest(
                seed.worker(),
                List.of(seed.definition()),
                List.of(QUEUE, "default"),
                20,
                Seed.NOW,
                Seed.NOW + Seed.LEASE);

        List<Claim> claims = store.write(tx -> tx.claim(request));

        assertThat(claims).hasSize(20);
        assertThat(claims)
                .filteredOn(claim -> claim.task().placement().queue().equals("default"))
                .hasSize(3);
    }

    /** The ledger counts from outside: up after a claim was seen, down before an end is tried; so it never counts too much. */
    @Test
    void limits_hold_at_every_moment_with_six_claimers_from_several_processes() {
        int maxRunning = 5;
        int maxPerKey = 2;
        limit(new QueueLimit(QUEUE, maxRunning, maxPerKey));
        for (int key = 0; key < 6; key++) {
            for (int run = 0; run < 10; run++) seed.run(of("key-" + key), 5);
        }
        var seeds = new ArrayList<Seed>(List.of(seed, new Seed(another()), new Seed(another())));
        var running = new HashMap<String, Integer>();
        var worst = new AtomicInteger();
        var worstOfKey = new AtomicInteger();

        var ended = Racing.all(6, racer -> () -> {
            Seed mine = seeds.get(racer % seeds.size());
            var random = new Random(racer);
            var hands = new ArrayList<Claim>();
            int done = 0;
            for (int idle = 0; idle < 200; ) {
                List<Claim> claims = mine.claim(QUEUE, 1 + random.nextInt(4));
                hands.addAll(claims);
                synchronized (running) {
                    for (Claim claim : claims)
                        running.merge(claim.task().placement().key(), 1, Integer::sum);
                    worst.accumulateAndGet(
                            running.values().stream()
                                    .mapToInt(Integer::intValue)
                                    .sum(),
                            Math::max);
                    worstOfKey.accumulateAndGet(Collections.max(withZero(running)), Math::max);
                }
                Collections.shuffle(hands, random);
                List<Claim> some = List.copyOf(hands.subList(0, (hands.size() + 1) / 2));
                if (some.isEmpty()) {
                    idle++;
                    continue;
                }
                synchronized (running) {
                    for (Claim claim : some)
                        running.merge(claim.task().placement().key(), -1, Integer::sum);
                }
                for (boolean one : mine.succeed(some)) assertThat(one).isTrue();
                hands.removeAll(some);
                done += some.size();
            }
            return done;
        });

        assertThat(worst).hasValueLessThanOrEqualTo(maxRunning);
        assertThat(worstOfKey).hasValueLessThanOrEqualTo(maxPerKey);
        int all = ended.stream().mapToInt(Integer::intValue).sum();
        List<Claim> rest;
        for (rest = seed.claim(QUEUE, 10); !rest.isEmpty(); rest = seed.claim(QUEUE, 10)) {
            seed.succeed(rest);
            all += rest.size();
        }
        assertThat(all).as("and everything was done").isEqualTo(300);
    }

    private static List<Integer> withZero(Map<String, Integer> running) {
        var values = new ArrayList<>(running.values());
        values.add(0);
        return values;
    }

    @Test
    void a_limit_declared_under_load_misses_no_task() {
        Racing.all(5, racer -> () -> {
            if (racer == 0) limit(QueueLimit.running(QUEUE, 4));
            else for (int i = 0; i < 20; i++) seed.run(of("key-" + racer), 2);
            return true;
        });

        assertThat(seed.claim(QUEUE, 100)).hasSize(4);
        assertThat(store.occupancy(QUEUE, null)).isEqualTo(new Occupancy(4, 156));
    }

    @Test
    void a_limit_waits_for_tasks_that_are_just_being_inserted() {
        if (store.lanes() == 1) return; // one writer: nothing is ever just being inserted
        for (int round = 0; round < 20; round++) {
            var placement = new Placement("queue-" + round, Priority.NORMAL, "a");
            RunId run = seed.run(placement, 0);
            var inserted = new CountDownLatch(1);
            var entered = new CountDownLatch(1);
            Racing.all(2, racer -> () -> {
                store.writes(tx -> {
                    if (racer == 0) {
                        tx.insertTasks(tasks(run, placement), Seed.NOW);
                        inserted.countDown();
                        await(entered);
                    } else {
                        await(inserted);
                        entered.countDown();
                        tx.limit(QueueLimit.running(placement.queue(), 1));
                    }
                });
                return true;
            });

            assertThat(seed.claim(placement.queue(), 10)).hasSize(1);
            assertThat(seed.claim(placement.queue(), 10)).isEmpty();
        }
    }

    private List<Task> tasks(RunId run, Placement placement) {
        return List.of(
                seed.newTask(run, 0, placement, Seed.NOW),
                seed.newTask(run, 1, placement, Seed.NOW),
                seed.newTask(run, 2, placement, Seed.NOW));
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void limit(QueueLimit limit) {
        store.writes(tx -> tx.limit(limit));
    }

    private static Placement of(String key) {
        return new Placement(QUEUE, Priority.NORMAL, key);
    }

    private static List<TaskKey> keys(List<Claim> claims) {
        return claims.stream().map(claim -> claim.task().key()).toList();
    }

    private static Map<String, Integer> byKey(List<Claim> claims) {
        return claims.stream()
                .collect(Collectors.groupingBy(
                        claim -> claim.task().placement().key(), Collectors.summingInt(claim -> 1)));
    }
}
