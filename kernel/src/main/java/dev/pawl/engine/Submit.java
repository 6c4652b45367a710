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
 * @param actor who submits, for the history
 */
public record Submit(
        @Nullable String key,
        @Nullable String queue,
        Priority priority,
        String tenant,
        @Nullable Duration deadline,
        String actor) {

    /** Nothing special. */
    public static final Submit NOW = new Submit(null, null, Priority.NORMAL, "", null, "");

    /** The same key gives the same run for ever, also when two processes submit at once. */
    public static Submit once(String key) {
        return new Submit(key, null, Priority.NORMAL, "", null, "");
    }

    /** In another queue than the program's. */
    public Submit in(String otherQueue) {
        return new Submit(key, otherQueue, priority, tenant, deadline, actor);
    }

    /** Before or after others in its queue. */
    public Submit priority(Priority level) {
        return new Submit(key, queue, level, tenant, deadline, actor);
    }

    /** On behalf of somebody: a queue may limit and share its slots by this. */
    public Submit on(String behalfOf) {
        return new Submit(key, queue, priority, behalfOf, deadline, actor);
    }

    /** Fails the run if it has not ended after this time. */
    public Submit within(Duration time) {
        return new Submit(key, queue, priority, tenant, time, actor);
    }

    /** Who submits. */
    public Submit by(String who) {
        return new Submit(key, queue, priority, tenant, deadline, who);
    }
}
