package dev.pawl.campaign;

import java.util.Arrays;
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
 * @param timetables what schedules had to start, and what they started
 */
record History(
        List<Submission> submissions,
        List<LedgerEntry> ledger,
        List<RunFacts> runs,
        List<Row> rows,
        Map<String, Promise> promises,
        Map<String, Integer> limits,
        Timetables timetables) {

    /** A row that a transactional step inserts once. */
    record Row(String run, String effect) {}

    /**
     * What every run of a program does until it has come to its end.
     *
     * @param effects done outside, at least once
     * @param ordered whether they belong to one task and each of them is done for good before the next begins
     * @param once those of them that must not happen twice
     * @param transactions done in the user's table, exactly once
     * @param signals how many signals it takes
     * @param children how many runs of which programs it starts
     * @param ends the statuses that it may end with
     */
    record Promise(
            List<String> effects,
            boolean ordered,
            Set<String> once,
            Set<String> transactions,
            int signals,
            Map<String, Integer> children,
            Set<String> ends) {

        private static final Set<String> SUCCEEDS = Set.of("SUCCEEDED");

        /** It does these effects, and succeeds. */
        static Promise of(List<String> effects) {
            return new Promise(effects, false, Set.of(), Set.of(), 0, Map.of(), SUCCEEDS);
        }

        /** It is a job of one round with these steps, and succeeds. */
        static Promise ofSteps(String... steps) {
            return of(Arrays.stream(steps).map(Promise::effect).toList());
        }

        private static String effect(String step) {
            return "job[0]/" + step;
        }

        Promise inOrder() {
            return new Promise(effects, true, once, transactions, signals, children, ends);
        }

        Promise once(String step) {
            return new Promise(effects, ordered, Set.of(effect(step)), transactions, signals, children, ends);
        }

        Promise transaction(String step) {
            return new Promise(effects, ordered, once, Set.of(effect(step)), signals, children, ends);
        }

        Promise signals(int count) {
            return new Promise(effects, ordered, once, transactions, count, children, ends);
        }

        Promise children(Map<String, Integer> counts) {
            return new Promise(effects, ordered, once, transactions, signals, counts, ends);
        }

        Promise ends(Set<String> statuses) {
            return new Promise(effects, ordered, once, transactions, signals, children, statuses);
        }
    }
}
