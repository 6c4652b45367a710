package dev.pawl.campaign;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Everything that the verdict is built on.
 *
 * @param submissions what the load generator journalled
 * @param ledger what the outside world saw, and what befell workers and server, in one order
 * @param runs every run there is, as the public API shows it at the end
 * @param rows what transactional steps left in a table of the user's
 * @param promises by the name of each program, what its runs do
 * @param limits by the name of each queue, how much may run in it at once
 */
record History(
        List<Submission> submissions,
        List<LedgerEntry> ledger,
        List<RunFacts> runs,
        List<Row> rows,
        Map<String, Promise> promises,
        Map<String, Integer> limits) {

    /** A row that a transactional step inserts once. */
    record Row(String run, String effect) {}

    /**
     * What every run of a program does until it has succeeded. All programs of a campaign are meant to succeed.
     *
     * @param effects done outside, at least once
     * @param transactions done in the user's table, exactly once
     */
    record Promise(Set<String> effects, Set<String> transactions) {}
}
