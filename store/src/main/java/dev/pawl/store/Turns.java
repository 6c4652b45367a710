package dev.pawl.store;

import dev.pawl.core.RunId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where this process goes on: which key of a queue was served last, and how far old runs were looked through. Only hints;
 * each process has its own, and losing them loses nothing.
 */
final class Turns {

    private static final RunId FIRST = new RunId(0, 0);

    private final Map<String, String> servedLast = new ConcurrentHashMap<>();
    private volatile RunId prunedUpTo = FIRST;

    /** The key of a queue that was served last; the empty key if none was. */
    String servedLast(String queue) {
        return servedLast.getOrDefault(queue, "");
    }

    void served(String queue, String key) {
        servedLast.put(queue, key);
    }

    /** From which run on there may be something to prune. */
    RunId prunedUpTo() {
        return prunedUpTo;
    }

    void prunedUpTo(RunId run) {
        prunedUpTo = run;
    }

    /** The next prune looks from the oldest run on: there may be some that have ended since. */
    void pruneFromTheOldest() {
        prunedUpTo = FIRST;
    }
}
