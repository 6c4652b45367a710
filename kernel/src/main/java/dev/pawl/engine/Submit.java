package dev.pawl.engine;

import dev.pawl.core.Priority;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How a run is submitted.
 *
 * @param key makes it the only run of its program with this key, for ever; null for no such promise
 * @param queue another queue than the program's; null for the program's
 * @param tenant whose work it is, for queues whose slots are shared fairly between tenants; empty for nobody's
 * @param deadline the run fails if it has not ended after this time; null for no deadline
 * @param slot at most one open run has it, of whatever program; null for none
 * @param delay how long it waits before it begins
 * @param actor who submits, for the history
 */
public record Submit(
        @Nullable String key,
        @Nullable String queue,
        Priority priority,
        String tenant,
        @Nullable Duration deadline,
        @Nullable String slot,
        Duration delay,
        String actor) {

    /** Nothing special. */
    public static final Submit NOW = new Submit(null, null, Priority.NORMAL, "", null, null, Duration.ZERO, "");

    /** The same key gives the same run for ever, also when two processes submit at once. */
    public static Submit once(String key) {
        return new Submit(key, null, Priority.NORMAL, "", null, null, Duration.ZERO, "");
    }

    /** In another queue than the program's. */
    public Submit in(String otherQueue) {
        return new Submit(key, otherQueue, priority, tenant, deadline, slot, delay, actor);
    }

    /** Before or after others in its queue. */
    public Submit priority(Priority level) {
        return new Submit(key, queue, level, tenant, deadline, slot, delay, actor);
    }

    /** On behalf of somebody: a queue may limit and share its slots by this. */
    public Submit on(String behalfOf) {
        return new Submit(key, queue, priority, behalfOf, deadline, slot, delay, actor);
    }

    /** Fails the run if it has not ended after this time. */
    public Submit within(Duration time) {
        return new Submit(key, queue, priority, tenant, time, slot, delay, actor);
    }

    /** In a slot: refused while another open run has it. */
    public Submit slot(String wanted) {
        return new Submit(key, queue, priority, tenant, deadline, wanted, delay, actor);
    }

    /** Begins after this time; the deadline counts from now all the same. */
    public Submit after(Duration time) {
        return new Submit(key, queue, priority, tenant, deadline, slot, time, actor);
    }

    /** Who submits. */
    public Submit by(String who) {
        return new Submit(key, queue, priority, tenant, deadline, slot, delay, who);
    }
}
