package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.Delta;
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
        JsonNode state = null;
        for (int i = 0; i < at.path().size(); i++) {
            var kept = Codec.STANDARD.tree(outputs.apply(at.path().get(i), at.from() + i));
            state = state == null ? kept : Delta.applyTo(state, kept);
        }
        if (state == null) throw new IllegalStateException("A position without a path: " + at);
        return state;
    }

    /**
     * What a step keeps.
     *
     * @param full whether it is the whole state
     */
    record Kept(Json json, boolean full) {}

    static Kept keep(Position at, JsonNode before, JsonNode after, Json whole, boolean last) {
        if (last || whole.text().length() <= SMALL || !at.mayKeepChanges()) return new Kept(whole, true);
        String changes = Delta.between(before, after).toString();
        return changes.length() * 2 < whole.text().length()
                ? new Kept(new Json(changes), false)
                : new Kept(whole, true);
    }
}
