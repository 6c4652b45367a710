package dev.pawl.schedule;

import java.time.Instant;

/**
 * One time that a schedule fires.
 *
 * @param key its identity, {@code nightly@2026-03-29T01:00:00Z}: under it at most one run is ever started, so that a turn
 *     that is repeated starts nothing twice
 * @param planned when it was to happen, before jitter; for a triggered one, when it was asked for
 */
public record Fire(String key, Instant planned) {

    static Fire planned(String schedule, Instant planned) {
        return new Fire(schedule + "@" + planned, planned);
    }

    static Fire triggered(String schedule, Trigger trigger) {
        return new Fire(schedule + "@" + trigger.at() + "#" + trigger.id(), trigger.at());
    }
}
