package dev.pawl.exec;

import dev.pawl.core.RunId;
import dev.pawl.spi.Clock;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;

/**
 * Claims due tasks in batches: the attempt is counted, the lease starts, and the run's history says so, in one
 * transaction before anything runs. For one thread.
 */
public final class Claimer {

    /** A wait is worth a statement more when it has cost this part of a lease. */
    private static final int WORTH_MORE = 10;

    private final Store store;
    private final Clock clock;
    private final int worker;
    private final List<Integer> definitions;
    private final WorkerSettings settings;

    /** What a claim has claimed if it was committed, as long as that is not known. */
    private List<Tx.Claim> unanswered = List.of();

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
        try {
            var claims = store.write(tx -> {
                long now = clock.now();
                var request = new Tx.ClaimRequest(
                        worker,
                        definitions,
                        settings.queues(),
                        limit,
                        now,
                        now + settings.lease().toMillis());
                unanswered = fromNowOn(tx, now, tx.claim(request));
                record(tx, now, unanswered);
                return unanswered;
            });
            unanswered = List.of();
            return claims;
        } catch (StoreException.OutcomeUnknown unknown) {
            throw unknown;
        } catch (RuntimeException | Error failed) {
            unanswered = List.of();
            throw failed;
        }
    }

    /** A claim may have waited for others that held its locks, and its leases must not have run out when it has them. */
    private List<Tx.Claim> fromNowOn(Tx tx, long before, List<Tx.Claim> claims) {
        long now = clock.now();
        if (claims.isEmpty() || now - before < settings.lease().toMillis() / WORTH_MORE) return claims;
        long until = now + settings.lease().toMillis();
        tx.extend(
                claims.stream()
                        .map(claim -> new Tx.Extension(lease(claim), null))
                        .toList(),
                until);
        return claims.stream()
                .map(claim -> new Tx.Claim(claim.task().leased(until), claim.run(), claim.lostBy()))
                .toList();
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

    /**
     * What the claim before has claimed, if its reply was lost. Of what this worker holds in the database it is only that:
     * the rest runs here, or has ended here and its end is on the way.
     */
    public List<Tx.Claim> recover() {
        if (unanswered.isEmpty()) return List.of();
        var wanted = new HashSet<Tx.Lease>();
        unanswered.forEach(claim -> wanted.add(lease(claim)));
        var runs = new HashSet<RunId>();
        unanswered.forEach(claim -> runs.add(claim.run().id()));
        store.writes(tx -> tx.lock(runs)); // waits for the unanswered transaction, should it still be under way
        var claimed = store.write(tx -> tx.claimedBy(worker).stream()
                .filter(claim -> wanted.contains(lease(claim)))
                .toList());
        unanswered = List.of();
        return claimed;
    }

    private static Tx.Lease lease(Tx.Claim claim) {
        return new Tx.Lease(claim.task().key(), claim.task().attempt());
    }
}
