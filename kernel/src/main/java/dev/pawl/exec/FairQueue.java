package dev.pawl.exec;

import dev.pawl.core.RunId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * What waits to be written, a line for each run, served in turn: a short run does not wait behind all that a wide map
 * has to write. Bounded: who adds to a full queue waits. Thread-safe, for one taker.
 */
final class FairQueue {

    /** After so many batches of one and the same run it counts as alone. */
    private static final int ALONE_AFTER = 16;

    private final int capacity;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition arrived = lock.newCondition();
    private final Condition room = lock.newCondition();
    private final LinkedHashMap<RunId, ArrayDeque<Entry>> lines = new LinkedHashMap<>();
    private int size;
    private int batchesOfOneRun;
    private boolean closed;

    FairQueue(int capacity) {
        this.capacity = capacity;
    }

    /**
     * Adds an entry, and waits for room if there is none.
     *
     * @throws IllegalStateException if the queue is closed; the entry was not added
     */
    void add(Entry entry) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (size >= capacity && !closed) room.await();
            if (closed) throw new IllegalStateException("This Pawl is closed.");
            lines.computeIfAbsent(entry.run(), run -> new ArrayDeque<>(4)).add(entry);
            size++;
            arrived.signal();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Waits for entries and takes some, those of each run in their order.
     *
     * @param most how many at most
     * @param share how many of one run at most, unless no other run came along for a while
     * @return empty only if the queue is closed and nothing is left
     */
    List<Entry> take(int most, int share) throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (size == 0 && !closed) arrived.await();
            batchesOfOneRun = lines.size() > 1 ? 0 : batchesOfOneRun + 1;
            int each = batchesOfOneRun > ALONE_AFTER ? most : share;
            var taken = new ArrayList<Entry>(Math.min(most, size));
            var unserved = new LinkedHashMap<RunId, ArrayDeque<Entry>>();
            var all = lines.entrySet().iterator();
            while (taken.size() < most && all.hasNext()) {
                var line = all.next();
                all.remove();
                int left = Math.min(each, most - taken.size());
                while (left-- > 0 && !line.getValue().isEmpty()) {
                    taken.add(line.getValue().removeFirst());
                }
                if (!line.getValue().isEmpty()) unserved.put(line.getKey(), line.getValue());
            }
            lines.putAll(unserved); // behind those that were not reached
            size -= taken.size();
            room.signalAll();
            return taken;
        } finally {
            lock.unlock();
        }
    }

    /** Refuses more; what is there can still be taken. */
    void close() {
        lock.lock();
        try {
            closed = true;
            arrived.signal();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
