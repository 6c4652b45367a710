package dev.pawl.schedule;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** Schedules as JSON. By hand, so that the input keeps its digits and a person can write one with a few lines. */
final class ScheduleText {

    private static final TypeRef<Written> WRITTEN = TypeRef.of(Written.class);

    private ScheduleText() {}

    /** All but the input. */
    private record Written(
            @Nullable String name,
            @Nullable String cron,
            @Nullable String zone,
            @Nullable Duration every,
            @Nullable Overlap overlap,
            @Nullable Integer catchUp,
            @Nullable Duration jitter,
            @Nullable Instant from,
            @Nullable Instant until,
            @Nullable String program) {}

    static Json write(Schedule schedule) {
        var out = JsonNodeFactory.instance.objectNode().put("name", schedule.name());
        switch (schedule.timing()) {
            case Cron cron ->
                out.put("cron", cron.expression()).put("zone", cron.zone().getId());
            case Every every -> out.put("every", every.interval().toString());
        }
        out.put("overlap", schedule.overlap().name());
        out.put("catchUp", schedule.catchUp().newest());
        out.put("jitter", schedule.jitter().toString());
        put(out, "from", schedule.from());
        put(out, "until", schedule.until());
        put(out, "program", schedule.program());
        out.set("input", Codec.STANDARD.tree(schedule.input()));
        return new Json(out.toString());
    }

    private static void put(ObjectNode out, String name, @Nullable Object value) {
        if (value != null) out.put(name, value.toString());
    }

    static Schedule read(Json json) {
        var written = Codec.STANDARD.read(json, WRITTEN, "The schedule");
        var input = Codec.STANDARD.tree(json).get("input");
        if (written.name == null) throw new IllegalArgumentException("There is a schedule without a name.");
        var plain = timed(written.name, written);
        return new Schedule(
                plain.name(),
                plain.timing(),
                written.overlap == null ? plain.overlap() : written.overlap,
                written.catchUp == null ? plain.catchUp() : new CatchUp(written.catchUp),
                written.jitter == null ? plain.jitter() : written.jitter,
                written.from,
                written.until,
                written.program,
                input == null ? Json.NULL : new Json(input.toString()));
    }

    private static Schedule timed(String name, Written written) {
        if (written.every != null && written.cron == null) return Schedule.every(name, written.every);
        if (written.every != null || written.cron == null) {
            throw Schedule.wrong(
                    name,
                    (written.cron == null ? "neither" : "both")
                            + " a cron expression and an interval; give it \"cron\" and \"zone\", or \"every\".");
        }
        if (written.zone == null) {
            throw Schedule.wrong(name, "a cron expression but no \"zone\", such as Europe/Berlin or UTC.");
        }
        try {
            return Schedule.cron(name, written.cron, ZoneId.of(written.zone));
        } catch (DateTimeException e) {
            throw Schedule.wrong(name, "the zone \"" + written.zone + "\"; there is none of that name.");
        }
    }
}
