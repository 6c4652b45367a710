package dev.pawl.core;

/**
 * An input, and how far what it caused has come.
 *
 * @param number its number within the run
 * @param at when it was registered first, in epoch milliseconds
 * @param pending how many of the messages that it caused, directly or through others, are pending or reserved
 * @param done how many are consumed or skipped
 */
public record InputDetails(int number, Input input, long at, int pending, int done) {

    /** Whether something is left to be done; also if nothing was published for it yet. */
    public boolean isPending() {
        return pending > 0 || done == 0;
    }
}
