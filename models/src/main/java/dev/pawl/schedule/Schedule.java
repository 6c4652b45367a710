package dev.pawl.schedule;

import dev.pawl.core.Json;
import dev.pawl.spi.TypedProgram;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What is started when: {@code Schedule.cron("nightly", "0 2 * * *", ZoneId.of("Europe/Berlin")).starts("flow:report",
 * input)}. The policies for overlap and catch-up are those of schedules in Temporal. Immutable.
 *
 * @param name its identity in the database
 * @param timing the planned times
 * @param overlap what happens while an earlier run is still open
 * @param catchUp what becomes of fires that were missed
 * @param jitter each fire is delayed by up to this, so that many schedules do not fire at once: always the same for the same
 *     name and planned time, and never as far as the next planned time. Zero for none
 * @param from planned times before this do not count; intervals are aligned on it. Null to begin at once
 * @param until planned times from here on do not count. Null to go on for ever
 * @param program the name of the program to start: {@code flow:report}. Null as long as nobody has said
 * @param input what each run is given
 */
public record Schedule(
        String name,
        Timing timing,
        Overlap overlap,
        CatchUp catchUp,
        Duration jitter,
        @Nullable Instant from,
        @Nullable Instant until,
        @Nullable String program,
        Json input) {

    private static final int LONGEST_NAME = 128;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_][a-zA-Z0-9_-]*");

    public Schedule {
        requireName(name);
        if (jitter.isNegative()) throw wrong(name, "a jitter of " + jitter + "; it must not be negative.");
        if (from != null && until != null && !from.isBefore(until)) {
            throw wrong(name, "no time to fire: it ends at " + until + ", and begins only at " + from + ".");
        }
    }

    /**
     * A schedule by a cron expression; {@link Cron} says what that may be, and what daylight saving does to it.
     *
     * @throws IllegalArgumentException if it cannot work; the message says why
     */
    public static Schedule cron(String name, String expression, ZoneId zone) {
        return of(name, Cron.parse("Schedule \"" + name + "\" has the", expression, zone));
    }

    /**
     * A schedule that fires every so often, at least 1 second; for the first time one interval after it was created, or at
     * its {@link #from}.
     *
     * @throws IllegalArgumentException if it cannot work; the message says why
     */
    public static Schedule every(String name, Duration interval) {
        Every.require("Schedule \"" + name + "\" has the", interval);
        return of(name, new Every(interval));
    }

    private static Schedule of(String name, Timing timing) {
        return new Schedule(name, timing, Overlap.SKIP, CatchUp.latest(), Duration.ZERO, null, null, null, Json.NULL);
    }

    private static void requireName(String name) {
        String problem = "There is a schedule named \"" + name + "\"; ";
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    problem + "a name is a letter or underscore, then letters, digits, underscores and dashes.");
        }
        if (name.length() > LONGEST_NAME) {
            throw new IllegalArgumentException(problem + "a name has at most 128 characters.");
        }
    }

    static IllegalArgumentException wrong(String name, String what) {
        return new IllegalArgumentException("Schedule \"" + name + "\" has " + what);
    }

    /** The same, starting this program with this input. */
    public Schedule starts(String program, Json input) {
        return new Schedule(name, timing, overlap, catchUp, jitter, from, until, program, input);
    }

    /**
     * The same, starting this program with this input.
     *
     * @throws dev.pawl.core.Failure.Logic if the input cannot be written as JSON
     */
    public <I> Schedule starts(TypedProgram<I, ?> program, I input) {
        return starts(program.name(), program.encode(input));
    }

    /** The same with these planned times. */
    public Schedule timing(Timing times) {
        return new Schedule(name, times, overlap, catchUp, jitter, from, until, program, input);
    }

    /** The same with this policy for when an earlier run is still open. */
    public Schedule overlap(Overlap policy) {
        return new Schedule(name, timing, policy, catchUp, jitter, from, until, program, input);
    }

    /** The same with this policy for fires that were missed. */
    public Schedule catchUp(CatchUp policy) {
        return new Schedule(name, timing, overlap, policy, jitter, from, until, program, input);
    }

    /** The same with fires delayed by up to this. */
    public Schedule jitter(Duration most) {
        return new Schedule(name, timing, overlap, catchUp, most, from, until, program, input);
    }

    /** The same with no planned time before this; null for no such limit. */
    public Schedule from(@Nullable Instant first) {
        return new Schedule(name, timing, overlap, catchUp, jitter, first, until, program, input);
    }

    /** The same with no planned time from here on; null for no such limit. */
    public Schedule until(@Nullable Instant end) {
        return new Schedule(name, timing, overlap, catchUp, jitter, from, end, program, input);
    }

    /** Its planned times, for a schedule that was created then. */
    public Timetable timetable(Instant createdAt) {
        return new Timetable(this, createdAt);
    }

    /** As JSON, easy to read: {@code {"name":"nightly","cron":"0 2 * * *","zone":"Europe/Berlin", …}}. */
    public Json toJson() {
        return ScheduleText.write(this);
    }

    /**
     * The schedule as {@link #toJson} or a person wrote it; what is absent is as the factories have it.
     *
     * @throws dev.pawl.core.Failure.Logic if it does not fit
     * @throws IllegalArgumentException if it cannot work; the message says why
     */
    public static Schedule read(Json json) {
        return ScheduleText.read(json);
    }
}
