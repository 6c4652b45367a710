package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a step beside the state that it left: kept in the history as the event {@value #KIND}.
 *
 * @param edge the edge that was taken
 * @param next the node that it leads to; null for the end
 * @param full whether the state was kept as a whole, or only what changed
 * @param input the hash of the state before; this and the other hashes are empty if nothing is hashed
 * @param effects the hash of what the step asked of the outside, and what came back
 * @param state the hash of the state after
 * @param chain the hash of all this and of the chain so far
 */
record Facts(
        String edge, @Nullable String next, boolean full, String input, String effects, String state, String chain) {

    static final String KIND = "graph.step";
    private static final TypeRef<Facts> TYPE = TypeRef.of(Facts.class);

    static Facts read(Json facts) {
        return Codec.STANDARD.read(facts, TYPE, "What is known of the step");
    }

    Json json() {
        return Codec.STANDARD.write(this, TYPE, "What is known of the step");
    }
}
