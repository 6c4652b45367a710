package dev.pawl.graph;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.ArrayList;
import java.util.List;

/**
 * Where a run stands between two steps, and where its state is found: kept in the run's row.
 *
 * @param step the number of the next step; the first is 1
 * @param node the node of the next step; empty at the end
 * @param chain the newest link of the chain of hashes; empty if nothing is hashed
 * @param from the step after which the state was last kept in full
 * @param path the tasks of the steps from that one on, the others keeping only what changed; an empty name for the input
 *     of the run
 */
record Position(int step, String node, String chain, int from, List<String> path) {

    private static final TypeRef<Position> TYPE = TypeRef.of(Position.class);

    /** So many steps at most keep only what changed, before one keeps the whole state again. */
    private static final int CHANGES = 16;

    static final String INPUT = "";

    Position {
        path = List.copyOf(path);
    }

    /** Before the first step. */
    static Position start(String node, String chain) {
        return new Position(1, node, chain, 0, List.of(INPUT));
    }

    /** Before a step of a run that goes on from another one, whose state is kept in a task of this run. */
    static Position base(int step, String node, String chain) {
        return new Position(step, node, chain, step - 1, List.of(Rules.BASE));
    }

    static Position read(Json state) {
        return Codec.STANDARD.read(state, TYPE, "The state of the graph");
    }

    Json json() {
        return Codec.STANDARD.write(this, TYPE, "The state of the graph");
    }

    boolean mayKeepChanges() {
        return path.size() < CHANGES;
    }

    /** After the next step. */
    Position after(Facts facts) {
        var names = new ArrayList<String>();
        if (!facts.full()) names.addAll(path);
        names.add(node);
        String next = facts.next() == null ? "" : facts.next();
        return new Position(step + 1, next, facts.chain(), facts.full() ? step : from, names);
    }
}
