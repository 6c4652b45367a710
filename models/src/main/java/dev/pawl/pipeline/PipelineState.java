package dev.pawl.pipeline;

import dev.pawl.core.Json;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a pipeline's run keeps: where each handler stands. Everything else is in messages, journals and outputs.
 *
 * @param handlers by name
 * @param repairs how many repaired versions took over, one failure of the code after the other
 * @param replaced the definitions that were in charge before, the newest of them last
 */
record PipelineState(Map<String, Line> handlers, int repairs, List<Integer> replaced) {

    /** Processes with older code than that are not started any more. */
    private static final int REMEMBERED = 50;

    private static final TypeRef<PipelineState> TYPE = TypeRef.of(PipelineState.class);
    private static final String WHAT = "The state of a pipeline";

    /** Nothing has happened yet. */
    static final PipelineState NEW = new PipelineState(Map.of(), 0, List.of());

    PipelineState {
        handlers = new TreeMap<>(handlers);
        replaced = List.copyOf(replaced);
    }

    /**
     * Where a handler stands.
     *
     * @param open the index of its open activation
     * @param memory the index of the activation whose output is its cursor, or what it remembers; -1 for none yet
     * @param failures how often it failed in a row
     * @param schedule when it runs, if it is a producer
     * @param retired whether the version that is in charge has no such handler; should another have it again, it goes on
     *     from here
     */
    record Line(
            int open, int memory, int failures, @Nullable String schedule, boolean retired) {

        /** The first activation, or the first one after it was retired. */
        static Line begun(@Nullable Line before, @Nullable String schedule) {
            return before == null
                    ? new Line(0, -1, 0, schedule, false)
                    : new Line(before.open + 1, before.memory, 0, schedule, false);
        }

        Line committed() {
            return new Line(open + 1, open, 0, schedule, retired);
        }

        Line failed(boolean counts) {
            return new Line(open + 1, memory, counts ? failures + 1 : failures, schedule, retired);
        }

        Line forgiven() {
            return new Line(open, memory, 0, schedule, retired);
        }

        Line on(@Nullable String other) {
            return new Line(open, memory, failures, other, retired);
        }

        Line retire() {
            return new Line(open, memory, 0, null, true);
        }
    }

    static PipelineState read(Json state) {
        return Codec.STANDARD.read(state, TYPE, WHAT);
    }

    Json json() {
        return Codec.STANDARD.write(this, TYPE, WHAT);
    }

    @Nullable
    Line line(String handler) {
        return handlers.get(handler);
    }

    PipelineState with(String handler, Line line) {
        var more = new TreeMap<>(handlers);
        more.put(handler, line);
        return new PipelineState(more, repairs, replaced);
    }

    PipelineState repaired(int times) {
        return new PipelineState(handlers, times, replaced);
    }

    /** One definition takes over from another. */
    PipelineState replaced(int before, int after) {
        var known = new ArrayList<>(replaced);
        known.removeIf(one -> one == before || one == after);
        known.add(before);
        return new PipelineState(
                handlers, repairs, known.subList(Math.max(0, known.size() - REMEMBERED), known.size()));
    }
}
