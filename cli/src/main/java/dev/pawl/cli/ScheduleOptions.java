package dev.pawl.cli;

import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Cron;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.Timing;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** When a schedule fires and how, as it is typed. What is not typed stays as it is. */
final class ScheduleOptions {

    private static final String NO_LIMIT = "none";

    @Option(
            names = "--cron",
            paramLabel = "EXPR",
            description = "Five fields, six with seconds, or @daily and the like: '0 2 * * *'.")
    private @Nullable String cron;

    @Option(
            names = "--zone",
            paramLabel = "ZONE",
            description = "Whose clocks --cron is about: Europe/Berlin, UTC. This machine's if not given.")
    private @Nullable String zone;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "Fires every so often instead, at least every 1s: 90s, 5m, 1h30m.")
    private @Nullable String every;

    @Option(
            names = "--overlap",
            paramLabel = "POLICY",
            description = "While an earlier run is open: skip (if not given), queue one, allow, or cancel the old one.")
    private @Nullable String overlap;

    @Option(
            names = "--catch-up",
            paramLabel = "POLICY",
            description = "Of fires that were missed: none, latest (if not given), or all:N.")
    private @Nullable String catchUp;

    @Option(names = "--jitter", paramLabel = "TIME", description = "Delays each fire by up to this: 30s. 0s for none.")
    private @Nullable String jitter;

    @Option(
            names = "--from",
            paramLabel = "WHEN",
            description = "Nothing is planned before this: 2026-12-01, 2026-12-01T08:00, or with an offset; \"none\".")
    private @Nullable String from;

    @Option(names = "--until", paramLabel = "WHEN", description = "Nothing is planned from here on; \"none\".")
    private @Nullable String until;

    boolean given() {
        return cron != null
                || zone != null
                || every != null
                || overlap != null
                || catchUp != null
                || jitter != null
                || from != null
                || until != null;
    }

    /**
     * A new schedule.
     *
     * @throws Complaint if it cannot be
     */
    Schedule create(String name) {
        if ((cron == null) == (every == null)) {
            throw Complaint.usage("When shall \"" + name
                    + "\" fire? Give either --cron '0 2 * * *' (perhaps with --zone) or --every 5m.");
        }
        if (every != null && zone != null) throw zoneWithoutCron();
        try {
            var plain = every == null
                    ? Schedule.cron(name, Objects.requireNonNull(cron), zone(ZoneId.systemDefault()))
                    : Schedule.every(name, Text.age(every));
            return rest(plain);
        } catch (IllegalArgumentException wrong) {
            throw Complaint.usage(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    /**
     * A schedule with what was typed.
     *
     * @throws Complaint if it cannot be
     */
    Schedule change(Schedule before) {
        if (cron != null && every != null) throw Complaint.usage("Give --cron or --every, and not both.");
        try {
            return rest(before.timing(timing(before.timing())));
        } catch (IllegalArgumentException wrong) {
            throw Complaint.usage(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    private Timing timing(Timing before) {
        var was = before instanceof Cron known ? known : null;
        if (every != null) {
            if (zone != null) throw zoneWithoutCron();
            return Timing.every(Text.age(every));
        }
        if (cron != null) return Timing.cron(cron, zone(was == null ? ZoneId.systemDefault() : was.zone()));
        if (zone == null) return before;
        if (was == null) throw zoneWithoutCron();
        return Timing.cron(was.expression(), zone(was.zone()));
    }

    private static Complaint zoneWithoutCron() {
        return Complaint.usage("--zone goes with --cron: intervals do not look at the clocks on the wall.");
    }

    private Schedule rest(Schedule plain) {
        var schedule = plain;
        if (overlap != null) schedule = schedule.overlap(overlap(overlap));
        if (catchUp != null) schedule = schedule.catchUp(catchUp(catchUp));
        if (jitter != null) schedule = schedule.jitter(Text.age(jitter));
        var clocks = schedule.timing() instanceof Cron known ? known.zone() : ZoneId.systemDefault();
        // Both at once: one of them alone may not fit what the other was.
        var first = from == null ? schedule.from() : time("--from", from, clocks);
        var end = until == null ? schedule.until() : time("--until", until, clocks);
        return schedule.from(null).until(null).from(first).until(end);
    }

    private ZoneId zone(ZoneId otherwise) {
        if (zone == null) return otherwise;
        try {
            return ZoneId.of(zone);
        } catch (DateTimeException none) {
            throw Complaint.usage("There is no time zone '" + zone + "'. Write it like Europe/Berlin or UTC.", none);
        }
    }

    private static Overlap overlap(String typed) {
        return switch (typed.toLowerCase(Locale.ROOT)) {
            case "skip" -> Overlap.SKIP;
            case "queue", "queue-one", "queue_one" -> Overlap.QUEUE_ONE;
            case "allow" -> Overlap.ALLOW;
            case "cancel", "cancel-old", "cancel_old" -> Overlap.CANCEL_OLD;
            default ->
                throw Complaint.usage(
                        "'" + typed + "' is no overlap policy; it is one of skip, queue, allow and cancel.");
        };
    }

    private static CatchUp catchUp(String typed) {
        String word = typed.toLowerCase(Locale.ROOT);
        if (word.equals("none")) return CatchUp.none();
        if (word.equals("latest")) return CatchUp.latest();
        if (word.matches("all:\\d{1,9}")) return CatchUp.all(Integer.parseInt(word.substring("all:".length())));
        throw Complaint.usage("'" + typed + "' is no catch-up policy; it is one of none, latest and all:N, as all:10.");
    }

    private static @Nullable Instant time(String option, String typed, ZoneId clocks) {
        if (typed.equals(NO_LIMIT)) return null;
        try {
            if (typed.matches("\\d{4}-\\d{2}-\\d{2}"))
                return LocalDate.parse(typed).atStartOfDay(clocks).toInstant();
            if (typed.matches(".*(Z|[+-]\\d{2}(:?\\d{2})?)"))
                return OffsetDateTime.parse(typed).toInstant();
            return LocalDateTime.parse(typed).atZone(clocks).toInstant();
        } catch (DateTimeException notATime) {
            throw Complaint.usage(
                    option + " '" + typed
                            + "' is no time. Write 2026-12-01, 2026-12-01T08:00 (on the schedule's clocks), or 2026-12-01T08:00:00Z.",
                    notATime);
        }
    }
}
