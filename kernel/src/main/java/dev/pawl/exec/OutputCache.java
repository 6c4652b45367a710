package dev.pawl.exec;

import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Inputs and outputs that passed through this process lately, so that the next task of a run finds what it needs without
 * asking the database. Bounded by characters; the least recently used go first. Thread-safe.
 */
public final class OutputCache {

    private static final int ENTRY_COST = 100;

    private final long limit;
    private long size;
    private final LinkedHashMap<Key, Json> entries = new LinkedHashMap<>(64, 0.75f, true);

    private record Key(RunId run, String name, int index) {}

    /** @param limit how many characters are kept at most */
    public OutputCache(long limit) {
        this.limit = limit;
    }

    /** @param name a task's name, or empty for the run's input */
    synchronized @Nullable Json get(RunId run, String name, int index) {
        return entries.get(new Key(run, name, index));
    }

    /** Keeps the output of a task that has succeeded, unless that is far away; only what is committed may be kept. */
    public void keep(TaskKey task, Payload output) {
        if (!output.isArtifact()) put(task.run(), task.name(), task.index(), new Json(output.stored()));
    }

    synchronized void put(RunId run, String name, int index, Json value) {
        if (value.text().length() > limit / 4) return;
        var before = entries.put(new Key(run, name, index), value);
        size += cost(value) - (before == null ? 0 : cost(before));
        var oldest = entries.entrySet().iterator();
        while (size > limit && oldest.hasNext()) {
            Map.Entry<Key, Json> entry = oldest.next();
            size -= cost(entry.getValue());
            oldest.remove();
        }
    }

    private static long cost(Json value) {
        return value.text().length() + (long) ENTRY_COST;
    }
}
