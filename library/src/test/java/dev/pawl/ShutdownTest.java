package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.Settings;
import dev.pawl.job.Job;
import dev.pawl.spi.Store;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Closing a Pawl loses nothing: what runs may finish, and what does not is handed back. */
class ShutdownTest {

    private static final Json INPUT = new Json("{}");

    private final Gate gate = new Gate();
    private final CountDownLatch began = new CountDownLatch(1);

    /** The first of the two tasks waits at the gate. */
    private final Steps waiting = Steps.of(2, task -> {
                began.countDown();
                gate.pass();
                return new Json("\"waited\"");
            })
            .retry(Retry.never());

    private final Steps quick = Steps.of(2, task -> new Json("\"quick\"")).retry(Retry.never());

    @ParameterizedTest
    @EnumSource
    void closing_lets_a_running_task_finish_and_starts_nothing_new(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.grace(Fleet.PATIENCE), waiting);
            var run = pawl.submit(waiting, INPUT).id();
            began.await();
            var closing = Thread.ofPlatform().start(() -> fleet.close(pawl));
            await().until(() -> closing.getState() == Thread.State.TIMED_WAITING);
            gate.letPass(1);
            closing.join();
            var after = fleet.client(waiting);
            assertThat(after.run(run).status()).isEqualTo(RunStatus.RUNNING);
            var tasks = after.tasks(run, 10);
            assertThat(tasks.get(0).task().status()).isEqualTo(TaskStatus.SUCCEEDED);
            assertThat(tasks.get(1).task().status()).isEqualTo(TaskStatus.READY);
            assertThat(tasks.get(1).task().attempt()).isZero();
        }
    }

    /** As a service does whose shutdown hook closes it while its main method does. */
    @ParameterizedTest
    @EnumSource
    void it_is_closed_once_and_who_closes_it_again_waits_until_it_is(Database database) throws Exception {
        var closes = new AtomicInteger();
        var store = counting(Database.open(database.url()), closes);
        var settings = Settings.DEFAULT.worker(Settings.DEFAULT.worker().grace(Fleet.PATIENCE));
        var pawl = Pawl.over(store, settings, List.of(waiting));
        pawl.submit(waiting, INPUT);
        began.await();
        var first = Thread.ofPlatform().start(pawl::close);
        await().until(() -> first.getState() == Thread.State.TIMED_WAITING);
        var second = Thread.ofPlatform().start(pawl::close);
        await().until(() -> second.getState() == Thread.State.WAITING);
        gate.open();
        first.join();
        second.join();
        pawl.close();
        assertThat(closes).hasValue(1);
    }

    /** A store that counts how often it is closed. */
    private static Store counting(Store store, AtomicInteger closes) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) closes.incrementAndGet();
                    return method.invoke(store, arguments);
                });
    }

    /** It has one attempt only, so a spent one would show. */
    @ParameterizedTest
    @EnumSource
    void what_does_not_finish_in_time_is_handed_back_unspent_and_done_by_another(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.grace(Duration.ofMillis(50)), waiting);
            var run = pawl.submit(waiting, INPUT).id();
            began.await();
            fleet.close(pawl);
            var other = fleet.open(quick);
            assertThat(other.handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("\"quick\""));
            var task = other.tasks(run, 10).getFirst().task();
            assertThat(task.attempt()).isEqualTo(2);
            assertThat(task.spent()).isEqualTo(1);
            assertThat(Fleet.story(other, run))
                    .containsSubsequence("task.started a[0]", "task.returned a[0]", "task.started a[0]")
                    .doesNotContain("task.lost a[0]", "task.retry a[0]");
        }
    }

    /** Whatever user code makes of its interruption: a library often throws something else. */
    @ParameterizedTest
    @EnumSource
    void a_step_of_a_job_that_is_interrupted_is_neither_done_nor_a_failed_try(Database database) throws Exception {
        for (boolean wrapped : new boolean[] {false, true}) {
            var began = new CountDownLatch(1);
            var job = Job.define(
                            "half",
                            String.class,
                            String.class,
                            (context, word) -> context.call("step", String.class, () -> {
                                if (context.attempt() > 1) return word;
                                began.countDown();
                                try {
                                    gate.pass();
                                } catch (InterruptedException interrupted) {
                                    if (wrapped) throw new IllegalStateException("closed by interrupt", interrupted);
                                    throw interrupted;
                                }
                                return "never";
                            }))
                    .retry(Retry.never());
            try (var fleet = new Fleet(database)) {
                var pawl = fleet.worker(worker -> worker.grace(Duration.ofMillis(50)), job);
                var run = pawl.submit(job, "whole").id();
                began.await();
                fleet.close(pawl);
                var other = fleet.open(job);
                assertThat(other.handle(run).await(Fleet.PATIENCE)).isEqualTo(new Json("\"whole\""));
                assertThat(other.tasks(run, 10).getFirst().task().spent()).isEqualTo(1);
                assertThat(other.journal(new TaskKey(run, "job", 0)))
                        .extracting(Effect::revision)
                        .containsExactly(0);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_closed_pawl_refuses_to_submit(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(quick);
            fleet.close(pawl);
            assertThatThrownBy(() -> pawl.submit(quick, INPUT))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessage("This Pawl is closed.");
        }
    }

    /** Whoever got an answer can rely on it, and everybody gets one. */
    @ParameterizedTest
    @EnumSource
    void a_submit_during_closing_is_either_durable_or_refused(Database database) throws Exception {
        try (var fleet = new Fleet(database);
                var clients = Executors.newVirtualThreadPerTaskExecutor()) {
            var durable = new ArrayList<RunId>();
            for (int round = 0; round < 10; round++) {
                var pawl = fleet.client(quick);
                var submitted = new AtomicInteger();
                var accepted = new ArrayList<Future<List<RunId>>>();
                for (int client = 0; client < 16; client++) {
                    accepted.add(clients.submit(() -> {
                        var mine = new ArrayList<RunId>();
                        try {
                            while (true) {
                                mine.add(pawl.submit(quick, INPUT).id());
                                submitted.incrementAndGet();
                            }
                        } catch (IllegalStateException closed) {
                            return mine;
                        }
                    }));
                }
                await().until(() -> submitted.get() > 50);
                fleet.close(pawl);
                for (var client : accepted) durable.addAll(client.get(60, TimeUnit.SECONDS));
            }
            var after = fleet.client(quick);
            assertThat(durable)
                    .hasSizeGreaterThan(500)
                    .allMatch(run -> after.find(run).isPresent());
        }
    }

    /** More wait for a slow database than a lane takes in: those that it has not are refused, the others are written. */
    @Test
    void of_those_that_wait_while_closing_each_is_written_or_refused() throws Exception {
        var url = Database.SQLITE.url();
        var stuck = new AtomicBoolean();
        var release = new CountDownLatch(1);
        var answers = new ConcurrentLinkedQueue<Object>();
        var pawl = Pawl.over(slow(Database.open(url), stuck, release), Settings.CLIENT, List.of(quick));
        stuck.set(true);
        var clients = start(3_000, pawl, answers);
        await().until(() -> clients.stream().allMatch(client -> client.getState() == Thread.State.WAITING));
        var closing = Thread.ofPlatform().start(pawl::close);
        await().until(() -> closing.getState() == Thread.State.WAITING);
        start(100, pawl, answers);
        release.countDown();
        await().atMost(Fleet.PATIENCE).until(() -> answers.size() == 3_100);
        closing.join();
        try (var store = Database.open(url)) {
            assertThat(answers)
                    .filteredOn(RunId.class::isInstance)
                    .hasSizeGreaterThan(1_000)
                    .allMatch(run -> store.run((RunId) run).isPresent());
            assertThat(answers).filteredOn("This Pawl is closed."::equals).isNotEmpty();
        }
    }

    private List<Thread> start(int count, Pawl pawl, Collection<Object> answers) {
        var threads = new ArrayList<Thread>();
        for (int i = 0; i < count; i++) {
            threads.add(Thread.ofVirtual().start(() -> {
                try {
                    answers.add(pawl.submit(quick, INPUT).id());
                } catch (IllegalStateException closed) {
                    answers.add(closed.getMessage());
                }
            }));
        }
        return threads;
    }

    /** A store that writes nothing until it is released. */
    private static Store slow(Store store, AtomicBoolean stuck, CountDownLatch release) {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (stuck.get() && method.getName().equals("write")) release.await();
                    return method.invoke(store, arguments);
                });
    }

    @ParameterizedTest
    @EnumSource
    void a_caller_without_a_worker_is_told_of_an_end_elsewhere(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(quick);
            var handle = client.submit(quick, INPUT);
            fleet.open(quick);
            assertThat(handle.await(Fleet.PATIENCE)).isEqualTo(new Json("\"quick\""));
        }
    }
}
