package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunStatus;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Refused;
import dev.pawl.flow.Flow;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleInfo;
import dev.pawl.schedule.ScheduleProgram;
import dev.pawl.schedule.ScheduleRefused;
import dev.pawl.schedule.Schedules;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What people do with schedules, on open Pawls with real workers. */
class SchedulesTest {

    private record Order(int number) {}

    private final Flow<Order, Integer> report =
            Flow.define("report", Order.class, (f, order) -> f.step("count", Integer.class, order, Order::number));
    private final Schedule nightly =
            Schedule.cron("nightly", "0 2 * * *", ZoneId.of("Europe/Berlin")).starts(report, new Order(7));

    private static void awaitStatus(Schedules schedules, String name, RunStatus status) {
        await().atMost(Fleet.PATIENCE).until(() -> schedules.get(name).status() == status);
    }

    @ParameterizedTest
    @EnumSource
    void schedules_are_added_found_listed_and_removed(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.client(report);
            var schedules = Schedules.of(pawl).by("ann");
            var run = schedules.add(nightly);
            schedules.add(Schedule.every("hourly", Duration.ofHours(1)).starts("report", new Json("{\"number\":1}")));
            assertThat(schedules.list(null, 10)).extracting(ScheduleInfo::name).containsExactly("hourly", "nightly");
            assertThat(schedules.list("hourly", 10))
                    .extracting(ScheduleInfo::name)
                    .containsExactly("nightly");
            assertThat(schedules.list(null, 1)).hasSize(1);
            var found = schedules.get("nightly");
            assertThat(found.run()).isEqualTo(run);
            assertThat(found.status()).isEqualTo(RunStatus.QUEUED);
            assertThat(found.schedule()).isEqualTo(nightly);
            assertThat(found.lastRun()).isNull();
            assertThat(found.next(3)).hasSize(3).isSorted().allMatch(time -> time.isAfter(found.now()));
            assertThat(schedules.get("hourly").schedule().program()).isEqualTo("flow:report");
            assertThat(pawl.run(run).program()).isEqualTo(ScheduleProgram.NAME);
            assertThat(pawl.events(run, 0, 1).getFirst().data().text()).contains("ann");
            schedules.remove("nightly", "no need");
            assertThat(schedules.find("nightly")).isEmpty();
            assertThat(pawl.run(run).status()).isEqualTo(RunStatus.CANCELLED);
            assertThat(schedules.add(nightly)).isNotEqualTo(run);
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_cannot_be_is_refused_with_the_way_out(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.client(report);
            var schedules = Schedules.of(pawl);
            schedules.add(nightly);
            assertThatThrownBy(() -> schedules.add(nightly))
                    .isInstanceOf(ScheduleRefused.class)
                    .hasMessageContaining("\"nightly\" already")
                    .hasMessageContaining("pawl schedule edit nightly");
            assertThatThrownBy(() -> schedules.trigger("nigthly"))
                    .isInstanceOfSatisfying(
                            ScheduleRefused.class,
                            refused -> assertThat(refused.why()).isEqualTo(ScheduleRefused.Why.NO_SUCH_SCHEDULE))
                    .hasMessageContaining("\"nigthly\"");
            var plain = Schedule.every("plain", Duration.ofHours(1));
            assertThatThrownBy(() -> schedules.add(plain))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("no program to start");
            assertThatThrownBy(() -> schedules.add(plain.starts("flow:none", Json.NULL)))
                    .isInstanceOf(Refused.class)
                    .hasMessageContaining("flow:none");
            assertThatThrownBy(() -> schedules.add(plain.starts("report", new Json("5"))))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("flow \"report\"");
            assertThatThrownBy(() -> schedules.add(
                            plain.until(Instant.EPOCH.plusSeconds(9)).starts(report, new Order(1))))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("over already");
            assertThatThrownBy(() -> schedules.edit("nightly", before -> before.starts("flow:other", Json.NULL)))
                    .hasMessageContaining("keeps its name and its program (flow:report)");
            assertThatThrownBy(() -> schedules.edit("nightly", before -> before.starts("flow:report", new Json("5"))))
                    .isInstanceOf(Failure.Logic.class);
            assertThatThrownBy(() -> Schedules.of(fleet.client()).add(plain.starts("report", Json.NULL)))
                    .isInstanceOf(Refused.class);
        }
    }

    @ParameterizedTest
    @EnumSource
    void every_second_fires_without_any_hand(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(report);
            var schedules = Schedules.of(pawl);
            var run = schedules.add(Schedule.every("often", Duration.ofSeconds(1))
                    .overlap(Overlap.ALLOW)
                    .starts(report, new Order(3)));
            await().atMost(Fleet.PATIENCE)
                    .until(() -> pawl.children(run, 10).stream()
                                    .filter(child -> child.status() == RunStatus.SUCCEEDED)
                                    .count()
                            >= 3);
            assertThat(pawl.children(run, 10)).extracting(RunDetails::program).containsOnly("flow:report");
            var info = schedules.get("often");
            assertThat(info.state().fired()).isGreaterThanOrEqualTo(3);
            assertThat(info.lastPlanned()).isBefore(info.now());
            assertThat(pawl.handle(pawl.children(run, 1).getFirst().id()).await(Fleet.PATIENCE))
                    .isEqualTo(new Json("3"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_schedule_is_triggered_paused_edited_and_resumed(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.open(report);
            var schedules = Schedules.of(pawl).by("ann");
            var run = schedules.add(nightly.overlap(Overlap.ALLOW));
            awaitStatus(schedules, "nightly", RunStatus.RUNNING);
            schedules.trigger("nightly");
            await().atMost(Fleet.PATIENCE).until(() -> pawl.children(run, 10).size() == 1);
            schedules.pause("nightly", "holidays");
            assertThat(schedules.get("nightly").heldBy()).isEqualTo("ann: holidays");
            schedules.trigger("nightly");
            // Nobody sees these edits before the end of the pause, and neither loses the other.
            schedules.edit("nightly", before -> before.jitter(Duration.ofMinutes(5)));
            schedules.edit("nightly", before -> before.catchUp(CatchUp.none()).starts(report, new Order(8)));
            var paused = schedules.get("nightly");
            assertThat(paused.triggers()).isEqualTo(1);
            assertThat(paused.schedule().jitter()).isEqualTo(Duration.ofMinutes(5));
            assertThat(paused.schedule().catchUp()).isEqualTo(CatchUp.none());
            schedules.resume("nightly", "");
            await().atMost(Fleet.PATIENCE)
                    .until(() -> pawl.children(run, 10).size() == 2
                            && schedules.get("nightly").triggers() == 0);
            assertThat(schedules.get("nightly").schedule()).isEqualTo(paused.schedule());
            var second = pawl.handle(pawl.children(run, 10).getLast().id()).await(Fleet.PATIENCE);
            assertThat(second).isEqualTo(new Json("7")); // it was asked for before the edits
            schedules.trigger("nightly");
            await().atMost(Fleet.PATIENCE).until(() -> pawl.children(run, 10).size() == 3);
            assertThat(pawl.handle(pawl.children(run, 10).getLast().id()).await(Fleet.PATIENCE))
                    .isEqualTo(new Json("8"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void a_removed_schedule_is_restarted_into_its_slot_unless_that_is_taken(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            var pawl = fleet.client(report);
            var schedules = Schedules.of(pawl);
            var first = schedules.add(nightly);
            schedules.remove("nightly", "");
            var again = pawl.restart(first, null, "ann").id();
            assertThat(schedules.get("nightly").run()).isEqualTo(again);
            assertThatThrownBy(() -> pawl.restart(first, null, "ann")).isInstanceOf(Refused.class);
            assertThatThrownBy(() -> pawl.retry(first, "ann"))
                    .isInstanceOf(Failure.Logic.class)
                    .hasMessageContaining("pawl restart");
        }
    }

    @ParameterizedTest
    @EnumSource
    void explain_names_the_program_whose_code_no_worker_has(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            Pawl client = fleet.client(report);
            var run = Schedules.of(client).add(nightly);
            fleet.open(Flow.define("other", Order.class, (f, order) -> f.step("x", Order.class, order, o -> o)));
            assertThat(client.explain(run)).contains("No worker has schedule:schedule version flow:report");
            fleet.open(report);
            awaitStatus(Schedules.of(client), "nightly", RunStatus.RUNNING);
            assertThat(client.explain(run)).contains("waits until");
        }
    }

    @ParameterizedTest
    @EnumSource
    void what_is_built_in_is_not_among_the_programs_that_were_given(Database database) throws Exception {
        try (var fleet = new Fleet(database)) {
            assertThat(fleet.open(report).programs()).containsExactly(report);
            assertThat(fleet.open(report).misfits()).isEmpty();
            assertThat(fleet.open().programs()).isEmpty();
            assertThat(fleet.open(report, new ScheduleProgram(report)).programs())
                    .hasSize(2);
        }
    }
}
