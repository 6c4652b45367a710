package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Submit;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Timeouts and deadlines interrupt code that blocks. */
class TimeoutTest {

    private static final Json INPUT = new Json("{}");

    private final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch forever = new CountDownLatch(1);

    private final Steps blocking = Steps.of(1, task -> {
        try {
            forever.await();
        } catch (InterruptedException timeout) {
            interrupted.incrementAndGet();
            throw timeout;
        }
        return Json.NULL;
    });

    @ParameterizedTest
    @EnumSource
    void a_timeout_interrupts_a_blocking_body_and_is_an_attempt(Database database) throws Exception {
        var program = blocking.timeout(Duration.ofMillis(50))
                .retry(Retry.times(3).base(Duration.ofMillis(1)).jitter(0));
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var handle = pawl.submit(program, INPUT);
            Fleet.fails(handle, "\"class\":\"TIMEOUT\"", "It took longer than PT0.05S and was interrupted.");
            assertThat(interrupted).hasValue(3);
            assertThat(Fleet.story(pawl, handle.id()))
                    .containsExactly(
                            "run.queued",
                            "run.started",
                            "task.started a[0]",
                            "task.retry a[0]",
                            "task.started a[0]",
                            "task.retry a[0]",
                            "task.started a[0]",
                            "task.failed a[0]",
                            "run.failed");
        }
    }

    /** What returns although it was interrupted came too late all the same. */
    @ParameterizedTest
    @EnumSource
    void a_body_that_answers_its_interruption_with_a_result_has_timed_out(Database database) throws Exception {
        var program = Steps.of(1, task -> {
                    try {
                        forever.await();
                    } catch (InterruptedException timeout) {
                        return new Json("\"in vain\"");
                    }
                    return Json.NULL;
                })
                .timeout(Duration.ofMillis(50))
                .retry(Retry.never());
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            Fleet.fails(pawl.submit(program, INPUT), "\"class\":\"TIMEOUT\"");
        }
    }

    /** The lease is shorter than the patience with such a body: it must not run out meanwhile. */
    @Test
    void a_body_that_ignores_its_interruption_is_abandoned_and_its_run_ends() throws Exception {
        var began = new AtomicInteger();
        var program = Steps.of(1, task -> {
                    began.incrementAndGet();
                    while (forever.getCount() > 0) {
                        try {
                            forever.await();
                        } catch (InterruptedException ignored) {
                            interrupted.incrementAndGet();
                        }
                    }
                    return Json.NULL;
                })
                .timeout(Duration.ofMillis(50))
                .retry(Retry.never());
        try (var fleet = new Fleet(Database.SQLITE)) {
            var pawl = fleet.worker(worker -> worker.slots(2).lease(Duration.ofSeconds(3)), program);
            var handle = pawl.submit(program, INPUT);
            Fleet.fails(handle, "\"class\":\"TIMEOUT\"");
            assertThat(interrupted).hasValue(1);
            assertThat(began).hasValue(1);
            assertThat(Fleet.story(pawl, handle.id())).doesNotContain("task.lost a[0]");
            forever.countDown();
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_ends_the_run_and_interrupts_what_runs(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(blocking);
            var handle = pawl.submit(blocking, INPUT, Submit.NOW.within(Duration.ofMillis(300)));
            Fleet.fails(handle, "\"class\":\"TIMEOUT\"", "The run did not end before its deadline.");
            await().until(() -> interrupted.get() == 1);
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.FAILED);
            assertThat(Fleet.story(pawl, handle.id()))
                    .contains("task.cancelled a")
                    .endsWith("run.failed");
        }
    }

    /** What is to be stopped may hold every slot there is. */
    @ParameterizedTest
    @EnumSource
    void a_deadline_needs_no_free_slot(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.worker(worker -> worker.slots(1), blocking);
            var handle = pawl.submit(blocking, INPUT, Submit.NOW.within(Duration.ofMillis(300)));
            Fleet.fails(handle, "The run did not end before its deadline.");
        }
    }

    @ParameterizedTest
    @EnumSource
    void cancelling_a_run_interrupts_what_runs(Database database) throws Exception {
        var began = new CountDownLatch(1);
        var program = Steps.of(1, task -> {
            began.countDown();
            return blocking.body().run(task);
        });
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            var handle = pawl.submit(program, INPUT);
            await().until(() -> began.getCount() == 0);
            pawl.cancel(handle.id(), "ann", "no longer wanted");
            Fleet.fails(handle);
            assertThat(pawl.run(handle.id()).status()).isEqualTo(RunStatus.CANCELLED);
            await().until(() -> interrupted.get() == 1);
        }
    }
}
