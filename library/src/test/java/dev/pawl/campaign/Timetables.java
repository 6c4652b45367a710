package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/**
 * What schedules had to start, and what they started.
 *
 * @param plans the schedules
 * @param fires for each run that a schedule started, what it is labelled with: {@code tick-3@2027-01-15T08:00:07Z}
 */
record Timetables(List<Plan> plans, List<String> fires) {

    static final Timetables NONE = new Timetables(List.of(), List.of());

    /**
     * A schedule: at {@code from}, and then every so many milliseconds before {@code until}.
     *
     * @param from in epoch milliseconds, like {@code until}
     */
    record Plan(String name, long from, long until, long every) {

        List<String> fires() {
            var fires = new ArrayList<String>();
            for (long at = from; at < until; at += every) fires.add(name + "@" + Instant.ofEpochMilli(at));
            return fires;
        }
    }

    /** Each planned time is to start one run, and no other time any. */
    List<Anomaly> anomalies() {
        var anomalies = new ArrayList<Anomaly>();
        var counts = new HashMap<String, Integer>();
        fires.forEach(fire -> counts.merge(fire, 1, Integer::sum));
        var planned = new HashSet<String>();
        for (Plan plan : plans) {
            for (String fire : plan.fires()) {
                planned.add(fire);
                if (!counts.containsKey(fire)) {
                    anomalies.add(new Anomaly(Kind.FIRE_MISSED, "Nothing was started for %s.".formatted(fire)));
                }
            }
        }
        counts.forEach((fire, count) -> {
            if (!planned.contains(fire)) {
                anomalies.add(new Anomaly(Kind.FIRE_UNPLANNED, "Something was started for %s.".formatted(fire)));
            } else if (count > 1) {
                anomalies.add(new Anomaly(Kind.FIRE_TWICE, "%d runs were started for %s.".formatted(count, fire)));
            }
        });
        return anomalies;
    }
}
