package dev.pawl.campaign;

import dev.pawl.campaign.Anomaly.Kind;
import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * How much ran at once under each limit. An attempt counts from its beginning until it applied, gave up or was interrupted, until its worker
 * was dead, or until another attempt took its place, whatever is first.
 */
final class Overlaps {

    private record Interval(LedgerEntry begin, long end) {}

    private Overlaps() {}

    static List<Anomaly> in(History history) {
        var anomalies = new ArrayList<Anomaly>();
        var intervals = intervals(history.ledger());
        history.limits().forEach((queue, limit) -> {
            var worst = worst(intervals.getOrDefault(queue, List.of()));
            if (worst.size() <= limit) return;
            var which = worst.stream().map(LedgerEntry::attempted).toList();
            anomalies.add(new Anomaly(
                    Kind.LIMIT_EXCEEDED,
                    "%d ran at once in queue %s, whose limit is %d: %s.".formatted(worst.size(), queue, limit, which)));
        });
        return anomalies;
    }

    /** What ran when most ran. */
    private static List<LedgerEntry> worst(List<Interval> intervals) {
        var running = new PriorityQueue<Interval>((a, b) -> Long.compare(a.end(), b.end()));
        List<LedgerEntry> worst = List.of();
        for (Interval next : intervals) {
            while (!running.isEmpty() && running.peek().end() <= next.begin().seq()) running.poll();
            running.add(next);
            if (running.size() > worst.size()) {
                worst = running.stream().map(Interval::begin).toList();
            }
        }
        return worst;
    }

    /** By queue, in the order of their beginning. */
    private static Map<String, List<Interval>> intervals(List<LedgerEntry> ledger) {
        var ends = new HashMap<String, Long>();
        var begins = new HashMap<String, List<LedgerEntry>>();
        for (LedgerEntry entry : ledger) {
            switch (entry.what()) {
                case APPLY, FAIL, INTERRUPTED -> ends.putIfAbsent(effect(entry) + " " + entry.attempt(), entry.seq());
                case BEGIN ->
                    begins.computeIfAbsent(effect(entry), effect -> new ArrayList<>())
                            .add(entry);
                default -> {}
            }
        }
        var disturbances = new Disturbances(ledger);
        var intervals = new HashMap<String, List<Interval>>();
        for (LedgerEntry entry : ledger) {
            if (entry.what() != What.BEGIN || entry.limit().equals(LedgerEntry.NONE)) continue;
            long ended = ends.getOrDefault(effect(entry) + " " + entry.attempt(), Long.MAX_VALUE);
            long taken = begins.getOrDefault(effect(entry), List.of()).stream()
                    .filter(other -> other.attempt() > entry.attempt())
                    .mapToLong(LedgerEntry::seq)
                    .min()
                    .orElse(Long.MAX_VALUE);
            long end = Math.min(Math.min(taken, ended), disturbances.killed(entry.worker()));
            if (end < entry.seq()) continue; // its place was taken before it came to begin
            intervals.computeIfAbsent(entry.limit(), queue -> new ArrayList<>()).add(new Interval(entry, end));
        }
        return intervals;
    }

    private static String effect(LedgerEntry entry) {
        return entry.run() + " " + entry.effect();
    }
}
