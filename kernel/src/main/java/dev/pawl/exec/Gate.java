package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Task;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Result;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;

/**
 * Puts what an attempt is about to do before the policy, and keeps what was decided in the journal: at places below zero, so
 * that a journal is the same with and without a policy. What a person has approved is not asked again.
 */
final class Gate {

    private final Policies policies;
    private final PolicyInput input;
    private final Recorder journal;

    Gate(Policies policies, PolicyInput input, Recorder journal) {
        this.policies = policies;
        this.input = input;
        this.journal = journal;
    }

    /** The gate of an attempt; null if there is no policy. */
    static @Nullable Gate of(Surroundings around, Task task, Recorder journal) {
        var policies = around.policies();
        return policies == null || task.key().kernels()
                ? null
                : new Gate(policies, PolicyInput.of(around, policies, task), journal);
    }

    /** Before and after the user code of a task. */
    Result around(Callable<Result> body) throws Exception {
        pass(Effect.GATE_BEFORE, "before", input.before(), null, null);
        var waiting = waiting();
        var result = waiting == null ? body.call() : waiting;
        if (result instanceof Result.Done done)
            pass(Effect.GATE_AFTER, "after", input.after(done.output()), done, null);
        return result;
    }

    /** What an earlier attempt gave back, if somebody has decided since about letting it through. */
    private @Nullable Result waiting() {
        var decided = journal.at(Effect.GATE_AFTER);
        var kept = decided != null && Approvals.isAnswer(decided) ? journal.at(Effect.GATE_RESULT) : null;
        if (kept == null || kept.value() == null || kept.request() == null) return null;
        String told = kept.request().text();
        int comma = told.indexOf(',');
        String facts = told.substring(comma + 1, told.length() - 1);
        return new Result.Done(
                journal.load(kept.value()),
                Integer.parseInt(told.substring(1, comma)),
                facts.equals("null") ? null : new Json(facts));
    }

    /** Before an effect. */
    void effect(int ordinal, String kind, String name, @Nullable Json request) {
        pass(Effect.gate(ordinal), name, input.effect(kind, name, request), null, request);
    }

    /**
     * @param done what waits behind the gate, so that nobody has to do it again once it is approved
     * @param request what is asked for, for whoever has to approve it
     */
    private void pass(int place, String name, Json document, Result.@Nullable Done done, @Nullable Json request) {
        var before = journal.at(place);
        if (before != null && Approvals.isAnswer(before)) {
            if (!Policies.isAbout(before.request(), request)) {
                throw new Failure.Diverged("Something else was approved for %s than is asked for now: %s, and now %s."
                        .formatted(input.what(name), before.request(), request));
            }
            Approvals.require(before);
            return;
        }
        var decision = policies.decide(document);
        switch (decision.answer()) {
            // If that is lost in a crash, it is asked again.
            case ALLOW ->
                journal.keepAside(recording(place, EffectStatus.APPLIED, name, policies.json(decision, null)));
            case DENY -> {
                keep(place, EffectStatus.FAILED, name, policies.json(decision, request));
                throw new Failure.Policy(policies.denial(decision, input.what(name)));
            }
            case APPROVAL -> {
                if (done != null) keepResult(done);
                keep(place, EffectStatus.BEGUN, name, policies.json(decision, request));
                throw new Failure.ApprovalWanted(policies.wanted(decision, input.what(name)));
            }
        }
    }

    private void keep(int place, EffectStatus status, String name, Json decision) {
        journal.keep(recording(place, status, name, decision));
    }

    private static Journal.Recording recording(int place, EffectStatus status, String name, Json decision) {
        return new Journal.Recording(place, 0, Approvals.POLICY, status, name, decision, null, null);
    }

    /** What asks for more than its end is made again: an attempt that finds its effects recorded comes to the same. */
    private void keepResult(Result.Done done) {
        if (!done.changes().isEmpty()) return;
        var told = new Json("[" + done.size() + "," + done.facts() + "]");
        var output = journal.payload("What " + input.what("after") + " gave back", done.output());
        journal.keep(Journal.Recording.applied(Effect.GATE_RESULT, "result", "", told, output));
    }
}
