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
        boolean stopped) {}
