package dev.pawl.exec;

import dev.pawl.core.Placement;
import dev.pawl.spi.Program;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * How a worker works.
 *
 * @param slots how many tasks run here at once; 0 for a client that only submits and asks
 * @param queues the queues it serves; empty for the default queue and those of its programs
 * @param lease how long a claim holds without a sign of life: a crashed worker's tasks go elsewhere after this time
 * @param poll how often it looks for work when no bell rings
 * @param grace how long it lets running tasks finish when it is told to stop
 */
public record WorkerSettings(int slots, List<String> queues, Duration lease, Duration poll, Duration grace) {

    /** 64 slots on the queues of its programs, leases of 4 s, a look every second, half a second of grace. */
    public static final WorkerSettings DEFAULT =
            new WorkerSettings(64, List.of(), Duration.ofSeconds(4), Duration.ofSeconds(1), Duration.ofMillis(500));

    /** No worker at all. */
    public static final WorkerSettings NONE = DEFAULT.slots(0);

    public WorkerSettings {
        if (slots < 0) throw new IllegalArgumentException("A worker cannot have " + slots + " slots.");
        if (lease.toMillis() < 100) {
            throw new IllegalArgumentException("A lease of " + lease + " is too short; the least is 100 ms.");
        }
        queues = List.copyOf(queues);
    }

    /** The same with the queues named, where they are those of its programs. */
    public WorkerSettings serving(Collection<? extends Program> programs) {
        if (!queues.isEmpty()) return this;
        var names = new TreeSet<>(Set.of(Placement.DEFAULT_QUEUE));
        programs.forEach(program -> names.addAll(program.queues()));
        return queues(List.copyOf(names));
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
