package dev.pawl.core;

/**
 * Where a run's tasks wait for a worker.
 *
 * @param queue the queue's name
 * @param priority which due tasks of a queue go first
 * @param key whose work it is, for queues that share their slots fairly between keys; empty for nobody's
 */
public record Placement(String queue, Priority priority, String key) {

    /** The queue of everything that says nothing else. */
    public static final String DEFAULT_QUEUE = "default";

    /** The default queue, normal priority, no key. */
    public static final Placement DEFAULT = new Placement(DEFAULT_QUEUE, Priority.NORMAL, "");

    /** The same with another priority. */
    public Placement with(Priority other) {
        return priority == other ? this : new Placement(queue, other, key);
    }

    /** The same in another queue. */
    public Placement in(String otherQueue) {
        return queue.equals(otherQueue) ? this : new Placement(otherQueue, priority, key);
    }
}
