package dev.pawl.schedule;

import java.time.Instant;

/**
 * Somebody wants the schedule to fire now. It fires also while paused, and is subject to the overlap policy like any
 * other fire.
 *
 * @param id tells it from other triggers of this schedule
 * @param at when it was asked for
 */
public record Trigger(String id, Instant at) {}
