package dev.pawl.examples;

import dev.pawl.engine.Pawl;
import dev.pawl.job.Job;
import dev.pawl.schedule.CatchUp;
import dev.pawl.schedule.Overlap;
import dev.pawl.schedule.Schedule;
import dev.pawl.schedule.ScheduleInfo;
import dev.pawl.schedule.Schedules;
import java.time.Duration;
import java.time.ZoneId;

/** A schedule: every night a shop is closed, once, also when no machine was up at that time. */
public final class Nightly {

    /** What is done each night. */
    public static final Job<String, String> JOB =
            Job.define("close-of-day", String.class, String.class, (job, shop) -> {
                int cents = job.call("count", Integer.class, () -> Till.of(shop));
                return job.call("report", String.class, () -> shop + " took " + cents + " cents");
            });

    private Nightly() {}

    /** Adds the schedule, unless it was added before. */
    public static ScheduleInfo begin(Pawl pawl) {
        var schedules = Schedules.of(pawl).by("ops");
        if (schedules.find("nightly").isEmpty()) {
            schedules.add(Schedule.cron("nightly", "30 2 * * *", ZoneId.of("Europe/Berlin"))
                    .starts(JOB, "Corner Shop")
                    .overlap(Overlap.QUEUE_ONE)
                    .catchUp(CatchUp.all(7)) // after a week without power each night is closed
                    .jitter(Duration.ofMinutes(5)));
        }
        return schedules.get("nightly");
    }

    /** Stands for what is in the till. */
    static final class Till {
        private Till() {}

        static int of(String shop) {
            return shop.length() * 1_000;
        }
    }
}
