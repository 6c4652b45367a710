package dev.pawl;

import dev.pawl.graph.Graph;
import dev.pawl.graph.Node;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A graph made by chance: arithmetic on a small state, edges by its remainder, loops wherever they come, gaps where no edge
 * holds; as a definition, and as what an oracle says about it without any engine.
 */
record RandomGraph(List<Spot> spots, int maxSteps) {

    private static final long PRIME = 1_000_003;
    private static final int END = -1;

    /** @param pad makes it large, so that only changes are kept of it */
    record State(long value, List<Integer> path, String pad) {
        State next(long value, int spot) {
            var more = new ArrayList<>(path);
            more.add(spot);
            return new State(value, more, pad);
        }
    }

    /**
     * A node.
     *
     * @param ways where to go on for each remainder of the value; {@link #END} for the end
     * @param rest how the last remainders are treated: with an {@code otherwise}, or not at all
     */
    record Spot(int add, int times, int calls, boolean once, List<Integer> ways, Rest rest) {
        long before(long value) {
            return (value * times + add) % PRIME;
        }

        int modulus() {
            return ways.size();
        }
    }

    enum Rest {
        CONDITION,
        OTHERWISE,
        GAP
    }

    private static long answer(long value, int call) {
        return (value * 7 + call + 1) % PRIME;
    }

    private static long receipt(int spot) {
        return spot * 31L + 5;
    }

    static RandomGraph of(SplittableRandom random) {
        int size = random.nextInt(1, 8);
        var spots = new ArrayList<Spot>();
        for (int i = 0; i < size; i++) {
            int modulus = random.nextInt(1, 4);
            var ways = new ArrayList<Integer>();
            for (int w = 0; w < modulus; w++) {
                ways.add(random.nextInt(5) == 0 ? END : random.nextInt(size));
            }
            var rest = random.nextInt(3) == 0 ? Rest.GAP : random.nextBoolean() ? Rest.OTHERWISE : Rest.CONDITION;
            spots.add(new Spot(
                    random.nextInt(1, 50),
                    random.nextInt(1, 4),
                    random.nextInt(3),
                    random.nextInt(4) == 0,
                    ways,
                    modulus == 1 ? Rest.CONDITION : rest));
        }
        return new RandomGraph(spots, random.nextInt(1, 25));
    }

    /** The places that some edge leads to; a definition refuses all others. */
    private TreeSet<Integer> reached() {
        var seen = new TreeSet<Integer>();
        var open = new ArrayDeque<>(List.of(0));
        while (!open.isEmpty()) {
            int at = open.remove();
            if (!seen.add(at)) continue;
            var spot = spots.get(at);
            for (int w = 0; w < spot.modulus(); w++) {
                boolean gap = spot.rest == Rest.GAP && w == spot.modulus() - 1;
                if (!gap && spot.ways.get(w) != END) open.add(spot.ways.get(w));
            }
        }
        return seen;
    }

    // ---- as a definition ------------------------------------------------------------------------------------------

    /** The other side of changes that must not happen twice. */
    static final class Ledger {
        final Map<String, Integer> times = new HashMap<>();
        int calls;
    }

    Graph<State> graph(String name, Ledger ledger) {
        return Graph.define(name, State.class, g -> {
            var nodes = new LinkedHashMap<Integer, Node<State>>();
            for (int at : reached())
                nodes.put(at, g.node("n" + at, (state, io) -> {
                    var spot = spots.get(at);
                    long value = spot.before(state.value());
                    for (int call = 0; call < spot.calls; call++) {
                        int number = call;
                        value = io.call("c" + call, value, Long.class, asked -> {
                            ledger.calls++;
                            return answer(asked, number);
                        });
                    }
                    if (spot.once) {
                        value += io.once(
                                "o",
                                Long.class,
                                key -> {
                                    ledger.times.merge(key, 1, Integer::sum);
                                    return receipt(at);
                                },
                                key -> Optional.ofNullable(ledger.times.get(key))
                                        .map(times -> receipt(at)));
                    }
                    return state.next(value % PRIME, at);
                }));
            nodes.forEach((at, node) -> edges(spots.get(at), node, nodes));
            g.start(nodes.get(0));
            g.maxSteps(maxSteps);
        });
    }

    private static void edges(Spot spot, Node<State> node, Map<Integer, Node<State>> nodes) {
        int modulus = spot.modulus();
        for (int w = 0; w < modulus; w++) {
            var to = spot.ways.get(w) == END ? null : nodes.get(spot.ways.get(w));
            boolean last = w == modulus - 1;
            if (modulus == 1) then(node, to);
            else if (!last || spot.rest == Rest.CONDITION) when(node, to, w, modulus);
            else if (spot.rest == Rest.OTHERWISE) otherwise(node, to);
        }
    }

    private static void then(Node<State> node, @Nullable Node<State> to) {
        var unused = to == null ? node.end() : node.then(to);
    }

    private static void otherwise(Node<State> node, @Nullable Node<State> to) {
        var unused = to == null ? node.otherwiseEnd() : node.otherwise(to);
    }

    private static void when(Node<State> node, @Nullable Node<State> to, int remainder, int modulus) {
        String label = "remainder " + remainder;
        var unused = to == null
                ? node.endWhen(label, state -> state.value() % modulus == remainder)
                : node.when(label, state -> state.value() % modulus == remainder, to);
    }

    // ---- as the oracle says ---------------------------------------------------------------------------------------

    /**
     * How a run ends.
     *
     * @param problem the beginning of its message; null if it succeeds
     * @param path the steps that end well
     * @param calls how often something is called if nobody dies
     * @param changes how many changes happen that must not happen twice
     */
    record End(@Nullable String problem, long value, List<Integer> path, int calls, int changes) {}

    End foretold(long input) {
        long value = input;
        var path = new ArrayList<Integer>();
        int at = 0;
        int calls = 0;
        int changes = 0;
        while (at != END) {
            if (path.size() == maxSteps) return new End("did not come to its end in", value, path, calls, changes);
            var spot = spots.get(at);
            value = spot.before(value);
            for (int call = 0; call < spot.calls; call++) value = answer(value, call);
            if (spot.once) value = (value + receipt(at)) % PRIME;
            calls += spot.calls;
            changes += spot.once ? 1 : 0;
            int remainder = (int) (value % spot.modulus());
            if (spot.rest == Rest.GAP && remainder == spot.modulus() - 1) {
                return new End("There is no edge after the node \"n" + at, value, path, calls, changes);
            }
            path.add(at);
            at = spot.ways.get(remainder);
        }
        return new End(null, value, path, calls, changes);
    }
}
