package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps what runs here alive, and stops what should not go on. Called now and then, by one thread at a time. */
final class LeaseKeeper {

    private static final Logger log = LoggerFactory.getLogger(LeaseKeeper.class);

    private final Store store;
    private final Clock clock;
    private final Duration lease;
    private final Map<TaskKey, Leased> running;
    private final Entry.Committer committer;

    /** @param running what runs here, as it changes */
    LeaseKeeper(Store store, Clock clock, Duration lease, Map<TaskKey, Leased> running, Entry.Committer committer) {
        this.store = store;
        this.clock = clock;
        this.lease = lease;
        this.running = running;
        this.committer = committer;
    }

    /** Extends the leases that are a fifth through, in one batch; stops what has lost its lease or is to be held. */
    void keep() {
        long whole = lease.toNanos();
        long now = System.nanoTime();
        var due = running.values().stream()
                .filter(leased -> leased.untilNanos() - now < whole - whole / 5 && leased.counts())
                .toList();
        if (due.isEmpty()) return;
        try {
            var extended = store.write(tx -> {
                long time = clock.now();
                var leases = due.stream()
                        .map(leased -> new Tx.Extension(leased.lease(), time - leased.silentNanos() / 1_000_000))
                        .toList();
                return tx.extend(leases, time + lease.toMillis());
            });
            for (int i = 0; i < extended.size(); i++) {
                var leased = due.get(i);
                switch (extended.get(i)) {
                    case KEPT -> leased.extendedUntil(now + whole);
                    case HELD -> {
                        leased.extendedUntil(now + whole);
                        leased.hold();
                    }
                    case LOST -> {
                        if (isRunning(leased)) leased.interrupt(Leased.Stop.LOST);
                    }
                }
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
        for (RunId run : late) committer.commit(new Entry.Expiry(run, new CompletableFuture<>()));
    }
}
