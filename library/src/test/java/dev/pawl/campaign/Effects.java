package dev.pawl.campaign;

import dev.pawl.campaign.LedgerEntry.What;
import dev.pawl.core.Failure;
import java.io.IOException;
import java.util.concurrent.ThreadLocalRandom;

/** What bodies do in the world outside, which is the ledger. Thread-safe. */
final class Effects {

    /** How long the outside world takes, in milliseconds. */
    private static final int SHORTEST = 10;

    private static final int LONGEST = 150;

    private final LedgerClient ledger;
    private final String worker;

    /** @param worker who does them: its number and its process id */
    Effects(LedgerClient ledger, String worker) {
        this.ledger = ledger;
        this.worker = worker;
    }

    /** Those of a process that only submits: nothing may run there. */
    static Effects none() {
        return new Effects(new LedgerClient(0), LedgerEntry.NONE);
    }

    /** One effect in a queue without a limit; answers its mark, after the marks of what it read. */
    String apply(String read) throws Exception {
        return apply(read, LedgerEntry.NONE);
    }

    /** The same in a queue with a limit. */
    String apply(String read, String limit) throws Exception {
        tell(What.BEGIN, limit);
        work();
        tell(What.APPLY, limit);
        var mark = mark().toString();
        return read.isEmpty() ? mark : read + "," + mark;
    }

    /** The same, but the first attempts give up in the middle. */
    String applyUnlessEarly(String read, int attempts) throws Exception {
        if (mark().attempt() > attempts) return apply(read);
        tell(What.BEGIN, LedgerEntry.NONE);
        work();
        tell(What.FAIL, LedgerEntry.NONE);
        throw new Failure.Transient("Attempt " + mark().attempt() + " gives up, as it should.");
    }

    private static Mark mark() {
        var task = Fenced.task();
        return new Mark(task.key().label(), task.attempt());
    }

    private void tell(What what, String limit) throws IOException {
        var run = Fenced.task().key().run().toString();
        var mark = mark();
        ledger.tell(LedgerEntry.of(what, run, mark.effect(), mark.attempt(), worker, run + "/" + mark.effect(), limit));
    }

    private static void work() throws InterruptedException {
        long millis = ThreadLocalRandom.current().nextLong(SHORTEST, LONGEST);
        Countdown.rest(millis);
    }
}
