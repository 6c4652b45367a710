package dev.pawl.campaign;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the public API says about a run when all is over.
 *
 * @param key the key it was submitted with, or null
 * @param problem why it did not succeed, for people; empty otherwise
 * @param seqs the numbers of its events, in the order in which they came
 * @param done what its history and its journals say was done
 * @param shown the marks in its output, in those of its tasks and in its journals
 * @param story what else happened in it
 */
record RunFacts(
        String run,
        String program,
        @Nullable String key,
        String status,
        String problem,
        List<Integer> seqs,
        List<Done> done,
        List<Mark> shown,
        Story story) {

    /** A run of which nothing else is worth mentioning. */
    RunFacts(
            String run,
            String program,
            @Nullable String key,
            String status,
            String problem,
            List<Integer> seqs,
            List<Done> done,
            List<Mark> shown) {
        this(run, program, key, status, problem, seqs, done, shown, Story.NONE);
    }

    /**
     * An effect that the engine says is done.
     *
     * @param attempt the attempt that did it
     * @param at when, in epoch milliseconds on the database's clock
     */
    record Done(String effect, int attempt, long at) {}

    /**
     * What jobs have and flows have not, and what became of attempts.
     *
     * @param parent the run that started it, or null
     * @param ends of tasks that have effects of their own: the attempts that ended them for good
     * @param spent attempts that a lost lease or a retry ended
     * @param transacted the transactional steps that its journal says were done
     * @param received the signals that it took, in that order
     * @param undos the steps that were to undo something should it not succeed
     * @param naps what followed a sleep
     */
    record Story(
            @Nullable String parent,
            List<Done> ends,
            List<Done> spent,
            List<String> transacted,
            List<String> received,
            List<String> undos,
            List<Nap> naps) {

        static final Story NONE = new Story(null, List.of(), List.of(), List.of(), List.of(), List.of(), List.of());
    }

    /**
     * Something that was to wait.
     *
     * @param until the earliest that it may be done, in epoch milliseconds on the database's clock
     * @param at when it was done
     */
    record Nap(String effect, long until, long at) {}

    boolean succeeded() {
        return status.equals("SUCCEEDED");
    }

    boolean terminal() {
        return succeeded() || status.equals("FAILED") || status.equals("CANCELLED");
    }
}
