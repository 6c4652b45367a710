package dev.pawl.core;

/**
 * A worker as the database knows it, for people; leases do not depend on it.
 *
 * @param host where it runs: host name and process number
 * @param queues the queues it serves
 * @param definitions the numbers of the definitions it has code for
 * @param seenAt its last sign of life in epoch milliseconds
 * @param stopped whether it said goodbye
 */
public record WorkerInfo(
        int id,
        String host,
        java.util.List<String> queues,
        java.util.List<Integer> definitions,
        int slots,
        long startedAt,
        long seenAt,
        boolean stopped) {

    /** Signs of life come every 5 s; a worker that missed several is not counted on any more. */
    private static final long SILENT_MILLIS = 20_000;

    /** Whether it is there at this time, as far as the database knows. */
    public boolean aliveAt(long now) {
        return !stopped && now - seenAt < SILENT_MILLIS;
    }

    /** Whether it would take a task of this definition in this queue. */
    public boolean serves(String queue, int definition) {
        return queues.contains(queue) && definitions.contains(definition);
    }
}
