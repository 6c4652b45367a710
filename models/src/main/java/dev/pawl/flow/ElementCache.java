package dev.pawl.flow;

import dev.pawl.core.RunId;
import dev.pawl.json.Elements;
import java.util.LinkedHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/**
 * The lists that maps of this process are fanning out over. Each task of a map finds its element itself, so without
 * this a map over n elements would read the whole list n times. Outputs never change, so nothing here goes stale; what
 * was not used for longest goes first. Thread-safe: tasks that want the same list wait for one of them to find it.
 */
final class ElementCache {

    /** @param where the step, and the pointer into its output; empty for the run's input */
    record Key(RunId run, String where) {}

    private final long limit;
    private final ReentrantLock lock = new ReentrantLock();
    private final LinkedHashMap<Key, Entry> entries = new LinkedHashMap<>(16, 0.75f, true);
    private long bytes;

    /** @param limit in bytes; a single list may be larger, and is then the only one */
    ElementCache(long limit) {
        this.limit = limit;
    }

    private static final class Entry extends FutureTask<Elements> {
        private long bytes;

        Entry(Supplier<Elements> find) {
            super(find::get);
        }
    }

    /** The list, found if it is not here. What finding it throws is thrown to everybody who waits, and not kept. */
    Elements get(Key key, Supplier<Elements> find) {
        Entry entry;
        lock.lock();
        try {
            entry = entries.computeIfAbsent(key, absent -> new Entry(find));
        } finally {
            lock.unlock();
        }
        entry.run(); // does nothing if another task is at it or was
        try {
            var elements = entry.get();
            if (entry.bytes == 0) account(key, entry, elements.bytes());
            return elements;
        } catch (ExecutionException e) {
            remove(key, entry);
            if (e.getCause() instanceof RuntimeException cause) throw cause;
            throw new IllegalStateException(e.getCause());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while another task was finding the list.", e);
        }
    }

    private void account(Key key, Entry entry, long size) {
        lock.lock();
        try {
            if (entry.bytes > 0 || entries.get(key) != entry) return;
            entry.bytes = size;
            bytes += size;
            for (var eldest = entries.entrySet().iterator(); bytes > limit && entries.size() > 1; ) {
                var candidate = eldest.next().getValue();
                if (candidate == entry) continue;
                bytes -= candidate.bytes;
                eldest.remove();
            }
        } finally {
            lock.unlock();
        }
    }

    private void remove(Key key, Entry entry) {
        lock.lock();
        try {
            entries.remove(key, entry);
        } finally {
            lock.unlock();
        }
    }
}
