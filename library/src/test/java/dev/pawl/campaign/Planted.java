package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * A history in the making. Begins as one of all that may happen: a kill, a stop beyond the lease with a late beginning after
 * it, a crash of the server, an attempt that gives up, an unacknowledged submission, limits that are reached. A test plants
 * something in it that may not happen.
 */
final class Planted {

    /** The runs: one for each kind of trouble. */
    static final String CALM = "CALM";

    static final String KILLED = "KILLED";
    static final String STOPPED = "STOPPED";
    static final String CRASHED = "CRASHED";
    static final String RETRIED = "RETRIED";

    static final String PROGRAM = "flow:pair";
    static final String QUEUE = "narrow";

    private static final String A = "a[0]";
    private static final String ROW = "row[0]";

    /** Between two entries, in milliseconds. */
    private static final long STEP = 2_000;

    final List<Submission> submissions = new ArrayList<>();
    final List<LedgerEntry> ledger = new ArrayList<>();
    final List<RunFacts> runs = new ArrayList<>();
    final List<History.Row> rows = new ArrayList<>();

    Planted() {
        effect(What.BEGIN, CALM, 1, "1-11");
        effect(What.APPLY, CALM, 1, "1-11");
        run(CALM, 1);

        effect(What.BEGIN, KILLED, 1, "1-11");
        tell(LedgerEntry.of(What.KILLED, "1-11"));
        effect(What.BEGIN, KILLED, 3, "2-22");
        effect(What.APPLY, KILLED, 3, "2-22");
        run(KILLED, 3);

        effect(What.BEGIN, STOPPED, 1, "2-22");
        tell(LedgerEntry.of(What.STOPPED, "2-22"));
        effect(What.BEGIN, STOPPED, 3, "3-33");
        effect(What.APPLY, STOPPED, 3, "3-33");
        run(STOPPED, 3);
        tell(LedgerEntry.of(What.CONTINUED, "2-22"));
        effect(What.BEGIN, STOPPED, 2, "2-22"); // claimed before the stop
        effect(What.APPLY, STOPPED, 1, "2-22");

        effect(What.BEGIN, CRASHED, 1, "3-33");
        tell(LedgerEntry.of(What.DOWN, LedgerEntry.NONE));
        effect(What.APPLY, CRASHED, 1, "3-33");
        tell(LedgerEntry.of(What.UP, LedgerEntry.NONE));
        effect(What.BEGIN, CRASHED, 2, "4-44");
        effect(What.APPLY, CRASHED, 2, "4-44");
        run(CRASHED, 2);

        effect(What.BEGIN, RETRIED, 1, "3-33");
        effect(What.FAIL, RETRIED, 1, "3-33");
        effect(What.BEGIN, RETRIED, 2, "3-33");
        effect(What.APPLY, RETRIED, 2, "3-33");
        run(RETRIED, 2);

        submissions.add(new Submission("unanswered", PROGRAM, "1", List.of()));
    }

    History history() {
        return new History(
                submissions,
                ledger,
                runs,
                rows,
                Map.of(PROGRAM, new History.Promise(Set.of(A), Set.of(ROW))),
                Map.of(QUEUE, 1));
    }

    // ---- what happens next ----------------------------------------------------------------------------------------

    void effect(What what, String run, int attempt, String worker) {
        tell(LedgerEntry.of(what, run, A, attempt, worker, run + "/" + A, LedgerEntry.NONE));
    }

    void limited(What what, String run, int attempt, String worker) {
        tell(LedgerEntry.of(what, run, "m[0]", attempt, worker, run + "/m", QUEUE));
    }

    void tell(LedgerEntry entry) {
        ledger.add(entry.at(ledger.size() + 1, now() + STEP));
    }

    /** When the newest entry was written. */
    private long now() {
        return ledger.size() * STEP;
    }

    /** A run that has just succeeded, and was submitted twice by a generator that was in doubt. */
    void run(String run, int attempt) {
        submissions.add(new Submission("key-" + run, PROGRAM, "1", List.of(run, run)));
        rows.add(new History.Row(run, ROW));
        runs.add(new RunFacts(
                run,
                PROGRAM,
                "key-" + run,
                "SUCCEEDED",
                "",
                List.of(1, 2, 3),
                List.of(new RunFacts.Done(A, attempt, now())),
                List.of(new Mark(A, attempt))));
    }

    // ---- what is changed ------------------------------------------------------------------------------------------

    void submission(String run, UnaryOperator<Submission> change) {
        submissions.replaceAll(one -> one.key().equals("key-" + run) ? change.apply(one) : one);
    }

    void run(String run, UnaryOperator<RunFacts> change) {
        runs.replaceAll(one -> one.run().equals(run) ? change.apply(one) : one);
    }

    static RunFacts ended(RunFacts run, String status) {
        return new RunFacts(run.run(), run.program(), run.key(), status, "", run.seqs(), run.done(), run.shown());
    }

    static RunFacts numbered(RunFacts run, Integer... seqs) {
        return new RunFacts(
                run.run(), run.program(), run.key(), run.status(), "", List.of(seqs), run.done(), run.shown());
    }

    static RunFacts done(RunFacts run, RunFacts.Done... done) {
        return new RunFacts(
                run.run(), run.program(), run.key(), run.status(), "", run.seqs(), List.of(done), run.shown());
    }

    static RunFacts shown(RunFacts run, int attempt) {
        return new RunFacts(
                run.run(),
                run.program(),
                run.key(),
                run.status(),
                "",
                run.seqs(),
                run.done(),
                List.of(new Mark(A, attempt)));
    }
}
