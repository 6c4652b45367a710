package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Delta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import tools.jackson.databind.JsonNode;

/**
 * The states of a run, of which most steps keep only what they changed, as a JSON Patch. A step keeps the whole state when
 * that is shorter, when too many before it kept changes alone, and at the end.
 */
final class States {

    /** Shorter ones are always kept as a whole: a patch could save nothing that counts. In characters. */
    private static final int SMALL = 1 << 10;

    private States() {}

    /**
     * The state before the next step.
     *
     * @param outputs of the run's tasks, by name and index; of {@link Position#INPUT} the input of the run
     */
    static JsonNode before(Position at, BiFunction<String, Integer, Json> outputs) {
        return of(kept(at, outputs));
    }

    /** What makes up the state before the next step: a whole one, and the changes since. */
    static List<Json> kept(Position at, BiFunction<String, Integer, Json> outputs) {
        if (at.path().isEmpty()) throw new IllegalStateException("A position without a path: " + at);
        var kept = new ArrayList<Json>(at.path().size());
        for (int i = 0; i < at.path().size(); i++)
            kept.add(outputs.apply(at.path().get(i), at.from() + i));
        return kept;
    }

    /** The state that is made up of this. */
    static JsonNode of(List<Json> kept) {
        var state = Codec.STANDARD.tree(kept.getFirst());
        for (var changes : kept.subList(1, kept.size())) {
            state = Delta.applyTo(state, Codec.STANDARD.tree(changes));
        }
        return state;
    }

    /**
     * What a step keeps.
     *
     * @param full whether it is the whole state
     */
    record Kept(Json json, boolean full) {

        /** What makes up the state after the step. */
        List<Json> after(List<Json> before) {
            if (full) return List.of(json);
            var after = new ArrayList<>(before);
            after.add(json);
            return after;
        }
    }

    static Kept keep(Position at, JsonNode before, JsonNode after, Json whole, boolean last) {
        if (last || whole.text().length() <= SMALL || !at.mayKeepChanges()) return new Kept(whole, true);
        String changes = Delta.between(before, after).toString();
        return changes.length() * 2 < whole.text().length()
                ? new Kept(new Json(changes), false)
                : new Kept(whole, true);
    }
}
