package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what runs here alive, and stops what should not go on. Called now and then, by one thread at a time. */
final class LeaseKeeper {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Store store;
    private final Clock clock;
    private final Duration lease;
    private final Map<TaskKey, Leased> running;
    private final Consumer<Entry> committer;

    /** @param running what runs here, as it changes */
    LeaseKeeper(Store store, Clock clock, Duration lease, Map<TaskKey, Leased> running, Consumer<Entry> committer) {
        this.store = store;
        this.clock = clock;
        this.lease = lease;
        this.running = running;
        this.committer = committer;
    }

    /** Extends the leases that are a third through, in one batch; stops what has lost its lease. */
    void keep() {
        long whole = lease.toNanos();
        long now = System.nanoTime();
        var due = running.values().stream()
                .filter(leased -> leased.untilNanos() - now < whole - whole / 3 && leased.counts())
                .toList();
        if (due.isEmpty()) return;
        try {
            boolean[] extended = store.write(
                    tx -> tx.extend(due.stream().map(Leased::lease).toList(), clock.now() + lease.toMillis()));
            for (int i = 0; i < extended.length; i++) {
                if (extended[i]) due.get(i).extendedUntil(now + whole);
                else if (isRunning(due.get(i))) due.get(i).interrupt(Leased.Stop.LOST);
            }
        } catch (StoreException unavailable) {
            log.warn("Cannot extend leases now. {}", unavailable.getMessage());
        }
        for (Leased leased : due) {
            if (leased.isOver()) leased.interrupt(Leased.Stop.LOST);
        }
    }

    private boolean isRunning(Leased leased) {
        return leased.equals(running.get(leased.task().key()));
    }

    /** A deadline is a task too, and needs a free hand. What must stop may hold them all, so this looks after it. */
    void endLateRuns() {
        long now = clock.now();
        var late = new HashSet<RunId>();
        for (Leased leased : running.values()) {
            var deadline = leased.run().deadlineAt();
            if (deadline != null && deadline <= now && leased.counts() && !leased.ends()) {
                late.add(leased.run().id());
            }
        }
        for (RunId run : late) committer.accept(new Entry.Expiry(run, new CompletableFuture<>()));
    }
}
