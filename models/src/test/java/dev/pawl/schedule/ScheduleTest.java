package dev.pawl.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScheduleTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
    private static final Instant FROM = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void what_nobody_says_has_a_careful_default() {
        var nightly = Schedule.cron("nightly", "0 2 * * *", BERLIN);
        assertThat(nightly.overlap()).isEqualTo(Overlap.SKIP);
        assertThat(nightly.catchUp()).isEqualTo(CatchUp.latest());
        assertThat(nightly.jitter()).isZero();
        assertThat(nightly.from()).isNull();
        assertThat(nightly.until()).isNull();
        assertThat(nightly.program()).isNull();
        assertThat(nightly.input()).isEqualTo(Json.NULL);
    }

    @Test
    void misuse_is_refused_with_a_way_out() {
        assertThatThrownBy(() -> Schedule.every("poll", Duration.ofMillis(999)))
                .hasMessage("Schedule \"poll\" has the interval PT0.999S: it must be at least 1 second.");
        assertThatThrownBy(() -> Timing.every(Duration.ofSeconds(-1)))
                .hasMessage("There is an interval PT-1S: it must be at least 1 second.");
        var poll = Schedule.every("poll", Duration.ofSeconds(1));
        assertThatThrownBy(() -> poll.jitter(Duration.ofSeconds(-1)))
                .hasMessage("Schedule \"poll\" has a jitter of PT-1S; it must not be negative.");
        assertThatThrownBy(() -> poll.from(FROM).until(FROM))
                .hasMessage(
                        "Schedule \"poll\" has no time to fire: it ends at 2026-01-01T00:00:00Z, and begins only at "
                                + "2026-01-01T00:00:00Z.");
        assertThatThrownBy(() -> CatchUp.all(1001))
                .hasMessage("A schedule cannot catch up on 1001 fires; it can on 0 (none) to 1000.");
        for (String name : List.of("", "a b", "1st", "a@b")) {
            assertThatThrownBy(() -> Schedule.every(name, Duration.ofHours(1)))
                    .hasMessage("There is a schedule named \"" + name + "\"; a name is a letter or underscore, then "
                            + "letters, digits, underscores and dashes.");
        }
        assertThatThrownBy(() -> Schedule.every("a".repeat(129), Duration.ofHours(1)))
                .hasMessageEndingWith("a name has at most 128 characters.");
    }

    @Test
    void a_schedule_comes_back_from_json_as_it_was() {
        var full = Schedule.cron("nightly", "0 2 * * *", BERLIN)
                .starts("flow:report", new Json("{\"limit\":1.0000000000000000001,\"of\":[null,false,0,\"\"]}"))
                .overlap(Overlap.QUEUE_ONE)
                .catchUp(CatchUp.all(5))
                .jitter(Duration.ofMinutes(3))
                .from(FROM)
                .until(FROM.plusSeconds(86_400));
        assertThat(full.toJson().text())
                .isEqualTo("{\"name\":\"nightly\",\"cron\":\"0 2 * * *\",\"zone\":\"Europe/Berlin\","
                        + "\"overlap\":\"QUEUE_ONE\",\"catchUp\":5,\"jitter\":\"PT3M\",\"from\":\"2026-01-01T00:00:00Z\","
                        + "\"until\":\"2026-01-02T00:00:00Z\",\"program\":\"flow:report\","
                        + "\"input\":{\"limit\":1.0000000000000000001,\"of\":[null,false,0,\"\"]}}");
        assertThat(Schedule.read(full.toJson())).isEqualTo(full);
        var plain = Schedule.every("poll", Duration.ofMinutes(5)).catchUp(CatchUp.none());
        assertThat(Schedule.read(plain.toJson())).isEqualTo(plain);
    }

    @Test
    void a_person_writes_only_what_matters() {
        assertThat(Schedule.read(new Json("{\"name\":\"poll\",\"every\":\"PT5M\",\"program\":\"flow:poll\"}")))
                .isEqualTo(Schedule.every("poll", Duration.ofMinutes(5)).starts("flow:poll", Json.NULL));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {"every":"PT5M"} | There is a schedule without a name.
            {"name":"s"} | Schedule "s" has neither a cron expression and an interval; give it "cron" and "zone", or "every".
            {"name":"s","every":"PT5M","cron":"@daily"} | Schedule "s" has both a cron expression and an interval; give it "cron" and "zone", or "every".
            {"name":"s","cron":"@daily"} | Schedule "s" has a cron expression but no "zone", such as Europe/Berlin or UTC.
            {"name":"s","cron":"@daily","zone":"Mars"} | Schedule "s" has the zone "Mars"; there is none of that name.
            {"name":"s","cron":"@daily","zone":"UTC","catchUp":-1} | A schedule cannot catch up on -1 fires; it can on 0 (none) to 1000.
            """)
    void json_that_cannot_work_is_refused(String json, String message) {
        assertThatThrownBy(() -> Schedule.read(new Json(json)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void json_that_does_not_fit_is_refused_by_place() {
        assertThatThrownBy(() -> Schedule.read(new Json("{\"name\":\"s\",\"every\":\"PT5M\",\"overlap\":\"MAYBE\"}")))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("at /overlap one of [SKIP, QUEUE_ONE, ALLOW, CANCEL_OLD] is expected");
    }
}
