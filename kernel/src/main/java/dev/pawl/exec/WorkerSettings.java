package dev.pawl.exec;

import java.time.Duration;
import java.util.List;

/**
 * How a worker works.
 *
 * @param slots how many tasks run here at once; 0 for a client that only submits and asks
 * @param queues the queues it serves
 * @param lease how long a claim holds without a sign of life: a crashed worker's tasks go elsewhere after this time
 * @param poll how often it looks for work when no bell rings
 * @param grace how long it lets running tasks finish when it is told to stop
 */
public record WorkerSettings(int slots, List<String> queues, Duration lease, Duration poll, Duration grace) {

    /** 64 slots on the default queue, leases of 6 s, a look every second, 10 s of grace. */
    public static final WorkerSettings DEFAULT = new WorkerSettings(
            64, List.of("default"), Duration.ofSeconds(6), Duration.ofSeconds(1), Duration.ofSeconds(10));

    /** No worker at all. */
    public static final WorkerSettings NONE = DEFAULT.slots(0);

    public WorkerSettings {
        if (slots < 0) throw new IllegalArgumentException("A worker cannot have " + slots + " slots.");
        if (lease.toMillis() < 100) {
            throw new IllegalArgumentException("A lease of " + lease + " is too short; the least is 100 ms.");
        }
        queues = List.copyOf(queues);
    }

    public WorkerSettings slots(int count) {
        return new WorkerSettings(count, queues, lease, poll, grace);
    }

    public WorkerSettings queues(List<String> names) {
        return new WorkerSettings(slots, names, lease, poll, grace);
    }

    public WorkerSettings lease(Duration time) {
        return new WorkerSettings(slots, queues, time, poll, grace);
    }

    public WorkerSettings poll(Duration time) {
        return new WorkerSettings(slots, queues, lease, time, grace);
    }

    public WorkerSettings grace(Duration time) {
        return new WorkerSettings(slots, queues, lease, poll, time);
    }
}
