package dev.pawl.campaign;

import java.util.List;

/**
 * One line of the outside ledger.
 *
 * @param seq 1, 2, 3 … over everything; of what was applied it is the receipt
 * @param at epoch milliseconds
 * @param what a {@link Mood} with which a call was met, or one of the words here
 * @param book where it was to be entered, and how that takes care of doing nothing twice
 * @param key the idempotency key of the call
 * @param items what it was about, with commas between
 */
record Posting(long seq, long at, String what, Book book, String key, String items) {

    /** It was entered into the book. */
    static final String APPLIED = "APPLIED";

    /** Somebody asked, and was told that it is not there and will never be. */
    static final String CLOSED = "CLOSED";

    /** It came after that, and was not entered. */
    static final String TOO_LATE = "TOO_LATE";

    /** Somebody asked. */
    static final String ASKED = "ASKED";

    /** How a book takes care. */
    enum Book {
        /** What comes a second time under the same key is not entered again, and is given the same receipt. */
        KEYED,
        /** All that comes is entered; it can be asked whether anything came under a key. */
        ASKED,
        /** All that comes is entered, and it cannot be asked. */
        BLIND
    }

    boolean applied() {
        return what.equals(APPLIED);
    }

    List<String> each() {
        return List.of(items.split(","));
    }

    @Override
    public String toString() {
        return seq + " " + at + " " + what + " " + book + " " + key + " " + items;
    }
}
