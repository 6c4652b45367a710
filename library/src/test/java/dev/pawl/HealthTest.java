package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.HealthFacts;
import dev.pawl.core.Json;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Reason;
import dev.pawl.core.Retry;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Health;
import dev.pawl.engine.Health.Finding;
import dev.pawl.engine.Health.Level;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.exec.WorkerSettings;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is well and what is not, from what is in the database. */
class HealthTest {

    private static final Json INPUT = new Json("{}");
    private static final Json WRONG = new Json("\"wrong\"");
    private static final Json LOGIN = new Json("\"login\"");
    private static final Duration MORE_THAN_FIVE_MINUTES = Duration.ofSeconds(301);

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);

    /** Fails as often as its input says, or for good. */
    private final Steps program = Steps.of(1, task -> {
                String input = task.outputs().input().text();
                if (input.equals("\"wrong\"")) throw new Failure.Logic("wrong");
                if (input.equals("\"login\"")) throw new Failure.Auth("token expired");
                if (input.startsWith("{")) return Json.NULL;
                if (task.attempt() <= Integer.parseInt(input)) throw new Failure.Transient("not yet");
                return Json.NULL;
            })
            .retry(Retry.times(4).jitter(0));

    private Store store;
    private HandDriven worker;

    private void on(Database database) {
        store = Database.open(database.url());
        worker = new HandDriven(store, clock, List.of(program));
    }

    @AfterEach
    void close() {
        store.close();
    }

    // ---- runs -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void O14_with_3_of_4_failed_the_success_rate_is_25_percent_and_health_is_critical(Database database) {
        on(database);
        ends(INPUT);
        for (int i = 0; i < 3; i++) ends(WRONG);
        assertThat(facts().runs().successRate()).hasValue(0.25);
        assertThat(facts().runs().failures()).isEqualTo(Map.of(FailureClass.LOGIC, 3));
        assertThat(health().level()).isEqualTo(Level.CRITICAL);
        assertThat(health().reasons())
                .containsExactly(
                        new Finding(
                                Level.CRITICAL,
                                "3 of 4 runs of the last 24 h that have ended failed (3 LOGIC); look at: pawl list --status failed"));
    }

    @ParameterizedTest
    @EnumSource
    void one_failure_in_ten_is_a_warning_and_one_in_eleven_is_not(Database database) {
        on(database);
        ends(WRONG);
        for (int i = 0; i < 9; i++) ends(INPUT);
        assertThat(health().level()).isEqualTo(Level.WARNING);
        ends(INPUT);
        assertThat(health().level()).isEqualTo(Level.HEALTHY);
        assertThat(health().reasons()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void O14_a_run_created_5_s_before_its_last_update_took_5_s(Database database) {
        on(database);
        submit(INPUT);
        clock.advance(Duration.ofSeconds(5));
        worker.drain();
        assertThat(facts().runs().meanMillis()).isEqualTo(5_000);
    }

    @ParameterizedTest
    @EnumSource
    void R14_runs_are_counted_by_status_and_errors_and_only_completed_ones_make_the_average(Database database) {
        on(database);
        for (int seconds : new int[] {2, 4}) {
            submit(INPUT);
            clock.advance(Duration.ofSeconds(seconds));
            worker.drain();
        }
        submit(WRONG);
        clock.advance(Duration.ofSeconds(60));
        worker.drain();
        ends(LOGIN);
        worker.command(submit(INPUT), Verb.CANCEL);
        var paused = submit(INPUT);
        worker.claim(1);
        worker.command(paused, Verb.PAUSE);
        submit(INPUT);
        var runs = facts().runs();
        assertThat(runs.byStatus())
                .isEqualTo(Map.of(
                        RunStatus.SUCCEEDED, 2,
                        RunStatus.FAILED, 1,
                        RunStatus.CANCELLED, 1,
                        RunStatus.BLOCKED, 1,
                        RunStatus.PAUSED, 1,
                        RunStatus.QUEUED, 1));
        assertThat(runs.meanMillis()).isEqualTo(3_000);
        assertThat(runs.failures()).isEqualTo(Map.of(FailureClass.LOGIC, 1));
        assertThat(runs.blocked()).isEqualTo(Map.of(Reason.AUTH, 1));
        assertThat(runs.ended()).isEqualTo(4);
        assertThat(runs.walked()).isEqualTo(7);
        assertThat(runs.all()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void old_runs_count_only_while_they_are_open(Database database) {
        on(database);
        ends(INPUT);
        ends(WRONG);
        ends(LOGIN);
        clock.advance(Duration.ofHours(25));
        assertThat(facts().runs().byStatus()).isEqualTo(Map.of(RunStatus.BLOCKED, 1));
        assertThat(facts().runs().successRate()).isEmpty();
        assertThat(facts().runs().meanMillis()).isNull();
        assertThat(store.health(clock.now(), Duration.ofHours(26)).runs().ended())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @EnumSource
    void a_blocked_run_wants_somebody(Database database) {
        on(database);
        ends(LOGIN);
        assertThat(health().reasons())
                .containsExactly(
                        new Finding(
                                Level.WARNING,
                                "1 run is blocked until somebody has put it right (1 AUTH); look at: pawl list --status blocked"));
    }

    @ParameterizedTest
    @EnumSource
    void O14_two_tasks_with_2_and_3_retries_make_an_average_of_2_5(Database database) {
        on(database);
        submit(new Json("2"));
        submit(new Json("3"));
        ends(INPUT);
        retryUntilDone();
        var retries = facts().retries();
        assertThat(retries.average()).isEqualTo(2.5);
        assertThat(retries).isEqualTo(new HealthFacts.Retries(3, true, 2, 5, 2, 0));
        submit(new Json("9"));
        retryUntilDone();
        assertThat(facts().retries()).isEqualTo(new HealthFacts.Retries(4, true, 3, 8, 2, 1));
    }

    private void retryUntilDone() {
        for (int i = 0; i < 4; i++) {
            worker.drain();
            clock.advance(Duration.ofMinutes(1));
        }
    }

    // ---- what does not move ---------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void O14_a_task_that_nobody_touches_for_5_minutes_is_stuck_and_one_that_ended_is_not(Database database) {
        on(database);
        ends(INPUT);
        var waiting = submit(INPUT);
        clock.advance(Duration.ofSeconds(299));
        assertThat(stuck()).isEmpty();
        clock.advance(Duration.ofSeconds(2));
        assertThat(stuck()).containsExactly(waiting);
        assertThat(facts().stuck().all()).isTrue();
        assertThat(health().level()).isEqualTo(Level.CRITICAL);
        assertThat(sentences())
                .contains(
                        "Run " + waiting + " (steps:test) has not moved for 5 min and waits for nothing; ask why: pawl"
                                + " explain " + waiting);
        worker.drain();
        assertThat(stuck()).isEmpty();
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(stuck()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_whose_worker_died_is_stuck_once_its_lease_ran_out_5_minutes_ago(Database database) {
        on(database);
        var run = submit(INPUT);
        worker.claim(1);
        clock.advance(Duration.ofSeconds(303));
        assertThat(stuck()).as("its lease of 4 s ended 299 s ago").isEmpty();
        clock.advance(Duration.ofSeconds(1));
        assertThat(stuck()).containsExactly(run);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_is_worked_on_waits_or_is_held_is_not_stuck(Database database) {
        on(database);
        var hour = new HandDriven(store, clock, List.of(program), WorkerSettings.DEFAULT.lease(Duration.ofHours(1)));
        submit(INPUT);
        hour.claim(1);
        clock.advance(Duration.ofMillis(1));
        var paused = submit(INPUT);
        hour.claim(1);
        worker.command(paused, Verb.PAUSE);
        ends(LOGIN);
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(stuck()).isEmpty();
        assertThat(facts().due()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_waits_for_its_next_attempt_is_not_stuck(Database database) {
        store = Database.open(database.url());
        var patient = program.retry(Retry.times(2)
                .base(Duration.ofHours(1))
                .cap(Duration.ofHours(1))
                .jitter(0));
        worker = new HandDriven(store, clock, List.of(patient));
        var run = worker.submit(patient, new Json("1"));
        worker.drain();
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(stuck()).isEmpty();
        clock.advance(Duration.ofMinutes(56));
        assertThat(facts().due()).hasSize(1);
        assertThat(stuck()).as("it is due for a minute").isEmpty();
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(stuck()).containsExactly(run);
    }

    @ParameterizedTest
    @EnumSource
    void a_deadline_is_nothing_to_wait_for(Database database) {
        on(database);
        var run = worker.submit(
                program, INPUT, null, clock.now() + Duration.ofDays(1).toMillis(), null);
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(stuck()).containsExactly(run);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_has_no_open_task_left_is_stuck(Database database) {
        on(database);
        var run = submit(INPUT);
        store.writes(tx -> assertThat(tx.cancelOpen(run, null, clock.now())).hasSize(1));
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(facts().stuck().runs())
                .containsExactly(new HealthFacts.StuckRun(
                        run, "steps:test", RunStatus.QUEUED, clock.now() - MORE_THAN_FIVE_MINUTES.toMillis(), null));
    }

    @ParameterizedTest
    @EnumSource
    void work_that_is_due_for_a_minute_while_no_worker_is_alive_is_critical(Database database) {
        on(database);
        clock.advance(Duration.ofSeconds(21));
        var run = submit(INPUT);
        submit(INPUT);
        assertThat(health().level()).isEqualTo(Level.HEALTHY);
        clock.advance(Duration.ofSeconds(70));
        assertThat(health().reasons())
                .containsExactly(new Finding(
                        Level.CRITICAL,
                        "No worker is alive, and 2 tasks are due, the oldest (a[0] of run " + run
                                + ") for 70 s; start one: pawl worker"));
    }

    @ParameterizedTest
    @EnumSource
    void work_that_is_due_for_a_minute_while_workers_are_busy_is_a_warning(Database database) {
        on(database);
        var busy = submit(INPUT);
        clock.advance(Duration.ofMillis(1));
        var hour = new HandDriven(store, clock, List.of(program), WorkerSettings.DEFAULT.lease(Duration.ofHours(1)));
        assertThat(hour.claim(1)).hasSize(1);
        var behind = submit(INPUT);
        clock.advance(MORE_THAN_FIVE_MINUTES);
        allAlive();
        assertThat(stuck()).contains(behind).doesNotContain(busy);
        assertThat(health().level()).isEqualTo(Level.WARNING);
        assertThat(sentences())
                .containsExactly("Queue 'default' is behind: 1 task is due, the oldest (a[0] of run " + behind
                        + ") for 5 min; start more workers (pawl worker), or ask why: pawl explain " + behind);
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_lacks_the_program_or_the_queue_does_not_help(Database database) {
        on(database);
        var other = Steps.of(2, task -> Json.NULL).named("steps:other");
        submit(INPUT);
        clock.advance(Duration.ofSeconds(61));
        new HandDriven(store, clock, List.of(other));
        assertThat(sentences())
                .singleElement()
                .asString()
                .startsWith("No worker alive has steps:test version 1, and 1 task is due, the oldest (a[0] of run ");
        new HandDriven(store, clock, List.of(program), WorkerSettings.DEFAULT.queues(List.of("mail")));
        assertThat(sentences())
                .singleElement()
                .asString()
                .startsWith("No worker alive that has steps:test version 1 serves queue 'default', and 1 task is due")
                .endsWith("pawl worker --queues default");
    }

    @ParameterizedTest
    @EnumSource
    void the_oldest_due_task_is_found_in_queues_with_limits_too(Database database) {
        on(database);
        store.writes(tx -> tx.limit(QueueLimit.running("default", 1)));
        submit(INPUT);
        clock.advance(Duration.ofSeconds(1));
        assertThat(worker.claim(3)).hasSize(1);
        var oldest = submit(INPUT);
        clock.advance(Duration.ofMillis(1_999));
        submit(INPUT);
        assertThat(facts().due()).singleElement().satisfies(queue -> {
            assertThat(queue.queue()).isEqualTo("default");
            assertThat(queue.tasks()).isEqualTo(2);
            assertThat(queue.all()).isTrue();
            assertThat(queue.oldest().key().run()).isEqualTo(oldest);
            assertThat(queue.oldest().wakeAt()).isEqualTo(clock.now() - 2_000);
        });
        assertThat(facts().workers())
                .singleElement()
                .satisfies(only -> assertThat(only.leases()).isEqualTo(1));
        clock.advance(Duration.ofSeconds(6));
        assertThat(facts().due())
                .singleElement()
                .satisfies(queue -> assertThat(queue.tasks()).isEqualTo(3));
        clock.advance(Duration.ofMinutes(6));
        assertThat(stuck()).hasSize(3);
    }

    @ParameterizedTest
    @EnumSource
    void of_many_due_tasks_only_some_are_counted_and_it_says_so(Database database) {
        on(database);
        var first = submit(INPUT);
        clock.advance(Duration.ofMillis(1));
        for (int i = 0; i < 550; i++) submit(INPUT);
        clock.advance(MORE_THAN_FIVE_MINUTES);
        assertThat(facts().due()).singleElement().satisfies(queue -> {
            assertThat(queue.tasks()).isEqualTo(500);
            assertThat(queue.all()).isFalse();
            assertThat(queue.oldest().key().run()).isEqualTo(first);
        });
        assertThat(facts().stuck().all()).isFalse();
        assertThat(sentences()).anyMatch(sentence -> sentence.startsWith("At least 500 runs have not moved for 5 min"));
    }

    @ParameterizedTest
    @EnumSource
    void a_program_that_nobody_has_is_seen_behind_the_backlog_of_another(Database database) {
        on(database);
        for (int i = 0; i < 550; i++) submit(INPUT);
        var other = Steps.of(1, task -> Json.NULL).named("steps:other");
        clock.advance(Duration.ofSeconds(1));
        var lost = new HandDriven(store, clock, List.of(other)).submit(other, INPUT);
        clock.advance(Duration.ofMinutes(6));
        var busy = new HandDriven(store, clock, List.of(program), WorkerSettings.DEFAULT);
        assertThat(busy.claim(1)).hasSize(1);
        assertThat(stuck()).contains(lost);
        assertThat(health().level()).isEqualTo(Level.CRITICAL);
        assertThat(sentences())
                .anyMatch(sentence -> sentence.startsWith("Run " + lost + " (steps:other) has not moved for 6 min"))
                .anyMatch(sentence -> sentence.startsWith("No worker alive has steps:other version 1"))
                .anyMatch(sentence -> sentence.startsWith("Queue 'default' is behind: at least 500"));
    }

    // ---- workers --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void workers_are_shown_with_their_leases_and_their_last_sign_of_life(Database database) {
        on(database);
        submit(INPUT);
        submit(INPUT);
        assertThat(worker.claim(2)).hasSize(2);
        clock.advance(Duration.ofMillis(3_998));
        assertThat(facts().workers()).singleElement().satisfies(only -> {
            assertThat(only.info().aliveAt(clock.now())).isTrue();
            assertThat(clock.now() - only.info().seenAt()).isEqualTo(4_000);
            assertThat(only.leases()).isEqualTo(2);
            assertThat(only.expired()).isZero();
        });
        clock.advance(Duration.ofSeconds(20));
        assertThat(facts().workers()).singleElement().satisfies(only -> {
            assertThat(only.info().aliveAt(clock.now())).isFalse();
            assertThat(only.leases()).isZero();
            assertThat(only.expired()).isEqualTo(2);
        });
        assertThat(health().reasons()).singleElement().satisfies(reason -> {
            assertThat(reason.level()).isEqualTo(Level.WARNING);
            assertThat(reason.sentence())
                    .matches("Worker \\d+ \\(by hand\\) gave its last sign of life 24 s ago and holds 2 leases; .*");
        });
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_that_said_goodbye_or_is_gone_for_a_day_is_not_mentioned(Database database) {
        on(database);
        int gone = store.write(tx -> tx.insertWorker("there", List.of(), List.of(), 1, clock.now()));
        store.writes(tx -> tx.seen(gone, clock.now(), true));
        assertThat(facts().workers()).hasSize(1);
        clock.advance(Duration.ofHours(25));
        assertThat(facts().workers()).isEmpty();
        assertThat(health().level()).isEqualTo(Level.HEALTHY);
    }

    @ParameterizedTest
    @EnumSource
    void a_clock_that_is_off_by_more_than_a_second_is_a_warning(Database database) {
        on(database);
        assertThat(Health.of(facts(), Duration.ofSeconds(1)).level()).isEqualTo(Level.HEALTHY);
        assertThat(Health.of(facts(), Duration.ofSeconds(-1)).level()).isEqualTo(Level.HEALTHY);
        assertThat(Health.of(facts(), Duration.ofMillis(1_001)).reasons())
                .containsExactly(new Finding(
                        Level.WARNING,
                        "The clock of this machine is 1,001 ms ahead of the database's; set both by a time server"));
        assertThat(Health.of(facts(), Duration.ofSeconds(-90)).reasons())
                .singleElement()
                .asString()
                .contains("90,000 ms behind the database's");
    }

    @ParameterizedTest
    @EnumSource
    void a_database_without_anything_is_healthy(Database database) throws Exception {
        store = Database.open(database.url());
        store.writes(tx -> tx.limit(QueueLimit.running("default", 1)));
        assertThat(health().level()).isEqualTo(Level.HEALTHY);
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(program);
            pawl.submit(program, INPUT).await(Fleet.PATIENCE);
            var health = pawl.health();
            assertThat(health.level()).isEqualTo(Level.HEALTHY);
            assertThat(health.skew().abs()).isLessThan(Duration.ofSeconds(1));
            assertThat(health.facts().runs().count(RunStatus.SUCCEEDED)).isEqualTo(1);
            assertThat(health.facts().workers()).hasSize(1);
        }
    }

    /** Otherwise there is one more for each start of each worker, for ever. */
    @ParameterizedTest
    @EnumSource
    void a_worker_that_starts_forgets_those_of_more_than_a_week_ago_that_hold_no_lease(Database database)
            throws Exception {
        try (var fleet = new Fleet(database)) {
            var client = fleet.client(program);
            store = Database.open(fleet.url);
            long now = store.databaseTime();
            var longAgo = new SettableClock(now - Duration.ofDays(8).toMillis());
            var holder = new HandDriven(store, longAgo, List.of(program));
            holder.submit(program, INPUT);
            assertThat(holder.claim(1)).hasSize(1);
            int silent = worker(now - Duration.ofDays(8).toMillis());
            int recent = worker(now - Duration.ofDays(6).toMillis());
            assertThat(store.workers()).hasSize(3);
            fleet.open(Steps.of(1, task -> Json.NULL).named("steps:other"));
            assertThat(client.store().workers())
                    .hasSize(3)
                    .extracting(worker -> worker.id())
                    .contains(recent)
                    .doesNotContain(silent);
        }
    }

    private int worker(long seenAt) {
        return store.write(tx -> tx.insertWorker("there", List.of("default"), List.of(), 1, seenAt));
    }

    // ---- in short -------------------------------------------------------------------------------------------------

    private RunId submit(Json input) {
        clock.advance(Duration.ofMillis(1));
        return worker.submit(program, input);
    }

    private void ends(Json input) {
        submit(input);
        worker.drain();
    }

    private void allAlive() {
        store.workers().forEach(each -> store.writes(tx -> tx.seen(each.id(), clock.now(), false)));
    }

    private HealthFacts facts() {
        return store.health(clock.now(), Health.WINDOW);
    }

    private Health health() {
        return Health.of(facts(), Duration.ZERO);
    }

    private List<RunId> stuck() {
        return facts().stuck().runs().stream().map(HealthFacts.StuckRun::id).toList();
    }

    private List<String> sentences() {
        return health().reasons().stream().map(Finding::sentence).toList();
    }
}
