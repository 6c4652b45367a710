package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Policy;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A policy that always answers: whatever goes wrong with it, the answer is no. */
public final class Policies {

    private static final long KNOWN_CHARACTERS = 8 << 20;

    private final Policy policy;
    private final OutputCache known = new OutputCache(KNOWN_CHARACTERS);

    public Policies(Policy policy) {
        this.policy = policy;
    }

    /** What was said of a run before, in every document about it. */
    @Nullable
    String known(RunId run) {
        var said = known.get(run, "", 0);
        return said == null ? null : said.text();
    }

    void remember(RunId run, String said) {
        known.put(run, "", 0, new Json(said));
    }

    /** Asks. */
    public Policy.Decision decide(Json document) {
        try {
            return policy.decide(document);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Journal.Superseded("It was interrupted while the policy was asked.");
        } catch (Exception | StackOverflowError | LinkageError broken) {
            return new Policy.Decision(Policy.Answer.DENY, List.of("the policy has no answer: " + broken));
        }
    }

    /** A decision as it is kept, with what it was about if somebody has to know. */
    Json json(Policy.Decision decision, @Nullable Json request) {
        return new Json("{\"policy\":\"" + policy.hash() + "\",\"answer\":\"" + decision.answer() + "\",\"reasons\":["
                + decision.reasons().stream().map(Json::quote).collect(Collectors.joining(",")) + about(request));
    }

    /**
     * Asks about a run that is to be submitted.
     *
     * @return null if it may; else what somebody has to approve
     * @throws Failure.Policy if it may not
     */
    public Entry.@Nullable Question submit(Entry.Submission submission, Json input) {
        var decision = decide(PolicyInput.submit(submission, input));
        String what = "a run of " + submission.program().name();
        return switch (decision.answer()) {
            case ALLOW -> null;
            case DENY -> throw new Failure.Policy(denial(decision, what));
            case APPROVAL -> new Entry.Question(wanted(decision, what), json(decision, null));
        };
    }

    /** Whether a decision that was kept is about this request. */
    static boolean isAbout(@Nullable Json decision, @Nullable Json request) {
        return decision != null && decision.text().endsWith(about(request));
    }

    private static String about(@Nullable Json request) {
        return "]" + (request == null ? "" : ",\"request\":" + request.text()) + "}";
    }

    /** For whoever wanted something that is denied. */
    public String denial(Policy.Decision decision, String what) {
        return "The policy denies " + what + because(decision);
    }

    /** For whoever may approve something. */
    public String wanted(Policy.Decision decision, String what) {
        return "The policy wants somebody to approve " + what + because(decision);
    }

    private String because(Policy.Decision decision) {
        String reasons = String.join("; ", decision.reasons());
        return (reasons.isEmpty() ? "" : ": " + reasons) + " (policy "
                + policy.hash().substring(0, 12) + ").";
    }
}
