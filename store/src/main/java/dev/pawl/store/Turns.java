package dev.pawl.store;

import dev.pawl.core.RunId;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where this process goes on: which key of a queue was served last, and how far runs were looked through. Only hints;
 * each process has its own, and losing them loses nothing.
 */
final class Turns {

    private static final RunId FIRST = new RunId(0, 0);

    /** How long after the time it is due from a task may be committed and still be found at once. */
    private static final long LATE_COMMIT_MILLIS = 2_000;

    /** What is due from an earlier time than that, such as a task of a run that was resumed elsewhere, waits so long. */
    private static final long FULL_LOOK_MILLIS = 1_000;

    private final Map<Claims.Source, Long> dueFrom = new ConcurrentHashMap<>();
    private volatile long lookedFullyAt = Long.MIN_VALUE;
    private final Map<String, String> servedLast = new ConcurrentHashMap<>();
    private volatile RunId prunedUpTo = FIRST;
    private volatile String trimmedUpTo = "";

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

    /** Behind which slot the next run that goes on for ever is trimmed. */
    String trimmedUpTo() {
        return trimmedUpTo;
    }

    void trimmedUpTo(String slot) {
        trimmedUpTo = slot;
    }

    /** The next trim begins with the first slot. */
    void trimFromTheFirst() {
        trimmedUpTo = "";
    }

    /** Whether this claim looks from the beginning of the index, as one does every now and then. */
    boolean looksFully(long now) {
        long last = lookedFullyAt;
        if (now >= last && last != Long.MIN_VALUE && now - last < FULL_LOOK_MILLIS) return false;
        lookedFullyAt = now;
        return true;
    }

    /** The next claim looks from the beginning. */
    void lookFully() {
        lookedFullyAt = Long.MIN_VALUE;
    }

    /** From which time on this process looks for due tasks: those that were due before it are claimed or gone. */
    long dueFrom(Claims.Source source) {
        return dueFrom.getOrDefault(source, 0L);
    }

    /** The first due task was found at this time. */
    void foundFrom(Claims.Source source, long first, long now, boolean fully) {
        long from = Math.min(first, now - LATE_COMMIT_MILLIS);
        dueFrom.merge(source, from, (before, after) -> fully ? after : Math.max(before, after));
    }
}
