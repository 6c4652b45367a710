package dev.pawl.campaign;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What befell the workers and the server, and what that explains. */
final class Disturbances {

    /**
     * An attempt that begins so soon after its worker was continued may have been claimed before the worker was stopped,
     * in milliseconds.
     */
    private static final long AFTERMATH = 5_000;

    /**
     * A time in which a worker or the server stood still.
     *
     * @param to null if it never went on
     */
    private record Span(LedgerEntry from, @Nullable LedgerEntry to) {}

    private final Map<String, Long> killed = new HashMap<>();
    private final Map<String, Long> terminated = new HashMap<>();
    private final Map<String, List<Span>> stopped = new HashMap<>();
    private final List<Span> down = new ArrayList<>();

    Disturbances(List<LedgerEntry> ledger) {
        for (LedgerEntry entry : ledger) {
            switch (entry.what()) {
                case KILLED -> killed.putIfAbsent(entry.worker(), entry.seq());
                case TERMINATED -> terminated.putIfAbsent(entry.worker(), entry.seq());
                case STOPPED -> begin(stops(entry.worker()), entry);
                case CONTINUED -> end(stops(entry.worker()), entry);
                case DOWN -> down.add(new Span(entry, null));
                case UP -> end(down, entry);
                case BEGIN, APPLY, FAIL, INTERRUPTED -> {}
            }
        }
    }

    private List<Span> stops(String worker) {
        return stopped.computeIfAbsent(worker, name -> new ArrayList<>());
    }

    /** A worker that goes on for a moment only has hardly time to find out what it missed: that is one stop. */
    private static void begin(List<Span> spans, LedgerEntry from) {
        var last = spans.isEmpty() ? null : spans.getLast();
        if (last != null && last.to() != null && from.at() <= last.to().at() + AFTERMATH) {
            spans.set(spans.size() - 1, new Span(last.from(), null));
        } else {
            spans.add(new Span(from, null));
        }
    }

    private static void end(List<Span> spans, LedgerEntry to) {
        spans.set(spans.size() - 1, new Span(spans.getLast().from(), to));
    }

    /** When a worker died, as a place in the ledger; never if it did not. */
    long killed(String worker) {
        return killed.getOrDefault(worker, Long.MAX_VALUE);
    }

    /** When a worker was told to end, likewise. */
    long terminated(String worker) {
        return terminated.getOrDefault(worker, Long.MAX_VALUE);
    }

    /** Whether something kept an attempt from going on, or its end from being written, before the next one began. */
    boolean explain(LedgerEntry begin, LedgerEntry next) {
        return killed(begin.worker()) < next.seq()
                || terminated(begin.worker()) < next.seq()
                || stopped(begin, next.seq())
                || down(begin, next);
    }

    /** Whether the worker of an attempt stood still before this place in the ledger, and the attempt is not a later one. */
    boolean stopped(LedgerEntry begin, long before) {
        return stopped.getOrDefault(begin.worker(), List.of()).stream()
                .anyMatch(span -> span.from().seq() < before
                        && (span.to() == null || begin.at() <= span.to().at() + AFTERMATH));
    }

    private boolean down(LedgerEntry begin, LedgerEntry next) {
        return down.stream()
                .anyMatch(span -> span.from().seq() < next.seq()
                        && (span.to() == null || span.to().seq() > begin.seq()));
    }
}
