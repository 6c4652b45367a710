package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Claims due tasks in batches: the attempt is counted, the lease starts, and the run's history says so, in one
 * transaction before anything runs.
 */
public final class Claimer {

    private final Store store;
    private final Clock clock;
    private final int worker;
    private final List<Integer> definitions;
    private final WorkerSettings settings;

    public Claimer(Store store, Clock clock, int worker, Set<Integer> definitions, WorkerSettings settings) {
        this.store = store;
        this.clock = clock;
        this.worker = worker;
        this.definitions = List.copyOf(definitions);
        this.settings = settings;
    }

    /**
     * Claims at most so many tasks.
     *
     * @throws StoreException.OutcomeUnknown if it is not known what was claimed; see {@link #recover}
     */
    public List<Tx.Claim> claim(int limit) {
        return store.write(tx -> {
            long now = clock.now();
            var request = new Tx.ClaimRequest(
                    worker,
                    definitions,
                    settings.queues(),
                    limit,
                    now,
                    now + settings.lease().toMillis());
            var claims = tx.claim(request);
            record(tx, now, claims);
            return claims;
        });
    }

    private static void record(Tx tx, long now, List<Tx.Claim> claims) {
        if (claims.isEmpty()) return;
        var ledgers = new LinkedHashMap<RunId, Ledger>();
        for (Tx.Claim claim : claims) {
            ledgers.computeIfAbsent(claim.run().id(), id -> Ledger.of(tx, now, claim.run()))
                    .claimed(claim.task(), claim.lostBy());
        }
        var updates = new ArrayList<Tx.RunUpdate>();
        var events = new ArrayList<Tx.NewEvents>();
        for (Ledger ledger : ledgers.values()) {
            if (!ledger.changed()) continue;
            updates.add(ledger.asUpdate());
            events.add(ledger.asEvents());
        }
        if (events.isEmpty()) return;
        tx.update(updates);
        tx.append(events);
    }

    /** What this worker holds in the database without knowing it, because the reply to a claim was lost. */
    public List<Tx.Claim> recover(Predicate<Tx.Claim> known) {
        return store.write(
                tx -> tx.claimedBy(worker).stream().filter(known.negate()).toList());
    }
}
