package dev.pawl.graph;

import dev.pawl.core.Effect;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import dev.pawl.tape.ContentHash;
import dev.pawl.travel.Story;
import dev.pawl.travel.TaskTimeline;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A run of a graph whose moments are its steps. A state is made from the last one that was kept in full before it. */
final class StepTimeline implements Timeline {

    private final History history;
    private final Past past;

    /** The state that was asked for last: the next one is mostly the one after it. */
    private int known = -1;

    private @Nullable JsonNode state;

    StepTimeline(History history) {
        this.history = history;
        this.past = Past.of(history);
    }

    @Override
    public int first() {
        return past.begin();
    }

    @Override
    public int last() {
        return past.begin() + past.steps().size();
    }

    private Past.Step step(int number) {
        return past.steps().get(number - past.begin() - 1);
    }

    private void require(int number) {
        if (number < first() || number > last()) throw TaskTimeline.noMoment(history, number, first(), last());
    }

    @Override
    public Moment at(int number) {
        require(number);
        if (number == first()) return Moment.beginning(number, beginning(), hash(number, beginningHash()));
        var step = step(number);
        return moment(step, hash(number, step.facts().state()));
    }

    /** A step as a moment. */
    static Moment moment(Past.Step step, String hash) {
        var facts = step.facts();
        String next = facts.next() == null ? "the end" : facts.next();
        return new Moment(step.number(), step.node(), label(step), hash, facts.edge() + " -> " + next);
    }

    static String label(Past.Step step) {
        return step.node() + '[' + step.number() + ']';
    }

    private String beginning() {
        var base = past.base();
        if (base == null) return "the beginning";
        return "from step " + base.step() + " of run " + base.run() + (base.edited() ? ", with another state" : "");
    }

    private String beginningHash() {
        var base = past.base();
        return base == null ? "" : base.state();
    }

    /** As recorded, or made now if nothing was hashed. */
    private String hash(int number, String recorded) {
        return recorded.isEmpty() ? ContentHash.of(tree(number)) : recorded;
    }

    @Override
    public Json state(int number) {
        require(number);
        return new Json(tree(number).toString());
    }

    private JsonNode tree(int number) {
        int from = number;
        while (from > first()
                && !(from == known && state != null)
                && !step(from).facts().full()) from--;
        JsonNode tree = from == known && state != null
                ? state
                : from == first() ? past.beginning() : past.after(step(from), past.beginning());
        for (int next = from + 1; next <= number; next++) tree = past.after(step(next), tree);
        known = number;
        state = tree;
        return tree;
    }

    @Override
    public List<Effect> effects(int number) {
        require(number);
        return number == first() ? List.of() : effects(history, step(number).node(), number);
    }

    static List<Effect> effects(History history, String node, int number) {
        return history.journal(node, number).stream()
                .filter(effect -> effect.ordinal() >= 0)
                .toList();
    }

    @Override
    public @Nullable String rest() {
        var run = history.details();
        var at = Position.read(history.run().state());
        if (run.status() == RunStatus.SUCCEEDED || at.node().isEmpty()) return Story.rest(run);
        var step = new TaskKey(run.id(), at.node(), at.step());
        if (run.status() == RunStatus.FAILED && run.problem() != null) {
            return "Step %d, %s, failed: %s"
                    .formatted(
                            at.step(), step.name(), Problem.parse(run.problem()).summary());
        }
        return "Step %d, %s, has not ended. %s".formatted(at.step(), step.name(), Story.rest(run));
    }
}
