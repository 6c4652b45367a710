package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Hash;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * A chain of hashes over the steps of a run, so that a history can be verified from end to end, without the code: each link
 * is the SHA-256 over the RFC 8785 form of what is known of a step and of the link before.
 */
final class Chain {

    private Chain() {}

    /** The first link of a run: it binds the program, its version and the state that the run begins with. */
    static String start(String program, String version, String state) {
        return Hash.of(new Json("{\"program\":%s,\"version\":%s,\"state\":\"%s\"}"
                .formatted(Json.quote(program), Json.quote(version), state)));
    }

    /** The first link of a run that goes on from the middle of another one. */
    static String goOn(String after, String program, String version, String state) {
        return Hash.of(new Json("{\"after\":\"%s\",\"program\":%s,\"version\":%s,\"state\":\"%s\"}"
                .formatted(after, Json.quote(program), Json.quote(version), state)));
    }

    /** The link of a step. */
    static String step(
            String after,
            int step,
            String node,
            String input,
            String effects,
            String state,
            String edge,
            @Nullable String next) {
        // As a tree, not as a text that would have to be read again: this is done for every step.
        return Hash.of(JsonNodeFactory.instance
                .objectNode()
                .put("after", after)
                .put("step", step)
                .put("node", node)
                .put("input", input)
                .put("effects", effects)
                .put("state", state)
                .put("edge", edge)
                .put("next", next));
    }
}
