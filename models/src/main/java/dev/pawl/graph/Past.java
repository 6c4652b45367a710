package dev.pawl.graph;

import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Delta;
import dev.pawl.spi.History;
import dev.pawl.tape.ContentHash;
import dev.pawl.travel.Story;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The steps of a run as its history tells them; needs no code. */
final class Past {

    private final History history;
    private final @Nullable StartingPoint base;
    private final List<Step> steps;

    private Past(History history, @Nullable StartingPoint base, List<Step> steps) {
        this.history = history;
        this.base = base;
        this.steps = List.copyOf(steps);
    }

    /** A step that has ended well. */
    record Step(int number, String node, Facts facts) {}

    static Past of(History history) {
        var bases = new ArrayList<StartingPoint>();
        var steps = new ArrayList<Step>();
        Story.events(history, event -> {
            if (event.kind().equals(Onward.KIND)) bases.add(StartingPoint.read(event.data()));
            if (event.kind().equals(Facts.KIND)) {
                int begin = bases.isEmpty() ? 0 : bases.getLast().step();
                steps.add(new Step(begin + steps.size() + 1, node(event), Facts.read(event.data())));
            }
        });
        return new Past(history, bases.isEmpty() ? null : bases.getLast(), steps);
    }

    private static String node(Event event) {
        String task = String.valueOf(event.task());
        int index = task.indexOf('[');
        return index < 0 ? task : task.substring(0, index);
    }

    /** In order. */
    List<Step> steps() {
        return steps;
    }

    /** What it goes on from; null if it began at the beginning. */
    @Nullable
    StartingPoint base() {
        return base;
    }

    /** The step whose state it began with; 0 for the input. */
    int begin() {
        return base == null ? 0 : base.step();
    }

    /** The state that it began with. */
    JsonNode beginning() {
        return Codec.STANDARD.tree(base == null ? history.input() : history.output(Rules.BASE, base.step()));
    }

    /** The state after a step, made from the one before it. */
    JsonNode after(Step step, JsonNode before) {
        var kept = Codec.STANDARD.tree(history.output(step.node(), step.number()));
        return step.facts().full() ? kept : Delta.apply(before, kept);
    }

    /** @throws IllegalStateException if there is none */
    static JsonNode tree(@Nullable Json json) {
        if (json == null) throw new IllegalStateException("It is missing.");
        return Codec.STANDARD.tree(json);
    }

    /** The first link of the chain of hashes; empty if nothing is hashed. */
    String firstLink() {
        if (base != null) return base.chain();
        boolean hashed = steps.isEmpty()
                ? !Position.read(history.run().state()).chain().isEmpty()
                : !steps.getFirst().facts().chain().isEmpty();
        var details = history.details();
        return hashed ? Chain.start(details.program(), details.version(), ContentHash.of(history.input())) : "";
    }

    /**
     * Where the run stood before a step.
     *
     * @param wanted a number, or the name of a node that was passed once
     * @throws Failure.Logic if there is no such step
     */
    Position before(String wanted) {
        int number = number(wanted);
        var at = start();
        for (Step step : steps) {
            if (step.number() == number) return at;
            at = at.after(step.facts());
        }
        if (at.step() == number && !at.node().isEmpty()) return at;
        throw noStep(wanted);
    }

    /** Where the run stood before its first step. */
    Position start() {
        return base == null
                ? Position.start(nodeOf(1), firstLink())
                : Position.base(base.step() + 1, nodeOf(base.step() + 1), firstLink());
    }

    /** The node of a step: also of the one that the run stopped at. */
    private String nodeOf(int number) {
        for (Step step : steps) {
            if (step.number() == number) return step.node();
        }
        var at = Position.read(history.run().state());
        return at.node();
    }

    private int number(String wanted) {
        if (wanted.chars().allMatch(Character::isDigit) && !wanted.isEmpty()) return Integer.parseInt(wanted);
        var found = steps.stream().filter(step -> step.node().equals(wanted)).toList();
        var at = Position.read(history.run().state());
        if (found.isEmpty() && at.node().equals(wanted)) return at.step();
        if (found.size() == 1 && !at.node().equals(wanted))
            return found.getFirst().number();
        if (found.isEmpty()) throw noStep(wanted);
        throw new Failure.Logic("Run %s passed node \"%s\" several times; say which by its number: %s."
                .formatted(
                        history.run().id(),
                        wanted,
                        found.stream().map(Step::number).toList()));
    }

    private Failure.Logic noStep(String wanted) {
        return new Failure.Logic("Run %s has no step \"%s\". Its steps: %s."
                .formatted(
                        history.run().id(),
                        wanted,
                        steps.stream()
                                .map(step -> step.number() + " " + step.node())
                                .toList()));
    }
}
