package dev.pawl.campaign;

/**
 * One line of the ledger: what the outside world saw, in the one order in which it saw it.
 *
 * @param seq 1, 2, 3 … over everything that any process told the ledger
 * @param at epoch milliseconds on the clock of this machine, which the database's clock is too
 * @param run the run's id; {@code -} for what befell a worker or the server
 * @param effect what was done for it, such as {@code first[0]}; {@code -} likewise
 * @param attempt the fence of the attempt that did it; 0 likewise
 * @param worker the number and the process id of the worker, such as {@code 7-4711}; {@code -} for the server
 * @param key the idempotency key that the outside world was given, or {@code -}
 * @param limit the queue whose limit it counts against, or {@code -}
 */
record LedgerEntry(
        long seq, long at, What what, String run, String effect, int attempt, String worker, String key, String limit) {

    static final String NONE = "-";

    /** What happened. */
    enum What {
        /** An attempt reached the outside world. */
        BEGIN,
        /** The outside world did what the attempt asked for. */
        APPLY,
        /** The attempt gave up by itself, as its program wants it. */
        FAIL,
        /** The attempt was interrupted in the middle: nothing more comes from it. */
        INTERRUPTED,
        /** A worker is about to be told to stop, as by {@code kill}. */
        TERMINATED,
        /** A worker is dead, in whatever way. */
        KILLED,
        /** A worker stands still. */
        STOPPED,
        /** A stopped worker goes on. */
        CONTINUED,
        /** The database server is about to be crashed. */
        DOWN,
        /** The database server takes connections again. */
        UP
    }

    /** What is told to the ledger about an attempt. */
    static LedgerEntry of(What what, String run, String effect, int attempt, String worker, String key, String limit) {
        return new LedgerEntry(0, 0, what, run, effect, attempt, worker, key, limit);
    }

    /** What is told to the ledger about a worker or the server. */
    static LedgerEntry of(What what, String worker) {
        return of(what, NONE, NONE, 0, worker, NONE, NONE);
    }

    /** The same with its place in the ledger. */
    LedgerEntry at(long place, long epochMillis) {
        return new LedgerEntry(place, epochMillis, what, run, effect, attempt, worker, key, limit);
    }

    /** The task: all of the effect's name up to the step, if it has one. */
    String task() {
        int step = effect.indexOf('/');
        return step < 0 ? effect : effect.substring(0, step);
    }

    /** Which attempt at which effect of which run. */
    String attempted() {
        return effect + " of run " + run + ", attempt " + attempt + " (worker " + worker + ")";
    }

    static LedgerEntry parse(String line) {
        var words = line.split(" ");
        if (words.length != 9) throw new IllegalArgumentException("Not a line of the ledger: " + line);
        return new LedgerEntry(
                Long.parseLong(words[0]),
                Long.parseLong(words[1]),
                What.valueOf(words[2]),
                words[3],
                words[4],
                Integer.parseInt(words[5]),
                words[6],
                words[7],
                words[8]);
    }

    /** The line, without its end. */
    @Override
    public String toString() {
        return "%d %d %s %s %s %d %s %s %s".formatted(seq, at, what, run, effect, attempt, worker, key, limit);
    }
}
