package dev.pawl.schedule;

import com.cronutils.model.definition.CronDefinition;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * The times that a cron expression describes in a time zone. Five fields (minute, hour, day of the month, month, day of
 * the week), six with seconds in front, or {@code @hourly}, {@code @daily}, {@code @weekly}, {@code @monthly},
 * {@code @yearly}. Days of the week are 0 to 7, Sunday twice, or SUN to SAT. If both day fields are restricted, a day
 * that fits either counts. For the end of a month there are {@code L}, {@code L-3}, {@code LW} and {@code FRIL}; for
 * the nearest working day {@code 15W}; for the second Friday {@code FRI#2}.
 *
 * <p><b>Daylight saving.</b> If the hour field has neither {@code *} nor a step, the expression names <em>times of
 * day</em>, and each comes exactly once a day: one that falls into the gap of spring fires at the first moment after it
 * (several of them fire once), and one that comes twice in autumn fires the first time. Otherwise ({@code 0 * * * *},
 * {@code *}{@code /15 * * * *}) it follows <em>elapsed time</em>: in autumn it fires in both of the hours that look the
 * same, and in spring the times of the gap are moved by its length, where they mostly are those that the expression
 * names anyway: so it fires after just as long as on any other day, and not twice.
 *
 * <p>The library only steps through local times, on a line without a zone: its own treatment of zones skips what falls
 * into a gap.
 */
public final class Cron implements Timing {

    private static final CronDefinition FIELDS = CronDefinitionBuilder.defineCron()
            .withSeconds()
            .withValidRange(0, 59)
            .and()
            .withMinutes()
            .withValidRange(0, 59)
            .and()
            .withHours()
            .withValidRange(0, 23)
            .and()
            .withDayOfMonth()
            .withValidRange(1, 31)
            .supportsL()
            .supportsW()
            .supportsLW()
            .and()
            .withMonth()
            .withValidRange(1, 12)
            .and()
            .withDayOfWeek()
            .withValidRange(0, 7)
            .withMondayDoWValue(1)
            .withIntMapping(7, 0)
            .supportsHash()
            .supportsL()
            .and()
            .instance();

    /** From where to look whether an expression describes any time at all; any date would do. */
    private static final LocalDateTime SOME_DATE = LocalDateTime.of(2000, 1, 1, 0, 0);

    private final String expression;
    private final ZoneId zone;
    private final ExecutionTime times;
    private final boolean followsElapsedTime;

    private Cron(String expression, ZoneId zone, CronText text) {
        this.expression = expression;
        this.zone = zone;
        this.times = ExecutionTime.forCron(new CronParser(FIELDS).parse(text.text()));
        this.followsElapsedTime = text.followsElapsedTime();
    }

    /** @param owner the beginning of the message: {@code Schedule "nightly" has the} */
    static Cron parse(String owner, String expression, ZoneId zone) {
        try {
            var cron = new Cron(expression.strip(), zone, CronText.read(expression));
            if (cron.step(SOME_DATE) == null) throw new IllegalArgumentException("there is no such date.");
            return cron;
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(owner + " cron expression \"" + expression + "\": " + e.getMessage(), e);
        }
    }

    /** As it was written. */
    public String expression() {
        return expression;
    }

    /** Whose clocks it is about. */
    public ZoneId zone() {
        return zone;
    }

    @Override
    public @Nullable Instant next(Instant after, Instant anchor) {
        return followsElapsedTime ? nextByElapsedTime(after) : nextByTimeOfDay(after);
    }

    /** Local times, in their order, become moments in the same order; some become the same one. */
    private @Nullable Instant nextByTimeOfDay(Instant after) {
        var local = step(LocalDateTime.ofInstant(after, zone));
        while (local != null) {
            var moment = moment(local);
            if (moment.isAfter(after)) return moment;
            local = step(local); // comes twice, and this is the second time
        }
        return null;
    }

    private Instant moment(LocalDateTime local) {
        var transition = zone.getRules().getTransition(local);
        if (transition == null) return local.atZone(zone).toInstant();
        return transition.isGap() ? transition.getInstant() : local.toInstant(transition.getOffsetBefore());
    }

    /** From one change of the offset to the next, since the order of local times says little across one. */
    private @Nullable Instant nextByElapsedTime(Instant after) {
        var rules = zone.getRules();
        var offset = rules.getOffset(after);
        var start = after;
        var before = after;
        while (true) {
            var found = earlier(step(before, offset), movedOutOfGap(start, before));
            var change = rules.nextTransition(start);
            if (found == null || change == null || found.isBefore(change.getInstant())) return found;
            start = change.getInstant();
            before = start.minusNanos(1); // the moment of the change itself may be one of the times
            offset = change.getOffsetAfter();
        }
    }

    /** The next of the times that do not exist: as if clocks changed only when the gap is over. */
    private @Nullable Instant movedOutOfGap(Instant start, Instant after) {
        var change = zone.getRules().previousTransition(start.plusNanos(1));
        if (change == null || !change.isGap()) return null;
        var end = change.getInstant().plus(change.getDuration());
        if (!after.isBefore(end)) return null;
        var found = step(after, change.getOffsetBefore());
        return found != null && found.isBefore(end) ? found : null;
    }

    private static @Nullable Instant earlier(@Nullable Instant one, @Nullable Instant other) {
        if (one == null || other == null) return one == null ? other : one;
        return one.isBefore(other) ? one : other;
    }

    private @Nullable Instant step(Instant after, ZoneOffset offset) {
        var local = step(LocalDateTime.ofInstant(after, offset));
        return local == null ? null : local.toInstant(offset);
    }

    /** The next local time; without fractions of seconds, which the library would carry along. */
    private @Nullable LocalDateTime step(LocalDateTime after) {
        var next = times.nextExecution(after.truncatedTo(ChronoUnit.SECONDS).atZone(ZoneOffset.UTC));
        return next.isPresent() ? next.get().toLocalDateTime() : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Cron cron && cron.expression.equals(expression) && cron.zone.equals(zone);
    }

    @Override
    public int hashCode() {
        return 31 * expression.hashCode() + zone.hashCode();
    }

    @Override
    public String toString() {
        return expression + " " + zone;
    }
}
