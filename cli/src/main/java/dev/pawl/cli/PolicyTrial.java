package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.engine.Pawl;
import dev.pawl.exec.Policies;
import dev.pawl.exec.PolicyInput;
import dev.pawl.spi.Policy;
import dev.pawl.tape.Requests;
import dev.pawl.tape.Tape;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Asks a policy about runs that have been, at every point where it would have been asked. */
final class PolicyTrial {

    private static final int PAGE = 500;

    private final Policies policies;
    private int runs;
    private int asked;
    private int stopped;
    private int denied;

    PolicyTrial(Policies policies) {
        this.policies = policies;
    }

    /**
     * Something that the policy would have stopped.
     *
     * @param task null when it is the run itself
     * @param effect null when it is the task itself
     */
    record Stop(
            String point, @Nullable String task, @Nullable String effect, Policy.Decision decision) {
        String what() {
            if (effect != null) return "\"" + effect + "\" in task " + task;
            if (task == null) return "the run";
            return point.equals("before") ? "task " + task : "what task " + task + " gave back";
        }
    }

    int runs() {
        return runs;
    }

    int asked() {
        return asked;
    }

    int stopped() {
        return stopped;
    }

    int denied() {
        return denied;
    }

    /** Asks about one run. */
    void ask(Pawl pawl, RunDetails run, Consumer<Stop> told) {
        runs++;
        String actor = pawl.actor(run.id());
        var input = pawl.load(run.input());
        ask(PolicyInput.submit(run, actor, input), "submit", null, null, told);
        for (String step : pawl.store().taskCounts(run.id()).keySet()) {
            int from = 0;
            while (true) {
                var page = pawl.store().tasks(run.id(), step, from, PAGE);
                for (TaskDetails task : page) ask(pawl, run, actor, input, task, told);
                if (page.size() < PAGE) break;
                from = page.getLast().task().key().index() + 1;
            }
        }
    }

    private void ask(Pawl pawl, RunDetails run, String actor, Json input, TaskDetails task, Consumer<Stop> told) {
        var key = task.task().key();
        if (key.kernels() || task.task().attempt() == 0) return;
        var about = PolicyInput.of(run, actor, input, key, task.task().attempt());
        ask(about.before(), "before", key.label(), null, told);
        for (Effect effect : pawl.journal(key)) {
            if (effect.ordinal() < 0 || !Tape.isOutside(effect.kind())) continue;
            var document = about.effect(effect.kind(), effect.name(), Requests.of(effect));
            ask(document, "effect", key.label(), effect.name(), told);
        }
        Payload output = task.output();
        if (output != null) ask(about.after(pawl.load(output)), "after", key.label(), null, told);
    }

    private void ask(Json document, String point, @Nullable String task, @Nullable String effect, Consumer<Stop> told) {
        asked++;
        var decision = policies.decide(document);
        if (decision.answer() == Policy.Answer.ALLOW) return;
        stopped++;
        if (decision.answer() == Policy.Answer.DENY) denied++;
        told.accept(new Stop(point, task, effect, decision));
    }
}
