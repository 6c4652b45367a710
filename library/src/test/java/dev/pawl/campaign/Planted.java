package dev.pawl.campaign;

import dev.pawl.campaign.History.Promise;
import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.campaign.RunFacts.Story;
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
    private static final String MANY = "job:many";
    private static final String BOOKED = "job:booked";
    static final String QUEUE = "narrow";

    private static final String A = "a[0]";
    private static final String ROW = "job[0]/row";

    /** A job that succeeded, its child, and another one that was cancelled. */
    static final String JOB = "JOB";

    static final String CHILD = "CHILD";
    static final String UNDONE = "UNDONE";
    static final String FIRST = "job[0]/first";
    static final String SECOND = "job[0]/second";
    static final String UNDO = "undo[1]/unfirst";

    /** Between two entries, in milliseconds. */
    private static final long STEP = 2_000;

    final List<Submission> submissions = new ArrayList<>();
    final List<LedgerEntry> ledger = new ArrayList<>();
    final List<RunFacts> runs = new ArrayList<>();
    final List<History.Row> rows = new ArrayList<>();
    final List<String> fires = new ArrayList<>(
            List.of("tick@1970-01-01T00:00:00Z", "tick@1970-01-01T00:00:01Z", "tick@1970-01-01T00:00:02Z"));

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
        job();
        undone();
    }

    /** Its first attempt was handed over, and its second killed when only the world knew what it had done. */
    private void job() {
        step(What.BEGIN, JOB, FIRST, 1, "41-41");
        tell(LedgerEntry.of(What.TERMINATED, "41-41"));
        step(What.INTERRUPTED, JOB, FIRST, 1, "41-41");
        step(What.BEGIN, JOB, FIRST, 2, "71-71");
        tell(LedgerEntry.of(What.KILLED, "41-41"));
        step(What.APPLY, JOB, FIRST, 2, "71-71");
        step(What.BEGIN, JOB, SECOND, 2, "71-71");
        step(What.APPLY, JOB, SECOND, 2, "71-71");
        tell(LedgerEntry.of(What.KILLED, "71-71"));
        effect(What.BEGIN, CHILD, 1, "8-88");
        effect(What.APPLY, CHILD, 1, "8-88");
        run(CHILD, 1);
        run(CHILD, run -> told(run, new Story(JOB, List.of(), List.of(), List.of(), List.of(), List.of(), List.of())));
        var signals = List.of(new Submission.Signal("s1", true), new Submission.Signal("s2", false));
        submissions.add(new Submission("key-JOB", MANY, "1", List.of(JOB), signals, false));
        var done = List.of(new RunFacts.Done(FIRST, 2, now()), new RunFacts.Done(SECOND, 2, now()));
        var story = new Story(
                null,
                List.of(new RunFacts.Done("job[0]", 3, now())),
                List.of(new RunFacts.Done("job[0]", 2, now())),
                List.of(),
                List.of("s1", "s2"),
                List.of("unfirst"),
                List.of(new RunFacts.Nap(SECOND, now(), now() + STEP)));
        runs.add(new RunFacts(JOB, MANY, "key-JOB", "SUCCEEDED", "", List.of(1, 2), done, List.of(), story));
    }

    private void undone() {
        step(What.BEGIN, UNDONE, FIRST, 1, "8-88");
        step(What.APPLY, UNDONE, FIRST, 1, "8-88");
        step(What.BEGIN, UNDONE, UNDO, 1, "8-88");
        step(What.APPLY, UNDONE, UNDO, 1, "8-88");
        submissions.add(new Submission("key-UNDONE", BOOKED, "1", List.of(UNDONE), List.of(), true));
        var done = List.of(new RunFacts.Done(FIRST, 1, now()), new RunFacts.Done(UNDO, 1, now()));
        var story = new Story(
                null,
                List.of(new RunFacts.Done("undo[1]", 1, now())),
                List.of(),
                List.of(),
                List.of(),
                List.of("unfirst"),
                List.of());
        runs.add(new RunFacts(UNDONE, BOOKED, "key-UNDONE", "CANCELLED", "", List.of(1), done, List.of(), story));
    }

    History history() {
        return new History(
                submissions,
                ledger,
                runs,
                rows,
                Map.of(
                        PROGRAM,
                        Promise.of(List.of(A)).transaction("row"),
                        MANY,
                        Promise.ofSteps("first", "second")
                                .inOrder()
                                .once("second")
                                .signals(2)
                                .children(Map.of(PROGRAM, 1)),
                        BOOKED,
                        Promise.of(List.of()).ends(Set.of("CANCELLED"))),
                Map.of(QUEUE, 1),
                new Timetables(List.of(new Timetables.Plan("tick", 0, 3_000, 1_000)), fires));
    }

    // ---- what happens next ----------------------------------------------------------------------------------------

    void effect(What what, String run, int attempt, String worker) {
        tell(LedgerEntry.of(what, run, A, attempt, worker, run + "/" + A, LedgerEntry.NONE));
    }

    void step(What what, String run, String effect, int attempt, String worker) {
        tell(LedgerEntry.of(what, run, effect, attempt, worker, run + "/" + effect, LedgerEntry.NONE));
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

    void story(String run, UnaryOperator<Story> change) {
        run(run, one -> told(one, change.apply(one.story())));
    }

    private static RunFacts told(RunFacts run, Story story) {
        return new RunFacts(
                run.run(), run.program(), run.key(), run.status(), "", run.seqs(), run.done(), run.shown(), story);
    }

    static Story received(Story story, String... signals) {
        return new Story(
                story.parent(),
                story.ends(),
                story.spent(),
                story.transacted(),
                List.of(signals),
                story.undos(),
                story.naps());
    }

    static Story spent(Story story, RunFacts.Done... spent) {
        return new Story(
                story.parent(),
                story.ends(),
                List.of(spent),
                story.transacted(),
                story.received(),
                story.undos(),
                story.naps());
    }

    static RunFacts ended(RunFacts run, String status) {
        return new RunFacts(
                run.run(), run.program(), run.key(), status, "", run.seqs(), run.done(), run.shown(), run.story());
    }

    static RunFacts numbered(RunFacts run, Integer... seqs) {
        return new RunFacts(
                run.run(), run.program(), run.key(), run.status(), "", List.of(seqs), run.done(), run.shown());
    }

    static RunFacts done(RunFacts run, RunFacts.Done... done) {
        var without = new RunFacts(
                run.run(), run.program(), run.key(), run.status(), "", run.seqs(), List.of(done), run.shown());
        return told(without, run.story());
    }

    /** Without anything that the engine says is done, as of a round whose journal is gone. */
    static RunFacts forgotten(RunFacts run) {
        var story = run.story();
        return told(
                done(run),
                new Story(
                        story.parent(),
                        List.of(),
                        story.spent(),
                        List.of(),
                        story.received(),
                        story.undos(),
                        List.of()));
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
