package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;

/**
 * From where a run goes on that did not begin at the beginning: kept in its history as the event {@value Onward#KIND}.
 *
 * @param run the earlier run
 * @param step the last step of that run that this one has the state of; 0 for its beginning
 * @param after the link of the earlier run's chain there; this and the hashes are empty if nothing is hashed
 * @param state the hash of the state that this run begins with
 * @param chain the first link of this run's chain
 * @param edited whether somebody changed the state
 */
record StartingPoint(String run, int step, String after, String state, String chain, boolean edited) {

    private static final TypeRef<StartingPoint> TYPE = TypeRef.of(StartingPoint.class);

    static StartingPoint read(Json base) {
        return Codec.STANDARD.read(base, TYPE, "The base of the run");
    }

    Json json() {
        return Codec.STANDARD.write(this, TYPE, "The base of the run");
    }
}
