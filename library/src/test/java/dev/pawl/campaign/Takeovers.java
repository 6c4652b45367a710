package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;

/**
 * How long it took from the end of a worker until another one began something of the tasks that it had been at, in
 * milliseconds.
 *
 * @param millis the shortest first
 */
record Takeovers(List<Long> millis) {

    /** From a kill on. */
    static Takeovers afterKills(List<LedgerEntry> ledger) {
        return after(What.KILLED, ledger);
    }

    /** From the moment on in which a worker was told to end. */
    static Takeovers afterTermination(List<LedgerEntry> ledger) {
        return after(What.TERMINATED, ledger);
    }

    private static Takeovers after(What end, List<LedgerEntry> ledger) {
        var terminated = new HashMap<String, LedgerEntry>();
        var running = new HashMap<String, LedgerEntry>();
        var waiting = new HashMap<String, LedgerEntry>();
        var millis = new ArrayList<Long>();
        for (LedgerEntry entry : ledger) {
            if (entry.what() == end && !terminated.containsKey(entry.worker())) {
                running.forEach((task, begin) -> {
                    if (begin.worker().equals(entry.worker())) waiting.put(task, entry);
                });
            }
            String task = entry.run() + " " + entry.task();
            switch (entry.what()) {
                case TERMINATED -> terminated.put(entry.worker(), entry);
                case BEGIN -> {
                    var since = waiting.get(task);
                    if (since != null && !since.worker().equals(entry.worker())) {
                        millis.add(entry.at() - since.at());
                        waiting.remove(task);
                    }
                    // Those that wait for a place in a queue say nothing about how soon a task is found.
                    if (entry.limit().equals(LedgerEntry.NONE)) running.put(task, entry);
                    // It goes on for the time of grace.
                    var told = terminated.get(entry.worker());
                    if (told != null && end == What.TERMINATED) waiting.put(task, told);
                }
                case APPLY, FAIL -> {
                    var begin = running.get(task);
                    if (begin != null && begin.attempt() == entry.attempt()) running.remove(task);
                    waiting.remove(task); // it was allowed to come to its end
                }
                default -> {}
            }
        }
        millis.sort(null);
        return new Takeovers(List.copyOf(millis));
    }

    /** The time within which a share of all was done; 0 if there were none. */
    long percentile(double share) {
        if (millis.isEmpty()) return 0;
        int index = (int) Math.ceil(share * millis.size()) - 1;
        return millis.get(Math.max(0, index));
    }

    @Override
    public String toString() {
        return "%d times, median %d ms, 90 %% %d ms, 99 %% %d ms, longest %d ms"
                .formatted(millis.size(), percentile(0.5), percentile(0.9), percentile(0.99), percentile(1));
    }
}
