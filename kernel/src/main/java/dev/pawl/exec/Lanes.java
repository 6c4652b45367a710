package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.spi.StoreException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Group commit. Each lane is a thread that takes what has gathered, from each run in turn, and writes it in one transaction. A run always
 * uses the same lane, so two lanes of a process never want the same run. Under no load a batch is one entry and goes at
 * once.
 */
final class Lanes implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Lanes.class);

    /** Enough to make the commit cheap. */
    private static final int BATCH = 256;

    /** Of one run in a batch while there are others: few enough that nobody waits long beside a wide map. */
    private static final int SHARE = 8;

    private static final int WAITING = 8 * BATCH;
    private static final long FIRST_BACK_OFF_MILLIS = 20;
    private static final long LONGEST_BACK_OFF_MILLIS = 2_000;

    private final Writer writer;
    private final List<Lane> lanes = new ArrayList<>();

    Lanes(Writer writer, int count) {
        this.writer = writer;
        for (int i = 0; i < count; i++) lanes.add(new Lane("pawl-commit-" + i));
    }

    /** Hands an entry to its run's lane; waits while the lane is full. */
    void add(Entry entry) {
        lane(entry.run()).add(entry);
    }

    private Lane lane(RunId run) {
        long mixed = run.low() ^ (run.low() >>> 32);
        return lanes.get((int) Math.floorMod(mixed, (long) lanes.size()));
    }

    /** Writes what is waiting, then stops. */
    @Override
    public void close() {
        lanes.forEach(Lane::stop);
        lanes.forEach(Lane::join);
    }

    private final class Lane implements Runnable {
        private final FairQueue waiting = new FairQueue(WAITING);
        private final Thread thread;
        private volatile boolean stopping;

        Lane(String name) {
            thread = Thread.ofPlatform().daemon().name(name).start(this);
        }

        void add(Entry entry) {
            try {
                waiting.add(entry);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(
                        "Interrupted while waiting to write; nothing was written.", interrupted);
            }
        }

        void stop() {
            stopping = true;
            waiting.close();
        }

        void join() {
            try {
                thread.join();
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void run() {
            List<Entry> batch = List.of();
            while (true) {
                try {
                    batch = waiting.take(BATCH, SHARE);
                    if (batch.isEmpty()) return;
                    write(batch);
                } catch (InterruptedException never) {
                    log.error("A commit lane was interrupted; nobody should", never);
                } catch (Throwable bug) {
                    log.error("Pawl bug: a commit failed", bug);
                    batch.forEach(entry -> entry.done().completeExceptionally(bug));
                }
            }
        }

        /** Endings are written however long it takes; people who wait for an answer get one. */
        private void write(List<Entry> batch) throws InterruptedException {
            var doubt = new Writer.Doubt();
            long backOff = FIRST_BACK_OFF_MILLIS;
            while (!batch.isEmpty()) {
                try {
                    writer.write(batch, doubt);
                    return;
                } catch (StoreException.OutcomeUnknown unknown) {
                    log.warn("The reply to a commit was lost; looking up what became of it. {}", unknown.getMessage());
                } catch (StoreException unavailable) {
                    log.warn("Cannot write now; trying again. {}", unavailable.getMessage());
                    if (!doubt.any()) answerWaitingPeople(batch, unavailable);
                }
                if (stopping && backOff >= LONGEST_BACK_OFF_MILLIS) {
                    var closed = new IllegalStateException("Closed while the database could not be reached.");
                    batch.forEach(entry -> entry.done().completeExceptionally(closed));
                    return;
                }
                TimeUnit.MILLISECONDS.sleep(backOff);
                backOff = Math.min(2 * backOff, LONGEST_BACK_OFF_MILLIS);
            }
        }

        private static void answerWaitingPeople(List<Entry> batch, StoreException why) {
            batch.removeIf(entry -> !(entry instanceof Entry.Ending || entry instanceof Entry.Addition)
                    && entry.done().completeExceptionally(why));
        }
    }
}
