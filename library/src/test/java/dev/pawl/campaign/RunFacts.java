package dev.pawl.campaign;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the public API says about a run when all is over.
 *
 * @param key the key it was submitted with, or null
 * @param problem why it did not succeed, for people; empty otherwise
 * @param seqs the numbers of its events, in the order in which they came
 * @param done what its history says was done
 * @param shown the marks in its output and in those of its tasks
 */
record RunFacts(
        String run,
        String program,
        @Nullable String key,
        String status,
        String problem,
        List<Integer> seqs,
        List<Done> done,
        List<Mark> shown) {

    /**
     * An effect that the engine says is done.
     *
     * @param attempt the attempt that did it
     * @param at when, in epoch milliseconds on the database's clock
     */
    record Done(String effect, int attempt, long at) {}

    boolean succeeded() {
        return status.equals("SUCCEEDED");
    }

    boolean terminal() {
        return succeeded() || status.equals("FAILED") || status.equals("CANCELLED");
    }
}
