package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.Refused;
import dev.pawl.exec.Verdict;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Leases, fences, attempts, holds: a worker by hand on a clock that stands still (X2, X10, X12). */
class LeaseTest {

    private static final Json INPUT = new Json("{}");

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final AtomicInteger calls = new AtomicInteger();
    private final Steps two = Steps.of(2, task -> new Json(Json.quote(task.key().name() + calls.incrementAndGet())));
    private Store store;

    private HandDriven worker(Database database, Steps program) {
        if (store == null) store = Database.open(database.url());
        return new HandDriven(store, clock, List.of(program));
    }

    @AfterEach
    void close() {
        store.close();
    }

    private List<String> kinds(RunId run) {
        var events = store.events(run, 0, 1_000);
        assertThat(events.stream().map(Event::seq))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, events.size()).boxed().toList());
        return events.stream().map(Event::kind).toList();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_of_two_steps_tells_its_whole_story(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.QUEUED);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.output(run)).isEqualTo(new Json("\"b2\""));
        assertThat(kinds(run))
                .containsExactly(
                        "run.queued",
                        "run.started",
                        "task.started",
                        "task.succeeded",
                        "task.started",
                        "task.succeeded",
                        "run.succeeded");
    }

    /** X2. */
    @ParameterizedTest
    @EnumSource
    void a_zombie_changes_nothing_and_is_told(Database database) {
        var zombie = worker(database, two);
        var other = worker(database, two);
        var run = zombie.submit(two, INPUT);
        var lost = zombie.claim(1).getFirst();
        var late = zombie.attempt(lost);
        assertThat(other.claim(1)).isEmpty();
        clock.advance(Duration.ofSeconds(7));
        var taken = other.claim(1).getFirst();
        assertThat(taken.lostBy()).isEqualTo(lost.task().worker());
        assertThat(taken.task().attempt()).isEqualTo(2);
        assertThat(zombie.end(lost, late)).isFalse();
        assertThat(other.end(taken, other.attempt(taken))).isTrue();
        assertThat(zombie.end(lost, late)).isFalse();
        other.drain();
        assertThat(other.output(run)).isEqualTo(new Json("\"b3\""));
        assertThat(kinds(run)).containsSubsequence("task.started", "task.lost", "task.started", "task.succeeded");
    }

    /** P24, P49: the first end wins. */
    @ParameterizedTest
    @EnumSource
    void a_second_end_of_one_attempt_is_ignored(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        assertThat(worker.end(claim, worker.attempt(claim))).isTrue();
        assertThat(worker.end(claim, worker.attempt(claim))).isFalse();
        assertThat(store.tasks(run, "a", 0, 1).getFirst().output().stored()).isEqualTo("\"a1\"");
    }

    /** P47, P48, O9: attempts are counted, waits grow, and the last failure is the run's. */
    @ParameterizedTest
    @EnumSource
    void a_failing_task_is_tried_exactly_as_often_as_its_retry_says(Database database) {
        var failing = Steps.of(1, task -> {
                    calls.incrementAndGet();
                    throw new IllegalStateException("no " + task.attempt());
                })
                .retry(Retry.times(3).jitter(0));
        var worker = worker(database, failing);
        var run = worker.submit(failing, INPUT);
        worker.drain();
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(999));
        worker.drain();
        assertThat(calls).hasValue(1);
        clock.advance(Duration.ofMillis(1));
        worker.drain();
        clock.advance(Duration.ofSeconds(2));
        worker.drain();
        clock.advance(Duration.ofHours(1));
        worker.drain();
        assertThat(calls).hasValue(3);
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(worker.details(run).problem().text())
                .contains("\"class\":\"UNCLASSIFIED\"")
                .contains("no 3");
        assertThat(kinds(run)).filteredOn("task.retry"::equals).hasSize(2);
    }

    /** Crashes have a budget of their own: a poison task is taken up again three times, and no more. */
    @ParameterizedTest
    @EnumSource
    void a_task_that_kills_its_workers_fails_after_its_recoveries(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        for (int death = 1; death <= 4; death++) {
            assertThat(worker(database, two).claim(1)).hasSize(1);
            clock.advance(Duration.ofSeconds(7));
        }
        worker.drain();
        assertThat(calls).hasValue(0);
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(worker.details(run).problem().text()).contains("STALLED").contains("died 4 times");
    }

    @ParameterizedTest
    @EnumSource
    void handing_back_spends_no_attempt_and_the_fence_still_grows(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        for (int i = 1; i <= 10; i++) {
            var claim = worker.claim(1).getFirst();
            assertThat(claim.task().attempt()).isEqualTo(i);
            assertThat(worker.end(claim, new Verdict.HandedBack())).isTrue();
        }
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_rate_limit_is_waited_for(Database database) {
        var limited = Steps.of(1, task -> {
            if (task.attempt() == 1) throw new Failure.RateLimited("slow down", Duration.ofMinutes(5));
            return Json.NULL;
        });
        var worker = worker(database, limited);
        var run = worker.submit(limited, INPUT);
        worker.drain();
        clock.advance(Duration.ofMinutes(5).minusMillis(1));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.RUNNING);
        clock.advance(Duration.ofMillis(1));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_failed_login_blocks_the_run_until_somebody_resumes_it(Database database) {
        var fixed = new AtomicInteger();
        var login = Steps.of(2, task -> {
            if (fixed.get() == 0) throw new Failure.Auth("token expired");
            return Json.NULL;
        });
        var worker = worker(database, login);
        var run = worker.submit(login, INPUT);
        worker.drain();
        clock.advance(Duration.ofDays(1));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.BLOCKED);
        assertThat(worker.details(run).run().reason()).hasToString("AUTH");
        fixed.set(1);
        worker.command(run, Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(store.tasks(run, "a", 0, 1).getFirst().task().spent()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_fails_at_its_deadline_and_not_before(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT, null, clock.now() + 60_000, null);
        var other = worker.submit(two, INPUT, null, clock.now() + 60_000, null);
        var claims = worker.claim(2);
        worker.end(claims.get(1), worker.attempt(claims.get(1)));
        worker.drain();
        clock.advance(Duration.ofSeconds(60));
        worker.drain();
        assertThat(List.of(worker.details(run).status(), worker.details(other).status()))
                .containsExactlyInAnyOrder(RunStatus.FAILED, RunStatus.SUCCEEDED);
        var failed = worker.details(run).status() == RunStatus.FAILED ? run : other;
        assertThat(worker.details(failed).problem().text()).contains("TIMEOUT").contains("deadline");
        assertThat(worker.end(claims.getFirst(), worker.attempt(claims.getFirst())))
                .isFalse();
        assertThat(worker.claim(10)).isEmpty();
    }

    /** X10: what runs may end while the run is paused, and nothing new starts. */
    @ParameterizedTest
    @EnumSource
    void a_paused_run_starts_nothing_until_it_is_resumed(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Verb.PAUSE);
        assertThat(worker.end(claim, worker.attempt(claim))).isTrue();
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.PAUSED);
        assertThat(calls).hasValue(1);
        worker.command(run, Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_paused_during_its_last_task_ends_when_it_is_resumed(Database database) {
        var one = Steps.of(1, task -> new Json("7"));
        var worker = worker(database, one);
        var run = worker.submit(one, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Verb.PAUSE);
        worker.end(claim, worker.attempt(claim));
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.PAUSED);
        worker.command(run, Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.output(run)).isEqualTo(new Json("7"));
    }

    @ParameterizedTest
    @EnumSource
    void a_run_paused_while_its_task_fails_for_good_fails_when_it_is_resumed(Database database) {
        var bad = Steps.of(1, task -> {
            throw new Failure.Logic("never");
        });
        var worker = worker(database, bad);
        var run = worker.submit(bad, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Verb.PAUSE);
        worker.end(claim, worker.attempt(claim));
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.PAUSED);
        worker.command(run, Verb.RESUME);
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.FAILED);
        assertThat(worker.details(run).problem().text()).contains("never");
    }

    /** R19: a cancelled run is not revived by what still runs. */
    @ParameterizedTest
    @EnumSource
    void a_cancelled_run_stays_cancelled(Database database) {
        var worker = worker(database, two);
        var run = worker.submit(two, INPUT);
        var claim = worker.claim(1).getFirst();
        worker.command(run, Verb.CANCEL);
        assertThat(worker.end(claim, worker.attempt(claim))).isFalse();
        worker.drain();
        assertThat(worker.details(run).status()).isEqualTo(RunStatus.CANCELLED);
        assertThat(kinds(run)).endsWith("task.cancelled", "run.cancelled");
    }

    /** X10: every pair that the table does not list is refused with the same typed error and changes nothing. */
    @ParameterizedTest
    @EnumSource
    void verbs_that_the_status_forbids_are_refused(Database database) {
        var worker = worker(database, two);
        var queued = worker.submit(two, INPUT);
        refused(worker, queued, Verb.PAUSE, Verb.RESUME);
        var running = worker.claim(1).getFirst().run().id();
        refused(worker, running, Verb.RESUME);
        worker.command(running, Verb.PAUSE);
        refused(worker, running, Verb.PAUSE);
        worker.command(running, Verb.CANCEL);
        refused(worker, running, Verb.PAUSE, Verb.RESUME, Verb.CANCEL);
        refused(worker, new RunId(1, 1), Verb.PAUSE, Verb.RESUME, Verb.CANCEL);
    }

    private void refused(HandDriven worker, RunId run, Verb... verbs) {
        var before = store.run(run);
        for (Verb verb : verbs) {
            assertThatThrownBy(() -> worker.command(run, verb))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining(run.toString());
        }
        assertThat(store.run(run)).isEqualTo(before);
    }

    /** The same key gives the same run for ever. */
    @ParameterizedTest
    @EnumSource
    void a_key_names_one_run(Database database) {
        var worker = worker(database, two);
        var first = worker.submit(two, INPUT, "order-42", null, null);
        assertThat(worker.submit(two, new Json("1"), "order-42", null, null)).isEqualTo(first);
        worker.drain();
        assertThat(worker.submit(two, INPUT, "order-42", null, null)).isEqualTo(first);
        assertThat(worker.submit(two, INPUT, "order-43", null, null)).isNotEqualTo(first);
        assertThat(store.tasks(first, null, 0, 100)).hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_retry_keeps_what_succeeded(Database database) {
        var broken = new AtomicInteger(1);
        var program = Steps.of(3, task -> {
            calls.incrementAndGet();
            if (task.key().name().equals("b") && broken.get() == 1) throw new Failure.Logic("broken");
            return new Json(Json.quote(task.key().name()));
        });
        var worker = worker(database, program);
        var failed = worker.submit(program, INPUT);
        worker.drain();
        assertThat(worker.details(failed).status()).isEqualTo(RunStatus.FAILED);
        broken.set(0);
        var again = worker.submit(program, INPUT, null, null, failed);
        worker.drain();
        assertThat(worker.details(again).status()).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(worker.details(again).retryOf()).isEqualTo(failed);
        assertThat(calls).hasValue(4);
        assertThat(worker.details(failed).status()).isEqualTo(RunStatus.FAILED);
    }
}
