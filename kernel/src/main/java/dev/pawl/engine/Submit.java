package dev.pawl.engine;

import dev.pawl.core.Priority;
import java.time.Duration;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
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
 * @param labels what people and policies want to know about the run, by name
 */
public record Submit(
        @Nullable String key,
        @Nullable String queue,
        Priority priority,
        String tenant,
        @Nullable Duration deadline,
        @Nullable String slot,
        Duration delay,
        String actor,
        Map<String, String> labels) {

    public Submit {
        labels = Collections.unmodifiableMap(new TreeMap<>(labels));
    }

    /** Nothing special. */
    public static final Submit NOW =
            new Submit(null, null, Priority.NORMAL, "", null, null, Duration.ZERO, "", Map.of());

    /** The same key gives the same run for ever, also when two processes submit at once. */
    public static Submit once(String key) {
        return new Submit(key, null, Priority.NORMAL, "", null, null, Duration.ZERO, "", Map.of());
    }

    /** In another queue than the program's. */
    public Submit in(String otherQueue) {
        return new Submit(key, otherQueue, priority, tenant, deadline, slot, delay, actor, labels);
    }

    /** Before or after others in its queue. */
    public Submit priority(Priority level) {
        return new Submit(key, queue, level, tenant, deadline, slot, delay, actor, labels);
    }

    /** On behalf of somebody: a queue may limit and share its slots by this. */
    public Submit on(String behalfOf) {
        return new Submit(key, queue, priority, behalfOf, deadline, slot, delay, actor, labels);
    }

    /** Fails the run if it has not ended after this time. */
    public Submit within(Duration time) {
        return new Submit(key, queue, priority, tenant, time, slot, delay, actor, labels);
    }

    /** In a slot: refused while another open run has it. */
    public Submit slot(String wanted) {
        return new Submit(key, queue, priority, tenant, deadline, wanted, delay, actor, labels);
    }

    /** Begins after this time; the deadline counts from now all the same. */
    public Submit after(Duration time) {
        return new Submit(key, queue, priority, tenant, deadline, slot, time, actor, labels);
    }

    /** Who submits. */
    public Submit by(String who) {
        return new Submit(key, queue, priority, tenant, deadline, slot, delay, who, labels);
    }

    /** With a label, for people and policies. */
    public Submit label(String name, String value) {
        var more = new TreeMap<>(labels);
        more.put(name, value);
        return new Submit(key, queue, priority, tenant, deadline, slot, delay, actor, more);
    }
}
