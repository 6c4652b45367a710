package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.exec.DatabaseClock;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whoever stands still in the wrong moment, or waits for somebody who does, keeps what is its own and nothing else. */
class StallTest {

    private static final Json INPUT = new Json("{}");
    private static final Duration LEASE = Duration.ofMillis(400);

    private final List<Integer> begun = new CopyOnWriteArrayList<>();
    private final Steps one = Steps.of(1, task -> {
        begun.add(task.attempt());
        return new Json("7");
    });

    @ParameterizedTest
    @EnumSource
    void a_task_whose_lease_is_over_before_it_begins_does_not_begin(Database database) {
        var url = database.url();
        var first = new AtomicBoolean(true);
        var inner = Database.open(url);
        var slow = Between.writing(inner, work -> {
            var result = inner.write(work);
            boolean claimed = result instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Tx.Claim;
            if (claimed && first.getAndSet(false)) longerThanTheLease();
            return result;
        });
        try (var client = Pawl.open(url, Settings.CLIENT, List.of(one));
                var worker = worker(slow)) {
            var run = submit(client);
            await().atMost(Fleet.PATIENCE).until(() -> worker.run(run).status().terminal());

            assertThat(begun).containsExactly(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_lease_begins_when_the_claim_has_stopped_waiting(Database database) {
        var clock = new SettableClock(1_800_000_000_000L);
        try (Store store = Database.open(database.url())) {
            var slow = Between.writing(
                    store,
                    work -> store.write(
                            tx -> work.apply(Between.claiming(tx, () -> clock.advance(Duration.ofSeconds(5))))));
            var waiting = new HandDriven(slow, clock, List.of(one));
            var other = new HandDriven(store, clock, List.of(one));
            waiting.submit(one, INPUT);
            var claim = waiting.claim(1).getFirst();

            clock.advance(Duration.ofSeconds(2));
            assertThat(other.claim(1)).isEmpty();
            assertThat(claim.task().wakeAt()).isGreaterThan(clock.now());
            assertThat(waiting.end(claim, waiting.attempt(claim))).isTrue();
        }
    }

    /** Its work is done, and it is not for others to do it again while it waits for them. */
    @ParameterizedTest
    @EnumSource
    void an_end_that_waits_to_be_written_keeps_its_lease(Database database) {
        var url = database.url();
        var open = new CountDownLatch(1);
        var inner = Database.open(url);
        var slow = Between.writing(inner, work -> {
            if (Thread.currentThread().getName().startsWith("pawl-commit")) waitFor(open, Fleet.PATIENCE);
            return inner.write(work);
        });
        try (var client = Pawl.open(url, Settings.CLIENT, List.of(one));
                var waiting = worker(slow)) {
            var run = submit(client);
            await().atMost(Fleet.PATIENCE).until(() -> !begun.isEmpty());
            try (var other = worker(Database.open(url))) {
                longerThanTheLease();
                open.countDown();
                await().atMost(Fleet.PATIENCE)
                        .until(() -> other.run(run).status().terminal());
            }
            assertThat(begun).containsExactly(1);
            assertThat(Fleet.story(waiting, run)).doesNotContain("task.lost a[0]");
        }
    }

    /** The offset to the database's clock is not measured while this process stands still. */
    @ParameterizedTest
    @EnumSource
    void a_stall_while_the_clock_is_read_does_not_put_it_wrong(Database database) {
        try (Store store = Database.open(database.url())) {
            var before = new AtomicBoolean(true);
            var late = Between.timing(store, inner -> {
                if (before.getAndSet(false)) longerThanTheLease();
                return inner.databaseTime();
            });
            assertThat(new DatabaseClock(late).now()).isCloseTo(store.databaseTime(), within(200L));

            var after = new AtomicBoolean(true);
            var stalled = Between.timing(store, inner -> {
                long time = inner.databaseTime();
                if (after.getAndSet(false)) longerThanTheLease();
                return time;
            });
            assertThat(new DatabaseClock(stalled).now()).isCloseTo(store.databaseTime(), within(200L));
        }
    }

    private Pawl worker(Store store) {
        var settings = WorkerSettings.DEFAULT.lease(LEASE).poll(Duration.ofMillis(50));
        return Pawl.over(store, Settings.DEFAULT.worker(settings), List.of(one));
    }

    private RunId submit(Pawl client) {
        return client.submit(one, INPUT).id();
    }

    private static void longerThanTheLease() {
        waitFor(new CountDownLatch(1), LEASE.multipliedBy(3));
    }

    private static void waitFor(CountDownLatch latch, Duration atMost) {
        try {
            latch.await(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
