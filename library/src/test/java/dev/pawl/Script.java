package dev.pawl;

import dev.pawl.boundary.Strictness;
import dev.pawl.core.Json;
import dev.pawl.core.Retry;
import dev.pawl.graph.Graph;
import dev.pawl.graph.Node;
import dev.pawl.io.Connector;
import dev.pawl.io.Io;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The code of a graph as data, so that it can be edited by chance: what each node asks of the outside, and where to go on.
 *
 * @param tries how often each node is tried
 * @param behind what the outside says to calls: code behind the boundary
 * @param note whether the state has one more field, with a default
 * @param backwards whether the nodes are defined in the opposite order
 */
record Script(List<Spot> spots, int tries, String behind, boolean note, boolean backwards) {

    /** What is asked for. */
    enum Kind {
        CALL,
        CONNECTED,
        ONCE,
        NOW,
        UUID,
        APPROVAL
    }

    /**
     * Something that a node asks for.
     *
     * @param deep a number that stands deep inside of its request
     * @param respelt whether the members of the request stand in another order
     */
    record Ask(Kind kind, String name, int deep, boolean respelt) {

        /** What is compared with what was recorded. */
        String recorded() {
            return switch (kind) {
                case NOW, UUID -> kind.name();
                default -> kind + " " + name + " " + deep;
            };
        }

        Map<String, Object> request() {
            var request = new LinkedHashMap<String, Object>();
            var inner = new LinkedHashMap<String, Object>();
            if (respelt) inner.put("more", List.of(1, 2));
            inner.put("deep", List.of(Map.of("number", deep)));
            if (!respelt) inner.put("more", List.of(1, 2));
            if (respelt) request.put("inner", inner);
            request.put("what", "this");
            if (!respelt) request.put("inner", inner);
            return request;
        }
    }

    /**
     * A node. It counts each step, and goes back while the count is below the limit.
     *
     * @param label of the edge that leads back; null if there is none
     * @param back where that leads
     * @param next where it goes on otherwise; null for the end
     */
    record Spot(
            String name,
            List<Ask> asks,
            int limit,
            @Nullable String label,
            @Nullable String back,
            @Nullable String next) {

        Spot asking(List<Ask> asks) {
            return new Spot(name, List.copyOf(asks), limit, label, back, next);
        }

        /** The edge that it takes after so many steps, in words. */
        String edge(int steps) {
            boolean goesBack = label != null && steps < limit;
            return (goesBack ? label : label == null ? "then" : "otherwise") + " " + after(steps);
        }

        /** Where it goes on after so many steps; null for the end. */
        @Nullable
        String after(int steps) {
            return label != null && steps < limit ? back : next;
        }
    }

    Spot spot(String name) {
        return spots.stream().filter(spot -> spot.name.equals(name)).findFirst().orElseThrow();
    }

    Script with(List<Spot> spots) {
        return new Script(List.copyOf(spots), tries, behind, note, backwards);
    }

    // ---- as a definition ------------------------------------------------------------------------------------------

    /** The outside, as the code of a test has made it. */
    interface World {
        /** Does what is asked for. */
        void perform(Ask ask);
    }

    private interface Paper<P> {
        int n();

        List<String> log();

        P next(List<String> log);
    }

    record Slim(int n, List<String> log) implements Paper<Slim> {
        @Override
        public Slim next(List<String> log) {
            return new Slim(n + 1, log);
        }
    }

    record Wide(int n, List<String> log, @Nullable String note) implements Paper<Wide> {
        Wide {
            if (note == null) note = "none";
        }

        @Override
        public Wide next(List<String> log) {
            return new Wide(n + 1, log, note);
        }
    }

    static final Json INPUT = new Json("{\"n\":0,\"log\":[]}");

    Graph<?> graph(String name, String version, World world) {
        return note ? graph(name, version, Wide.class, world) : graph(name, version, Slim.class, world);
    }

    private <P extends Paper<P>> Graph<P> graph(String name, String version, Class<P> type, World world) {
        return Graph.define(name, type, g -> {
                    var nodes = new LinkedHashMap<String, Node<P>>();
                    for (Spot spot : backwards ? spots.reversed() : spots) {
                        nodes.put(spot.name, g.node(spot.name, (paper, io) -> {
                            var log = new ArrayList<>(paper.log());
                            for (Ask ask : spot.asks) log.add(ask(ask, io, world));
                            return paper.next(log);
                        }));
                    }
                    for (Spot spot : spots) edges(spot, nodes);
                    nodes.values().forEach(node -> node.retry(Retry.times(tries)));
                    g.start(nodes.get(spots.getFirst().name));
                })
                .version(version)
                .boundary(Strictness.OFF);
    }

    private static <P extends Paper<P>> void edges(Spot spot, Map<String, Node<P>> nodes) {
        var node = nodes.get(spot.name);
        var next = spot.next == null ? null : nodes.get(spot.next);
        if (spot.label == null) {
            var unused = next == null ? node.end() : node.then(next);
            return;
        }
        int limit = spot.limit;
        var back = node.when(spot.label, paper -> paper.n() < limit, nodes.get(spot.back));
        var unused = next == null ? back.otherwiseEnd() : back.otherwise(next);
    }

    private String ask(Ask ask, Io io, World world) throws Exception {
        return switch (ask.kind) {
            case CALL -> io.call(ask.name, ask.request(), String.class, request -> perform(ask, world));
            case CONNECTED -> io.call(ask.name, new Stub(ask, world), ask.request());
            case ONCE -> io.once(ask.name, new Stub(ask, world), ask.request());
            case NOW -> io.now() == null ? "" : "now";
            case UUID -> io.uuid() == null ? "" : "uuid";
            case APPROVAL ->
                "approved by " + io.approval(ask.name, ask.request()).by();
        };
    }

    private String perform(Ask ask, World world) {
        world.perform(ask);
        return answer(ask);
    }

    /** What the outside says to something. */
    String answer(Ask ask) {
        return switch (ask.kind) {
            case NOW -> "now";
            case UUID -> "uuid";
            case APPROVAL -> "approved by ann";
            default -> behind + " " + ask.name + " " + ask.deep;
        };
    }

    private final class Stub implements Connector<Map<String, Object>, String> {
        private final Ask ask;
        private final World world;

        Stub(Ask ask, World world) {
            this.ask = ask;
            this.world = world;
        }

        @Override
        public String kind() {
            return "stub";
        }

        @Override
        public Json request(Map<String, Object> request) {
            return Codec.STANDARD.write(request, new TypeRef<Map<String, Object>>() {}, "The request");
        }

        @Override
        public TypeRef<String> response() {
            return TypeRef.of(String.class);
        }

        @Override
        public String call(Map<String, Object> request, Context context) {
            return perform(ask, world);
        }
    }

    // ---- as the oracle says ---------------------------------------------------------------------------------------

    /**
     * Where a run is stopped, the first time that it comes there.
     *
     * @param at what the node asks for there: an approval, or a call that its worker dies in
     */
    record Stop(String spot, int at, boolean approval) {
        /** How much of the node is recorded. The question to a person is, and the call that somebody died in is not. */
        int recorded() {
            return approval ? at + 1 : at;
        }
    }

    /** Whether code can go on with a run. */
    enum Verdict {
        /** It can. */
        COMPATIBLE,
        /** It asks for something else than was recorded. */
        DIVERGED,
        /** It needs another version. */
        SHAPE
    }

    /**
     * Whether this code can go on with a run that another one has begun and that was stopped. Only what the run still
     * needs of the past counts: nodes that have ended are not run again.
     */
    Verdict goesOn(Script began, Stop stop) {
        if (!began.shape().equals(shape())) return Verdict.SHAPE;
        return goesThrough(began, stop) ? Verdict.COMPATIBLE : Verdict.DIVERGED;
    }

    /**
     * Whether this code, executed again on what is recorded of a run that another one has begun and that was stopped, comes
     * the same way. Here everything of the past counts.
     */
    boolean replays(Script began, Stop stop) {
        var path = began.foretold(began, stop).path();
        int steps = path.indexOf(stop.spot);
        if (!spots.getFirst().name.equals(path.getFirst())) return false;
        for (int i = 0; i < steps; i++) {
            String name = path.get(i);
            if (!has(name)) return false;
            var then = began.spot(name);
            var now = spot(name);
            boolean same = recorded(now.asks).equals(recorded(then.asks))
                    && note == began.note
                    && now.edge(i + 1).equals(then.edge(i + 1));
            if (!same) return false;
        }
        return has(stop.spot) && goesThrough(began, stop);
    }

    private boolean has(String name) {
        return spots.stream().anyMatch(spot -> spot.name.equals(name));
    }

    /** Whether it asks for everything that was recorded of the node that the run was stopped in. */
    private boolean goesThrough(Script began, Stop stop) {
        var recorded = recorded(began.spot(stop.spot).asks).subList(0, stop.recorded());
        var asks = recorded(spot(stop.spot).asks);
        return asks.size() >= recorded.size()
                && asks.subList(0, recorded.size()).equals(recorded);
    }

    private static List<String> recorded(List<Ask> asks) {
        return asks.stream().map(Ask::recorded).toList();
    }

    /** The nodes and edges, by name. */
    private Object shape() {
        var shape = new LinkedHashMap<String, Object>();
        for (Spot spot : spots) {
            shape.put(
                    spot.name,
                    List.of(String.valueOf(spot.label), String.valueOf(spot.back), String.valueOf(spot.next)));
        }
        return List.of(spots.getFirst().name, shape);
    }

    /** What a run comes to. */
    record End(List<String> path, List<String> log) {}

    /** What comes of a run that another code has begun, that was stopped, and that this code goes on with. */
    End foretold(Script began, Stop stop) {
        var path = new ArrayList<String>();
        var log = new ArrayList<String>();
        var code = began;
        String at = began.spots.getFirst().name;
        while (at != null) {
            var before = code;
            boolean stopped = before == began && at.equals(stop.spot) && !path.contains(at);
            if (stopped) code = this;
            path.add(at);
            var asks = code.spot(at).asks;
            for (int i = 0; i < asks.size(); i++) {
                log.add((stopped && i < stop.recorded() ? before : code).answer(asks.get(i)));
            }
            at = code.spot(at).after(path.size());
        }
        return new End(path, log);
    }

    /** The nodes that a run has not come to when it is stopped. */
    List<String> ahead(Stop stop) {
        var seen = foretold(this, stop).path();
        var before = seen.subList(0, seen.indexOf(stop.spot) + 1);
        return spots.stream()
                .map(Spot::name)
                .filter(name -> !before.contains(name))
                .toList();
    }

    @Override
    public String toString() {
        var text = new StringBuilder();
        for (Spot spot : spots) {
            text.append('\n').append(spot.name);
            if (spot.label != null)
                text.append(' ')
                        .append(spot.label)
                        .append(" <")
                        .append(spot.limit)
                        .append(" ")
                        .append(spot.back);
            text.append(" -> ")
                    .append(Objects.toString(spot.next, "end"))
                    .append(": ")
                    .append(recorded(spot.asks));
        }
        return text.toString();
    }
}
