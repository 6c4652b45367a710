package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import dev.pawl.tape.Effects;
import dev.pawl.tape.Requests;
import dev.pawl.tape.Tape;
import dev.pawl.travel.Story;
import dev.pawl.travel.TaskTimeline;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run of a job whose moments are its effects, in order: those of its current round, and then those that undid it. Earlier
 * rounds are closed, and their journals are gone. The state is what the round was given and all that was recorded so far.
 */
final class EffectTimeline implements Timeline {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final History history;
    private final int round;
    private final List<Effect> body;
    private final List<Effect> all = new ArrayList<>();
    private final List<String> hashes = new ArrayList<>();
    private final String undo;

    EffectTimeline(History history) {
        this.history = history;
        this.round = JobRules.round(history.run().state());
        this.body = effects(JobRules.JOB, round);
        this.all.addAll(body);
        var undone = history.tasks(JobRules.UNDO, 0, 2);
        int index = undone.isEmpty() ? 0 : undone.getFirst().task().key().index();
        this.undo = JobRules.UNDO + '[' + index + ']';
        if (!undone.isEmpty()) all.addAll(effects(JobRules.UNDO, index));
    }

    private List<Effect> effects(String task, int index) {
        return history.journal(task, index).stream()
                .filter(effect -> effect.ordinal() >= 0)
                .toList();
    }

    /** How many moments the code of the job itself has. */
    int bodies() {
        return body.size();
    }

    /** How many moments lie before a position of the journal, the beginning not among them. */
    int before(int ordinal) {
        int before = 0;
        while (before < body.size() && body.get(before).ordinal() < ordinal) before++;
        return before;
    }

    @Override
    public int first() {
        return 0;
    }

    @Override
    public int last() {
        return all.size();
    }

    private Effect effect(int number) {
        return all.get(number - 1);
    }

    private void require(int number) {
        if (number < 0 || number > all.size()) throw TaskTimeline.noMoment(history, number, 0, all.size());
    }

    @Override
    public Moment at(int number) {
        require(number);
        if (number == 0) {
            return Moment.beginning(0, round == 0 ? "the beginning" : "the beginning of round " + round, hash(0));
        }
        var effect = effect(number);
        boolean undoing = number > body.size();
        String what = (undoing ? "undo: " : "")
                + Tape.label(effect.kind(), effect.name())
                + (effect.status() == EffectStatus.APPLIED ? "" : " " + effect.status());
        return new Moment(number, what, undoing ? undo : JobRules.JOB + '[' + round + ']', hash(number), null);
    }

    private Json input() {
        return round == 0 ? history.input() : history.output(JobRules.JOB, round - 1);
    }

    private String hash(int number) {
        if (hashes.isEmpty()) hashes.add(Hash.of(input()));
        while (hashes.size() <= number) {
            hashes.add(Effects.hash(hashes.getLast(), effect(hashes.size())));
        }
        return hashes.get(number);
    }

    @Override
    public Json state(int number) {
        require(number);
        var state = NODES.objectNode();
        state.set("input", Codec.STANDARD.tree(input()));
        var recorded = state.putArray("recorded");
        for (int i = 1; i <= number; i++) recorded.add(told(i));
        return new Json(state.toString());
    }

    private ObjectNode told(int number) {
        var effect = effect(number);
        var told = NODES.objectNode();
        if (number > body.size()) told.put("undo", true);
        told.put("at", effect.ordinal()).put("kind", effect.kind());
        if (!effect.name().isEmpty()) told.put("name", effect.name());
        told.put("status", effect.status().name());
        var request = Requests.of(effect);
        if (request != null) told.set("request", Codec.STANDARD.tree(request));
        if (effect.value() != null) told.set("value", Codec.STANDARD.tree(history.load(effect.value())));
        if (effect.problem() != null) told.set("problem", Codec.STANDARD.tree(effect.problem()));
        return told;
    }

    @Override
    public List<Effect> effects(int number) {
        require(number);
        return number == 0 ? List.of() : List.of(effect(number));
    }

    @Override
    public @Nullable String rest() {
        return Story.rest(history.details());
    }
}
