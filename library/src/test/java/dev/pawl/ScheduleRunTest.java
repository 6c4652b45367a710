package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskDetails;
import dev.pawl.exec.Entry.Verb;
import dev.pawl.job.Job;
import dev.pawl.json.Codec;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleProgram;
import dev.pawl.spi.Program;
import dev.pawl.spi.Store;
import dev.pawl.testkit.HandDriven;
import dev.pawl.testkit.SettableClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * Schedules as runs, by hand on a clock that stands still. It is 08:00 when a schedule is added; all of them are called s
 * and fire every minute. The runs that they start end when a test says so.
 */
class ScheduleRunTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final SettableClock clock = new SettableClock(1_800_000_000_000L);
    private final Job<String, String> report =
            Job.define("report", String.class, String.class, (job, input) -> input + job.await("done", String.class));
    private final Schedule minutely = Schedule.every("s", MINUTE).starts(report, "r");
    private Store store;
    private HandDriven worker;

    private void open(Database database) {
        store = Database.open(database.url());
        worker = worker(report);
    }

    private HandDriven worker(Program... programs) {
        var all = new ArrayList<>(List.of(programs));
        for (Program program : programs) all.add(new ScheduleProgram(program));
        return new HandDriven(store, clock, all);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private RunId add(Schedule schedule) {
        var run = worker.submit(new ScheduleProgram(report), schedule.toJson());
        worker.drain();
        return run;
    }

    private void pass(Duration time) {
        clock.advance(time);
        worker.drain();
    }

    private void trigger(RunId schedule) {
        worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, null);
        worker.drain();
    }

    private void edit(RunId schedule, Json to) {
        worker.signal(schedule, ScheduleProgram.EDIT, to, null);
        worker.drain();
    }

    private List<RunDetails> runs(RunId schedule) {
        return store.children(schedule, 1_000);
    }

    private RunId newest(RunId schedule) {
        return runs(schedule).getLast().id();
    }

    private void end(RunId run) {
        worker.signal(run, "done", new Json("\"!\""), null);
        worker.drain();
    }

    private RunStatus status(RunId run) {
        return worker.details(run).status();
    }

    /** What its history says of it: the planned times at which it started runs, in their order. */
    private String fired(RunId schedule) {
        return String.join(
                " ",
                store.events(schedule, 0, 10_000).stream()
                        .filter(event -> event.kind().equals("child.started"))
                        .map(event -> tree(event.data()).path("label").asString())
                        .map(label -> label.substring("s@2027-01-15T".length()).replaceFirst("(:00)?Z.*", ""))
                        .toList());
    }

    private JsonNode memory(RunId schedule) {
        return tree(worker.details(schedule).run().state());
    }

    private long counted(RunId schedule, String what) {
        return memory(schedule).path("state").path(what).asLong();
    }

    private String trouble(RunId schedule) {
        return memory(schedule).path("trouble").asString("");
    }

    private static JsonNode tree(Json json) {
        return Codec.STANDARD.tree(json);
    }

    // ---- firing ---------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void each_planned_time_starts_one_run_and_both_histories_say_which(Database database) {
        open(database);
        var schedule = add(minutely);
        assertThat(status(schedule)).isEqualTo(RunStatus.RUNNING);
        for (int i = 0; i < 3; i++) {
            pass(MINUTE);
            end(newest(schedule));
            worker.drain();
        }
        assertThat(fired(schedule)).isEqualTo("08:01 08:02 08:03");
        assertThat(runs(schedule)).hasSize(3).allSatisfy(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.SUCCEEDED);
            assertThat(worker.output(run.id())).isEqualTo(new Json("\"r!\""));
        });
        var queued = store.events(newest(schedule), 0, 1).getFirst();
        assertThat(queued.kind()).isEqualTo("run.queued");
        assertThat(tree(queued.data()).path("label").asString()).isEqualTo("s@2027-01-15T08:03:00Z");
        assertThat(tree(queued.data()).path("parent").asString()).isEqualTo(schedule.toString());
        assertThat(tree(queued.data()).path("actor").asString()).isEqualTo("run " + schedule);
        assertThat(counted(schedule, "fired")).isEqualTo(3);
        assertThat(memory(schedule).path("runs").isEmpty()).isTrue();
        assertThat(memory(schedule).path("last").path("run").asString())
                .isEqualTo(newest(schedule).toString());
    }

    @ParameterizedTest
    @EnumSource
    void a_schedule_is_one_task_for_ever_and_keeps_no_journal(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        for (int i = 0; i < 4; i++) pass(MINUTE);
        var own = store.tasks(schedule, null, 0, 100).stream()
                .map(TaskDetails::task)
                .filter(task -> !task.key().kernels())
                .toList();
        assertThat(own).singleElement().satisfies(task -> {
            assertThat(task.wakeAt()).isEqualTo(clock.now() + MINUTE.toMillis());
            assertThat(task.spent()).isZero();
            assertThat(store.effects(task.key(), 0, 10)).isEmpty();
        });
        assertThat(runs(schedule)).hasSize(4);
        assertThat(store.events(schedule, 0, 1_000).stream().map(Event::seq))
                .isSorted()
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest
    @EnumSource
    void times_before_the_first_worker_came_count(Database database) {
        open(database);
        var schedule = worker.submit(
                new ScheduleProgram(report),
                minutely.overlap(Overlap.ALLOW).catchUp(CatchUp.all(5)).toJson());
        assertThat(status(schedule)).isEqualTo(RunStatus.QUEUED);
        pass(MINUTE.multipliedBy(3));
        assertThat(fired(schedule)).isEqualTo("08:01 08:02 08:03");
    }

    @ParameterizedTest
    @EnumSource
    void a_worker_without_the_code_of_the_program_never_gets_hold_of_the_schedule(Database database) {
        open(database);
        var schedule = add(minutely);
        var other = worker(Job.define("other", String.class, String.class, (job, input) -> input));
        clock.advance(MINUTE);
        assertThat(other.claim(10)).isEmpty();
        worker.drain();
        assertThat(fired(schedule)).isEqualTo("08:01");
    }

    // ---- overlap --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void skip_starts_nothing_while_a_run_is_open(Database database) {
        open(database);
        var schedule = add(minutely);
        pass(MINUTE);
        pass(MINUTE);
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01");
        assertThat(counted(schedule, "skipped")).isEqualTo(2);
        end(newest(schedule));
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:04");
    }

    @ParameterizedTest
    @EnumSource
    void queue_one_starts_the_waiting_fire_as_soon_as_the_open_run_has_ended(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.QUEUE_ONE));
        for (int i = 0; i < 3; i++) pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01");
        clock.advance(Duration.ofSeconds(10));
        end(newest(schedule));
        assertThat(fired(schedule)).isEqualTo("08:01 08:02");
        assertThat(counted(schedule, "skipped")).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void allow_starts_runs_beside_each_other(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        for (int i = 0; i < 3; i++) pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:02 08:03");
        assertThat(runs(schedule)).allMatch(run -> !run.status().terminal());
        assertThat(memory(schedule).path("runs").size()).isEqualTo(3);
    }

    @ParameterizedTest
    @EnumSource
    void cancel_old_cancels_the_open_run_and_starts_the_next(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.CANCEL_OLD));
        for (int i = 0; i < 3; i++) pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:02 08:03");
        assertThat(runs(schedule))
                .extracting(RunDetails::status)
                .containsExactly(RunStatus.CANCELLED, RunStatus.CANCELLED, RunStatus.RUNNING);
    }

    @ParameterizedTest
    @EnumSource
    void a_run_that_was_pruned_is_not_open_any_more(Database database) {
        open(database);
        var schedule = add(minutely);
        pass(MINUTE);
        worker.command(schedule, Verb.PAUSE);
        end(newest(schedule));
        clock.advance(Duration.ofHours(1));
        var pruned = store.write(tx -> tx.prune(clock.now(), 10));
        assertThat(pruned).hasSize(1);
        worker.command(schedule, Verb.RESUME);
        worker.drain();
        assertThat(runs(schedule)).singleElement().matches(run -> run.status() == RunStatus.RUNNING);
        assertThat(counted(schedule, "fired")).isEqualTo(2);
    }

    // ---- catch-up, pause, trigger ---------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void what_was_missed_is_caught_up_on_as_the_policy_says(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        pass(Duration.ofHours(1).plusSeconds(30));
        assertThat(fired(schedule)).isEqualTo("09:00");
        assertThat(counted(schedule, "missed")).isEqualTo(59);
        edit(schedule, minutely.overlap(Overlap.ALLOW).catchUp(CatchUp.all(3)).toJson());
        pass(Duration.ofHours(1));
        assertThat(fired(schedule)).isEqualTo("09:00 09:58 09:59 10:00");
        edit(schedule, minutely.overlap(Overlap.ALLOW).catchUp(CatchUp.none()).toJson());
        pass(Duration.ofMinutes(10));
        assertThat(fired(schedule)).isEqualTo("09:00 09:58 09:59 10:00 10:10");
    }

    @ParameterizedTest
    @EnumSource
    void a_paused_schedule_fires_nothing_and_catches_up_when_it_is_resumed(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        pass(MINUTE);
        worker.command(schedule, Verb.PAUSE);
        pass(MINUTE.multipliedBy(10).plusSeconds(30));
        trigger(schedule);
        assertThat(fired(schedule)).isEqualTo("08:01");
        worker.command(schedule, Verb.RESUME);
        worker.drain();
        assertThat(fired(schedule)).isEqualTo("08:01 08:11 08:11:30");
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:11 08:11:30 08:12");
    }

    @ParameterizedTest
    @EnumSource
    void a_trigger_fires_once_at_once_and_leaves_the_times_alone(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        clock.advance(Duration.ofSeconds(20));
        trigger(schedule);
        worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, "same");
        worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, "same");
        worker.drain();
        assertThat(fired(schedule)).isEqualTo("08:00:20 08:00:20");
        assertThat(store.messages(schedule, null, 10)).isEmpty();
        pass(Duration.ofSeconds(40));
        assertThat(fired(schedule)).isEqualTo("08:00:20 08:00:20 08:01");
    }

    @ParameterizedTest
    @EnumSource
    void more_triggers_than_one_turn_takes_are_all_obeyed(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        for (int i = 0; i < 130; i++) worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, null);
        worker.drain();
        assertThat(runs(schedule)).hasSize(130);
        assertThat(store.messages(schedule, null, 10)).isEmpty();
    }

    // ---- edit and end ---------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void an_edit_counts_from_when_it_comes_and_what_is_due_fires_as_it_was_planned(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        clock.advance(MINUTE);
        edit(
                schedule,
                Schedule.every("s", Duration.ofMinutes(5))
                        .overlap(Overlap.ALLOW)
                        .starts(report, "edited ")
                        .toJson());
        assertThat(fired(schedule)).isEqualTo("08:01");
        for (int i = 0; i < 10; i++) pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:05 08:10");
        end(newest(schedule));
        assertThat(worker.output(newest(schedule))).isEqualTo(new Json("\"edited !\""));
    }

    @ParameterizedTest
    @EnumSource
    void what_an_edit_makes_unwanted_in_the_turn_that_would_start_it_is_never_started(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW));
        clock.advance(MINUTE);
        worker.signal(
                schedule,
                ScheduleProgram.EDIT,
                minutely.overlap(Overlap.CANCEL_OLD).toJson(),
                null);
        worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, null);
        worker.drain();
        assertThat(runs(schedule)).hasSize(1);
        assertThat(counted(schedule, "fired")).isEqualTo(1);
        assertThat(counted(schedule, "skipped")).isEqualTo(1);
        assertThat(memory(schedule).path("runs").size()).isEqualTo(1);
    }

    @ParameterizedTest
    @EnumSource
    void an_edit_that_cannot_be_is_dropped_and_said(Database database) {
        open(database);
        var schedule = add(minutely);
        edit(schedule, new Json("5"));
        assertThat(trouble(schedule)).contains("could not be changed");
        edit(schedule, minutely.starts("job:other", Json.NULL).toJson());
        assertThat(trouble(schedule)).contains("its program for ever");
        worker.signal(schedule, "hello", Json.NULL, null);
        worker.drain();
        assertThat(trouble(schedule)).contains("'hello'");
        assertThat(store.messages(schedule, null, 10)).isEmpty();
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01");
        assertThat(trouble(schedule)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void a_schedule_that_is_over_succeeds_and_leaves_its_runs_alone(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.ALLOW)
                .until(Instant.ofEpochMilli(clock.now()).plus(MINUTE.multipliedBy(3))));
        for (int i = 0; i < 5; i++) pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01 08:02");
        assertThat(status(schedule)).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(tree(worker.output(schedule)).path("state").path("fired").asInt())
                .isEqualTo(2);
        assertThat(runs(schedule)).allMatch(run -> run.status() == RunStatus.RUNNING);
        end(newest(schedule));
        assertThat(status(newest(schedule))).isEqualTo(RunStatus.SUCCEEDED);
        assertThat(add(minutely)).isNotEqualTo(schedule); // its name is free
    }

    @ParameterizedTest
    @EnumSource
    void the_last_fire_that_waits_starts_before_the_schedule_is_over(Database database) {
        open(database);
        var schedule = add(minutely.overlap(Overlap.QUEUE_ONE)
                .until(Instant.ofEpochMilli(clock.now()).plus(MINUTE.multipliedBy(3))));
        for (int i = 0; i < 5; i++) pass(MINUTE);
        assertThat(status(schedule)).isEqualTo(RunStatus.RUNNING);
        end(newest(schedule));
        assertThat(fired(schedule)).isEqualTo("08:01 08:02");
        assertThat(status(schedule)).isEqualTo(RunStatus.SUCCEEDED);
    }

    @ParameterizedTest
    @EnumSource
    void a_removed_schedule_fires_no_more_and_leaves_its_runs_alone(Database database) {
        open(database);
        var schedule = add(minutely);
        pass(MINUTE);
        worker.command(schedule, Verb.CANCEL);
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:01");
        assertThat(status(newest(schedule))).isEqualTo(RunStatus.RUNNING);
        end(newest(schedule));
        assertThat(status(newest(schedule))).isEqualTo(RunStatus.SUCCEEDED);
        assertThatThrownBy(() -> worker.submit(new ScheduleProgram(report), Json.NULL, null, null, schedule))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("pawl restart");
    }

    // ---- trouble --------------------------------------------------------------------------------------------------

    /** A program that does not take its input any more, or whose start fails now and then. */
    private Program moody(AtomicInteger starts, int failing, RuntimeException how) {
        return new Moody(Steps.of(1, task -> Json.NULL), starts, failing, how);
    }

    /** It may say so when it is asked whether it would, or only when it is to. */
    @ParameterizedTest
    @CsvSource({"SQLITE, 1", "SQLITE, 2", "POSTGRESQL, 1", "POSTGRESQL, 2"})
    void a_program_that_does_not_take_the_input_any_more_ends_no_schedule(Database database, int failing) {
        store = Database.open(database.url());
        var starts = new AtomicInteger();
        var moody = moody(starts, failing, new Failure.Logic("no longer"));
        worker = worker(moody);
        var schedule = worker.submit(
                new ScheduleProgram(moody),
                minutely.starts(moody.name(), Json.NULL).toJson());
        worker.drain();
        pass(MINUTE);
        assertThat(trouble(schedule)).contains("could not start steps:test", "no longer");
        assertThat(counted(schedule, "fired")).isZero();
        assertThat(counted(schedule, "skipped")).isEqualTo(1);
        starts.set(10);
        pass(MINUTE);
        assertThat(fired(schedule)).isEqualTo("08:02");
        assertThat(trouble(schedule)).isEmpty();
    }

    /** What an attempt recorded is written also when it fails: so nothing may be recorded before all can be. */
    @ParameterizedTest
    @EnumSource
    void a_turn_that_fails_in_the_middle_of_its_starts_has_started_nothing(Database database) {
        store = Database.open(database.url());
        var starts = new AtomicInteger();
        var moody = moody(starts, 4, new IllegalStateException("the disk is full"));
        worker = worker(moody);
        var schedule = worker.submit(
                new ScheduleProgram(moody),
                minutely.overlap(Overlap.ALLOW)
                        .catchUp(CatchUp.all(5))
                        .starts(moody.name(), Json.NULL)
                        .toJson());
        worker.drain();
        starts.set(0);
        worker.signal(schedule, ScheduleProgram.TRIGGER, Json.NULL, null);
        pass(MINUTE.multipliedBy(5));
        assertThat(starts).hasValue(4);
        assertThat(runs(schedule)).isEmpty();
        assertThat(store.messages(schedule, null, 10)).hasSize(1);
        pass(Duration.ofSeconds(5));
        assertThat(fired(schedule)).isEqualTo("08:01 08:02 08:03 08:04 08:05 08:00");
        assertThat(runs(schedule)).hasSize(6);
    }

    @ParameterizedTest
    @EnumSource
    void a_schedule_outlives_any_number_of_dead_workers(Database database) {
        open(database);
        var schedule = add(minutely);
        clock.advance(MINUTE);
        for (int i = 0; i < 10; i++) {
            var claims = worker.claim(10);
            assertThat(claims).hasSize(1);
            worker.attempt(claims.getFirst());
            clock.advance(Duration.ofSeconds(7)); // it dies, and its lease runs out
        }
        worker.drain();
        assertThat(fired(schedule)).isEqualTo("08:02");
        assertThat(status(schedule)).isEqualTo(RunStatus.RUNNING);
    }
}
