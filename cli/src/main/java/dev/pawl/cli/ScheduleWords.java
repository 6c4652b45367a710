package dev.pawl.cli;

import dev.pawl.schedule.Cron;
import dev.pawl.schedule.Every;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleInfo;
import java.time.Instant;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Schedules as people like to read them; their times are on the clocks that they are about. */
final class ScheduleWords {

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT);
    private static final DateTimeFormatter WITH_OFFSET =
            DateTimeFormatter.ofPattern("EEE yyyy-MM-dd HH:mm:ss xxx", Locale.ROOT);

    private ScheduleWords() {}

    /** {@code 0 2 * * * Europe/Berlin}, {@code every 5 min}. */
    static String times(Schedule schedule) {
        return switch (schedule.timing()) {
            case Cron cron -> cron.toString();
            case Every every -> "every " + interval(every.interval().toMillis());
        };
    }

    private static String interval(long millis) {
        boolean whole = millis < 60_000 && millis % 1_000 == 0;
        return whole ? millis / 1_000 + " s" : Text.duration(millis);
    }

    /** To the second; nothing for null. */
    static String time(Schedule schedule, @Nullable Instant time) {
        return time == null ? "" : TIME.format(time.atZone(zone(schedule)));
    }

    /** With the day of the week, and the offset, which shows when clocks change. */
    static String longTime(Schedule schedule, Instant time) {
        return WITH_OFFSET.format(time.atZone(zone(schedule)));
    }

    private static ZoneId zone(Schedule schedule) {
        return schedule.timing() instanceof Cron cron ? cron.zone() : ZoneId.systemDefault();
    }

    /** What somebody should know; mostly nothing. */
    static String remark(ScheduleInfo info) {
        if (info.trouble() != null) return info.trouble();
        String waiting = info.triggers() == 0 ? "" : Text.count(info.triggers(), "trigger") + " waiting";
        if (info.heldBy() == null) return waiting;
        return "by " + info.heldBy() + (waiting.isEmpty() ? "" : "; " + waiting);
    }
}
