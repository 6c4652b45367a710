package dev.pawl.schedule;

/** Something that was asked of schedules and cannot be done. Nothing was changed. */
public final class ScheduleRefused extends RuntimeException {

    private final Why why;

    /** Why, for programs. */
    public enum Why {
        /** There is no schedule of this name. */
        NO_SUCH_SCHEDULE,
        /** There is one of this name already. */
        NAME_TAKEN
    }

    private ScheduleRefused(Why why, String message) {
        super(message);
        this.why = why;
    }

    static ScheduleRefused noSuchSchedule(String name) {
        return new ScheduleRefused(
                Why.NO_SUCH_SCHEDULE,
                "There is no schedule \"%s\" in this database. \"pawl schedule list\" shows those there are."
                        .formatted(name));
    }

    static ScheduleRefused nameTaken(String name) {
        return new ScheduleRefused(
                Why.NAME_TAKEN,
                "There is a schedule \"%s\" already. Change it with edit (pawl schedule edit %s), or remove it first."
                        .formatted(name, name));
    }

    /** Why, for programs. */
    public Why why() {
        return why;
    }
}
