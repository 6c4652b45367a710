package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** All schedules here are called s, were created at midnight, and fire every minute. */
class ScheduleDecisionTest {

    private static final Instant T0 = at("00:00");
    private static final Schedule EVERY_MINUTE = Schedule.every("s", Duration.ofMinutes(1));

    private static Instant at(String time) {
        return Instant.parse("2026-01-01T" + (time.length() == 5 ? time + ":00" : time) + "Z");
    }

    private static String key(String time) {
        return "s@" + at(time);
    }

    private static List<String> keys(String times) {
        return Arrays.stream(times.split(" "))
                .filter(t -> !t.isEmpty())
                .map(ScheduleDecisionTest::key)
                .toList();
    }

    private static String times(List<String> keys) {
        return keys.stream().map(key -> key.substring(13, 18)).collect(Collectors.joining(" "));
    }

    private static String fires(List<Fire> fires) {
        return times(fires.stream().map(Fire::key).toList());
    }

    private static ScheduleState open(String times) {
        return new ScheduleState(T0, T0, keys(times), null, false, 0, 0, 0);
    }

    private static CatchUp catchUp(String words) {
        return switch (words) {
            case "none" -> CatchUp.none();
            case "latest" -> CatchUp.latest();
            default -> CatchUp.all(Integer.parseInt(words));
        };
    }

    private static Decision decide(Schedule schedule, ScheduleState state, String now) {
        return Decision.decide(schedule, state, at(now), List.of());
    }

    /** The fires of 00:01 to 00:05 are due; at 00:05:30 only the last of them is on time. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
            SKIP       | none   | ''    | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            SKIP       | none   | 00:00 | 00:05:30 | ''                | ''    | 00:05             | ''    | 4
            SKIP       | latest | ''    | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            SKIP       | latest | 00:00 | 00:05:30 | ''                | ''    | 00:05             | ''    | 4
            SKIP       | 3      | ''    | 00:05:30 | 00:03             | ''    | 00:04 00:05       | ''    | 2
            SKIP       | 3      | 00:00 | 00:05:30 | ''                | ''    | 00:03 00:04 00:05 | ''    | 2
            QUEUE_ONE  | none   | ''    | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            QUEUE_ONE  | none   | 00:00 | 00:05:30 | ''                | ''    | ''                | 00:05 | 4
            QUEUE_ONE  | latest | 00:00 | 00:05:30 | ''                | ''    | ''                | 00:05 | 4
            QUEUE_ONE  | 3      | ''    | 00:05:30 | 00:03             | ''    | 00:05             | 00:04 | 2
            QUEUE_ONE  | 3      | 00:00 | 00:05:30 | ''                | ''    | 00:04 00:05       | 00:03 | 2
            ALLOW      | none   | ''    | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            ALLOW      | none   | 00:00 | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            ALLOW      | latest | 00:00 | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            ALLOW      | 3      | ''    | 00:05:30 | 00:03 00:04 00:05 | ''    | ''                | ''    | 2
            ALLOW      | 3      | 00:00 | 00:05:30 | 00:03 00:04 00:05 | ''    | ''                | ''    | 2
            ALLOW      | 1000   | ''    | 00:03:30 | 00:01 00:02 00:03 | ''    | ''                | ''    | 0
            CANCEL_OLD | none   | ''    | 00:05:30 | 00:05             | ''    | ''                | ''    | 4
            CANCEL_OLD | latest | 00:00 | 00:05:30 | 00:05             | 00:00 | ''                | ''    | 4
            CANCEL_OLD | 3      | ''    | 00:05:30 | 00:05             | ''    | 00:03 00:04       | ''    | 2
            CANCEL_OLD | 3      | 00:00 | 00:05:30 | 00:05             | 00:00 | 00:03 00:04       | ''    | 2
            ALLOW      | none   | ''    | 00:02:00 | 00:01 00:02       | ''    | ''                | ''    | 0
            ALLOW      | latest | ''    | 00:02:00 | 00:01 00:02       | ''    | ''                | ''    | 0
            ALLOW      | none   | ''    | 00:02:01 | 00:02             | ''    | ''                | ''    | 1
            SKIP       | latest | ''    | 00:01:59 | 00:01             | ''    | ''                | ''    | 0
            SKIP       | latest | ''    | 00:00:59 | ''                | ''    | ''                | ''    | 0
            """)
    void fires_pass_the_catch_up_policy_and_then_the_overlap_policy(
            Overlap overlap,
            String catchUp,
            String open,
            String now,
            String start,
            String cancel,
            String skipped,
            String queued,
            long missed) {
        var schedule = EVERY_MINUTE.overlap(overlap).catchUp(catchUp(catchUp));
        var decision = decide(schedule, open(open), now);
        assertThat(fires(decision.start())).as("start").isEqualTo(start);
        assertThat(times(decision.cancel())).as("cancel").isEqualTo(cancel);
        assertThat(fires(decision.skipped())).as("skipped").isEqualTo(skipped);

        var after = decision.state();
        assertThat(after.queued() == null ? "" : fires(List.of(after.queued())))
                .as("queued")
                .isEqualTo(queued);
        assertThat(after.missed()).as("missed").isEqualTo(missed);
        assertThat(after.fired()).isEqualTo(decision.start().size());
        assertThat(after.skipped()).isEqualTo(decision.skipped().size());
        var expectedOpen = new ArrayList<>(keys(open));
        expectedOpen.removeAll(decision.cancel());
        expectedOpen.addAll(keys(start));
        assertThat(after.open()).isEqualTo(expectedOpen);
        assertThat(decision.wake())
                .isEqualTo(new Wake.At(at(now.substring(0, 5)).plusSeconds(60)));
        assertThat(ScheduleState.read(after.toJson())).isEqualTo(after);
        assertThat(Decision.decide(schedule, after, at(now), List.of()))
                .isEqualTo(new Decision(List.of(), List.of(), List.of(), after, decision.wake()));
    }

    /** A daily fire that is hours late has no newer one. */
    @ParameterizedTest
    @CsvSource({"none,'',1", "latest,02:00,0", "5,02:00,0"})
    void a_rare_fire_that_is_late_is_caught_up_on_unless_the_policy_is_none(String policy, String start, long missed) {
        var daily = Schedule.every("s", Duration.ofHours(24)).from(at("02:00")).catchUp(catchUp(policy));
        var decision = decide(daily, ScheduleState.fresh(T0), "09:00");
        assertThat(fires(decision.start())).isEqualTo(start);
        assertThat(decision.state().missed()).isEqualTo(missed);
        assertThat(decision.wake()).isEqualTo(new Wake.At(Instant.parse("2026-01-02T02:00:00Z")));
    }

    @Test
    void being_late_is_measured_from_the_time_with_jitter() {
        var schedule = Schedule.every("s", Duration.ofHours(1))
                .jitter(Duration.ofMinutes(50))
                .catchUp(CatchUp.none());
        var due = schedule.timetable(T0).due(at("01:00"));
        assertThat(due).isAfter(at("01:01"));
        var state = ScheduleState.fresh(T0);
        var early = Decision.decide(schedule, state, due.minusMillis(1), List.of());
        assertThat(early.start()).isEmpty();
        assertThat(early.wake()).isEqualTo(new Wake.At(due));
        assertThat(fires(Decision.decide(schedule, state, due.plusSeconds(60), List.of())
                        .start()))
                .isEqualTo("01:00");
        assertThat(Decision.decide(schedule, state, due.plusSeconds(61), List.of())
                        .state()
                        .missed())
                .isEqualTo(1);
    }

    @Test
    void what_is_queued_starts_when_the_open_run_has_ended() {
        var schedule = EVERY_MINUTE.overlap(Overlap.QUEUE_ONE);
        var first = decide(schedule, ScheduleState.fresh(T0), "00:01");
        var second = decide(schedule, first.state(), "00:02");
        assertThat(second.state().queued()).isEqualTo(new Fire(key("00:02"), at("00:02")));
        var third = decide(schedule, second.state(), "00:03");
        assertThat(fires(third.skipped())).isEqualTo("00:03");
        var ended = third.state().ended(List.of(key("00:01"), "another"));
        assertThat(ended.open()).isEmpty();
        var fourth = decide(schedule, ended, "00:03:20");
        assertThat(fires(fourth.start())).isEqualTo("00:02");
        assertThat(fourth.state().queued()).isNull();
        assertThat(fourth.state().open()).containsExactly(key("00:02"));
        assertThat(fourth.state().fired()).isEqualTo(2);
        assertThat(fourth.state().skipped()).isEqualTo(1);
    }

    @Test
    void what_is_queued_follows_a_new_policy() {
        var queued =
                new ScheduleState(T0, at("00:02"), keys("00:01"), new Fire(key("00:02"), at("00:02")), false, 1, 0, 0);
        assertThat(fires(decide(EVERY_MINUTE.overlap(Overlap.ALLOW), queued, "00:02:10")
                        .start()))
                .isEqualTo("00:02");
        var cancelled = decide(EVERY_MINUTE.overlap(Overlap.CANCEL_OLD), queued, "00:02:10");
        assertThat(fires(cancelled.start())).isEqualTo("00:02");
        assertThat(times(cancelled.cancel())).isEqualTo("00:01");
        assertThat(fires(decide(EVERY_MINUTE, queued, "00:02:10").skipped())).isEqualTo("00:02");
    }

    @Test
    void a_trigger_is_one_more_fire_with_an_identity_of_its_own() {
        var trigger = List.of(new Trigger("7", at("00:01")));
        var decision =
                Decision.decide(EVERY_MINUTE.overlap(Overlap.ALLOW), ScheduleState.fresh(T0), at("00:01"), trigger);
        assertThat(decision.start())
                .containsExactly(new Fire(key("00:01"), at("00:01")), new Fire(key("00:01") + "#7", at("00:01")));
        var skipped = Decision.decide(EVERY_MINUTE, ScheduleState.fresh(T0), at("00:01"), trigger);
        assertThat(skipped.skipped()).extracting(Fire::key).containsExactly(key("00:01") + "#7");
    }

    @Test
    void a_paused_schedule_starts_only_what_is_triggered_and_its_pause_is_not_caught_up_on() {
        var schedule = EVERY_MINUTE.catchUp(CatchUp.all(100)).overlap(Overlap.ALLOW);
        var paused = ScheduleState.fresh(T0).pause();
        var nothing = decide(schedule, paused, "00:05");
        assertThat(nothing).isEqualTo(new Decision(List.of(), List.of(), List.of(), paused, new Wake.WhenAsked()));
        var triggered = Decision.decide(schedule, paused, at("00:05"), List.of(new Trigger("1", at("00:05"))));
        assertThat(triggered.start()).extracting(Fire::key).containsExactly(key("00:05") + "#1");
        var resumed = triggered.state().resume(at("00:07:30"));
        assertThat(resumed.resume(at("00:20"))).isEqualTo(resumed);
        var decision = decide(schedule, resumed, "00:08");
        assertThat(fires(decision.start())).isEqualTo("00:08");
        assertThat(decision.state().missed()).isZero();
    }

    @Test
    void what_is_queued_waits_until_a_pause_is_over() {
        var queued = new ScheduleState(T0, at("00:02"), List.of(), new Fire(key("00:02"), at("00:02")), true, 1, 0, 0);
        var schedule = EVERY_MINUTE.overlap(Overlap.QUEUE_ONE);
        assertThat(decide(schedule, queued, "00:03").start()).isEmpty();
        assertThat(fires(decide(schedule, queued.resume(at("00:03")), "00:03").start()))
                .isEqualTo("00:02");
    }

    @Test
    void an_edit_of_the_times_begins_now_and_any_other_edit_changes_nothing_about_them() {
        var hourly = Schedule.every("s", Duration.ofHours(1))
                .catchUp(CatchUp.all(100))
                .overlap(Overlap.ALLOW);
        var state = ScheduleState.fresh(T0);
        assertThat(state.edited(hourly, hourly.overlap(Overlap.SKIP).jitter(Duration.ofSeconds(1)), at("00:50")))
                .isEqualTo(state);
        var minutely = hourly.timing(Timing.every(Duration.ofMinutes(1)));
        var edited = state.edited(hourly, minutely, at("00:50:30"));
        assertThat(decide(minutely, edited, "00:50:30").start()).isEmpty();
        assertThat(fires(decide(minutely, edited, "00:52").start())).isEqualTo("00:51 00:52");
        var earlier = hourly.from(T0.minusSeconds(3600));
        assertThat(decide(earlier, state.edited(hourly, earlier, at("00:30")), "00:30")
                        .start())
                .isEmpty();
    }

    @Test
    void a_fire_that_its_jitter_still_holds_back_survives_an_edit_of_the_end() {
        var schedule = Schedule.every("s", Duration.ofHours(1)).jitter(Duration.ofMinutes(50));
        var due = schedule.timetable(T0).due(at("01:00"));
        var longer = schedule.until(at("20:00"));
        var edited = ScheduleState.fresh(T0).edited(schedule, longer, at("01:00:01"));
        assertThat(fires(Decision.decide(longer, edited, due, List.of()).start()))
                .isEqualTo("01:00");
    }

    @Test
    void after_its_end_a_schedule_is_over_once_nothing_is_queued() {
        var schedule = EVERY_MINUTE.overlap(Overlap.QUEUE_ONE).until(at("00:03"));
        var first = decide(schedule, ScheduleState.fresh(T0), "00:01");
        var second = decide(schedule, first.state(), "00:02");
        assertThat(second.wake()).isEqualTo(new Wake.WhenAsked());
        var third = decide(schedule, second.state().ended(keys("00:01")), "00:10");
        assertThat(fires(third.start())).isEqualTo("00:02");
        assertThat(third.wake()).isEqualTo(new Wake.Never());
        assertThat(decide(schedule, first.state().pause(), "00:10").wake()).isEqualTo(new Wake.Never());
    }

    @Test
    void a_clock_that_stepped_back_fires_nothing_again() {
        var first = decide(EVERY_MINUTE.overlap(Overlap.ALLOW), ScheduleState.fresh(T0), "00:05");
        var second = decide(EVERY_MINUTE.overlap(Overlap.ALLOW), first.state(), "00:02");
        assertThat(second.start()).isEmpty();
        assertThat(second.wake()).isEqualTo(new Wake.At(at("00:06")));
    }

    @Test
    void very_many_open_runs_do_not_swell_the_state() {
        var schedule = EVERY_MINUTE.overlap(Overlap.ALLOW).catchUp(CatchUp.all(1000));
        var state = ScheduleState.fresh(T0);
        for (int round = 1; round <= 3; round++) {
            state = Decision.decide(schedule, state, T0.plusSeconds(round * 60_000L), List.of())
                    .state();
        }
        assertThat(state.fired()).isEqualTo(3000);
        assertThat(state.missed()).isZero();
        assertThat(state.open()).hasSize(1000).contains("s@" + T0.plusSeconds(3000 * 60L));
    }
}
