package dev.pawl.graph;

import dev.pawl.core.RunStatus;
import dev.pawl.spi.History;
import dev.pawl.spi.Verification;
import dev.pawl.tape.ContentHash;
import dev.pawl.tape.Effects;
import dev.pawl.travel.Records;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Checks the chain of hashes of a run from end to end, without its code: every state and all effects are hashed again, and
 * every link is made again from what is recorded. Whatever does not fit is named, and hides nothing of what follows.
 */
final class ChainCheck {

    private final History history;
    private final Past past;
    private final List<String> flaws;
    private final List<String> remarks = new ArrayList<>();

    private ChainCheck(History history) {
        this.history = history;
        this.past = Past.of(history);
        this.flaws = new ArrayList<>(Records.flaws(history));
    }

    static Verification of(History history) {
        try {
            return new ChainCheck(history).run();
        } catch (RuntimeException unreadable) {
            var flaws = new ArrayList<>(Records.flaws(history));
            flaws.add("The record cannot be read: " + unreadable.getMessage());
            return new Verification(0, null, flaws, List.of());
        }
    }

    private Verification run() {
        String link = beginsHashed() ? past.firstLink() : "";
        @Nullable String input = link.isEmpty() ? null : beginning();
        @Nullable JsonNode state = read("The state that the run begins with", past::beginning);
        int unhashed = 0;
        for (var step : past.steps()) {
            var before = state;
            boolean known = before != null || step.facts().full();
            state = !known
                    ? null
                    : read(
                            "The output of task " + StepTimeline.label(step),
                            () -> past.after(step, before == null ? past.beginning() : before));
            var facts = step.facts();
            if (facts.chain().isEmpty()) {
                unhashed++;
                input = null;
            } else {
                if (state != null && !ContentHash.of(state).equals(facts.state())) {
                    flaws.add(
                            "The output of task %s is not what was hashed: the state after it has the hash %s, and step %d recorded %s."
                                    .formatted(
                                            StepTimeline.label(step),
                                            ContentHash.of(state),
                                            step.number(),
                                            facts.state()));
                    state = null; // what only changed since then cannot be told any more
                }
                step(step, link, input == null && before != null ? ContentHash.of(before) : input);
                input = facts.state();
            }
            link = facts.chain();
        }
        if (unhashed > 0 || (past.steps().isEmpty() && link.isEmpty())) {
            remarks.add("Of %d steps %d are not hashed (Hashing.OFF), so that these are unchanged was not checked."
                    .formatted(past.steps().size(), unhashed));
        }
        end(link, state);
        extra();
        return new Verification(past.steps().size(), link.isEmpty() ? null : link, flaws, remarks);
    }

    /** A run may have been submitted when nothing was hashed, and worked on when everything was. */
    private boolean beginsHashed() {
        var base = past.base();
        if (base != null) return !base.chain().isEmpty();
        if (past.steps().isEmpty()) return !past.firstLink().isEmpty();
        var first = past.steps().getFirst();
        if (first.facts().chain().isEmpty()) return false;
        boolean fromNothing = link(first, "").equals(first.facts().chain());
        if (fromNothing)
            remarks.add("Nothing was hashed when the run began, so its input is bound by its first step alone.");
        return !fromNothing;
    }

    private static String link(Past.Step step, String after) {
        var facts = step.facts();
        return Chain.step(
                after,
                step.number(),
                step.node(),
                facts.input(),
                facts.effects(),
                facts.state(),
                facts.edge(),
                facts.next());
    }

    private interface Reading {
        JsonNode read();
    }

    private @Nullable JsonNode read(String what, Reading reading) {
        try {
            return reading.read();
        } catch (RuntimeException lost) {
            flaws.add(what + " cannot be read: " + lost.getMessage());
            return null;
        }
    }

    /** Checks where the run begins; answers the hash of the state there. */
    private String beginning() {
        var base = past.base();
        if (base == null) return ContentHash.of(history.input());
        var details = history.details();
        String chain = Chain.goOn(base.after(), details.program(), details.version(), base.state());
        if (!chain.equals(base.chain()))
            flaws.add("Event %s was changed: its link is %s, and what it says has the link %s."
                    .formatted(Onward.KIND, base.chain(), chain));
        var state = read("The state that the run begins with", past::beginning);
        if (state != null && !ContentHash.of(state).equals(base.state())) {
            flaws.add("The output of task %s[%d], with which the run begins, is not what was hashed."
                    .formatted(Rules.BASE, base.step()));
        }
        earlier(base);
        return base.state();
    }

    /** The run that this one goes on from, if it is still there. */
    private void earlier(StartingPoint base) {
        var earlier = history.earlier();
        if (earlier == null || !earlier.details().id().toString().equals(base.run())) {
            remarks.add("Run %s, which it goes on from, is not at hand.".formatted(base.run()));
            return;
        }
        var before = Past.of(earlier);
        Past.Step last = null;
        for (var step : before.steps()) if (step.number() == base.step()) last = step;
        String link = last == null ? before.firstLink() : last.facts().chain();
        if (last == null && before.begin() != base.step()) {
            flaws.add("Run %s has no step %d to go on from.".formatted(base.run(), base.step()));
            return;
        }
        if (!link.equals(base.after())) {
            flaws.add("Run %s has the link %s after step %d, and this one goes on from %s."
                    .formatted(base.run(), link, base.step(), base.after()));
        }
        if (base.edited()) return;
        String state =
                last == null ? ContentHash.of(before.beginning()) : last.facts().state();
        if (!state.equals(base.state())) {
            flaws.add("Run %s has the state %s after step %d, and this one began with %s."
                    .formatted(base.run(), state, base.step(), base.state()));
        }
    }

    private void step(Past.Step step, String link, @Nullable String input) {
        var facts = step.facts();
        if (input != null && !facts.input().equals(input)) {
            flaws.add("%s is not what step %d began with: its hash is %s, and the step recorded %s."
                    .formatted(
                            step.number() == past.begin() + 1
                                    ? past.base() == null
                                            ? "The input of the run"
                                            : "The state that the run begins with"
                                    : "The state after step " + (step.number() - 1),
                            step.number(),
                            input,
                            facts.input()));
        }
        String effects = Effects.hash(history.journal(step.node(), step.number()));
        if (!effects.equals(facts.effects())) {
            flaws.add("The effects of task %s are not what was hashed: they have the hash %s, and step %d recorded %s."
                    .formatted(StepTimeline.label(step), effects, step.number(), facts.effects()));
        }
        String chain = link(step, link);
        if (!chain.equals(facts.chain())) {
            flaws.add(
                    "The event %s of step %d does not fit the chain: it says %s, and the link is %s. It, or what is before it, was changed."
                            .formatted(Facts.KIND, step.number(), facts.chain(), chain));
        }
    }

    private void end(String link, @Nullable JsonNode state) {
        var at = Position.read(history.run().state());
        int next = past.begin() + past.steps().size() + 1;
        if (at.step() != next || !at.chain().equals(link)) {
            flaws.add("The run stands before step %d with the link %s, and its events lead to step %d and %s."
                    .formatted(at.step(), at.chain(), next, link));
        }
        if (history.details().status() != RunStatus.SUCCEEDED) return;
        var result = read("The output of the run", () -> Past.tree(history.result()));
        if (state != null && result != null && !ContentHash.of(result).equals(ContentHash.of(state))) {
            flaws.add("The output of the run is not the state after its last step.");
        }
    }

    /** Outputs and effects of tasks that are no steps. */
    private void extra() {
        var known = new HashSet<String>();
        past.steps().forEach(step -> known.add(StepTimeline.label(step)));
        var at = Position.read(history.run().state());
        known.add(at.node() + '[' + at.step() + ']');
        if (past.base() != null) known.add(Rules.BASE + '[' + past.begin() + ']');
        dev.pawl.travel.Story.tasks(history, task -> {
            String label = task.task().key().label();
            if (!known.contains(label)) flaws.add("Task %s is no step of the run.".formatted(label));
        });
    }
}
