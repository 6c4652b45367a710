package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Hash;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Decides what becomes of a result that somebody else has judged: accept it, have it done again with a changed context, or
 * hand it to a person. Each reason has a number of retries of its own, and all together have one. The same judgement gives
 * the same decision. A value; immutable and thread-safe.
 *
 * @param threshold the least score that is accepted, between 0 and 1
 * @param retries how often a result is done over at most, for whatever reasons
 * @param perReason how often at most for each reason; for those that are not in it, as often as the reason itself says
 */
public record QualityGate(double threshold, int retries, Map<Reason, Integer> perReason) {

    /** Accepts from 0.7 on, and has things done over three times at most. */
    public static final QualityGate DEFAULT = new QualityGate(0.7, 3, Map.of());

    public QualityGate {
        if (threshold < 0 || threshold > 1) {
            throw new IllegalArgumentException("A score is between 0 and 1, and the threshold is " + threshold + ".");
        }
        if (retries < 0) throw new IllegalArgumentException("There cannot be " + retries + " retries.");
        perReason = Map.copyOf(perReason);
    }

    /** What is wrong with a result. */
    public enum Reason {
        SCHEMA_VIOLATION(2),
        MISSING_EVIDENCE(3),
        FLAKY_PATTERN(2),
        SELECTOR_ISSUE(2),
        /** Doing it over cannot help: somebody has to look. */
        POLICY_DEGRADED(0),
        LOW_CONFIDENCE(2),
        TIMEOUT(1),
        INCONSISTENT(2),
        UNKNOWN(1);

        private final int retries;

        Reason(int retries) {
            this.retries = retries;
        }

        /** How often a result is done over for it, if nobody says otherwise. */
        public int retries() {
            return retries;
        }
    }

    /**
     * How a result was judged.
     *
     * @param score between 0 and 1
     * @param verified whether every verifier passed it
     * @param reasons what is wrong with it; may be empty although it is not accepted
     */
    public record Judgement(double score, boolean verified, Collection<Reason> reasons) {}

    /**
     * What was done over so far: carry it in the state.
     *
     * @param total how often
     * @param byReason how often for each reason
     */
    public record Tries(int total, Map<Reason, Integer> byReason) {

        /** Nothing yet. */
        public static final Tries NONE = new Tries(0, Map.of());

        public Tries {
            byReason = Map.copyOf(byReason);
        }

        int of(Reason reason) {
            return byReason.getOrDefault(reason, 0);
        }

        Tries with(Collection<Reason> reasons) {
            var more = new EnumMap<Reason, Integer>(Reason.class);
            more.putAll(byReason);
            for (Reason reason : reasons) more.merge(reason, 1, Integer::sum);
            return new Tries(total + 1, more);
        }
    }

    /** Accept it, have it done over, or hand it to a person. */
    public enum Outcome {
        ACCEPT,
        RETRY,
        ESCALATE
    }

    /**
     * What was decided.
     *
     * @param reason why it is not accepted, in a word: the first reason whose retries are used up, else the first of all;
     *     empty if it is accepted
     * @param key names this very retry, 64 hex digits: the same for the same run, task, try and reasons, in whatever order;
     *     empty unless it is done over
     * @param tries what was done over, this retry included
     */
    public record Decision(Outcome outcome, double score, String reason, String key, Tries tries) {

        /** Whether it was decided so. */
        public boolean is(Outcome what) {
            return outcome == what;
        }
    }

    /**
     * Decides.
     *
     * @param run whose result it is
     * @param task which of its results
     */
    public Decision decide(String run, String task, Judgement judged, Tries tries) {
        if (judged.score() >= threshold && judged.verified()) {
            return new Decision(Outcome.ACCEPT, judged.score(), "", "", tries);
        }
        var reasons = new TreeSet<>(judged.reasons());
        if (reasons.isEmpty()) reasons.add(judged.verified() ? Reason.LOW_CONFIDENCE : Reason.UNKNOWN);
        for (Reason reason : reasons) {
            int most = Math.min(retries, perReason.getOrDefault(reason, reason.retries()));
            if (tries.of(reason) >= most || tries.total() >= retries) {
                return new Decision(Outcome.ESCALATE, judged.score(), reason.name(), "", tries);
            }
        }
        String key = key(run, task, tries.total() + 1, reasons);
        return new Decision(Outcome.RETRY, judged.score(), reasons.getFirst().name(), key, tries.with(reasons));
    }

    /** The name of a retry. */
    static String key(String run, String task, int attempt, Collection<Reason> reasons) {
        String sorted = new TreeSet<>(reasons)
                .stream().map(reason -> '"' + reason.name() + '"').collect(Collectors.joining(","));
        return Hash.of(new Json("{\"run\":" + Json.quote(run) + ",\"task\":" + Json.quote(task) + ",\"attempt\":"
                + attempt + ",\"reasons\":[" + sorted + "]}"));
    }

    /**
     * A node that decides and notes the decision in the state, for the edges to look at.
     *
     * @param judge how the result in the state was judged
     * @param tries what the state says was done over
     * @param note the state with the decision, and with a changed context where it is to be done over
     * @param <S> the state
     */
    public <S> NodeFn<S> node(Function<S, Judgement> judge, Function<S, Tries> tries, BiFunction<S, Decision, S> note) {
        return (state, io) ->
                note.apply(state, decide(io.run().toString(), io.task(), judge.apply(state), tries.apply(state)));
    }
}
