package dev.pawl.schedule;

import dev.pawl.core.Json;
import dev.pawl.core.RunId;
import dev.pawl.json.Codec;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What the run of a schedule keeps between its turns.
 *
 * @param edited the schedule as it was changed to; null as long as it is the run's input
 * @param state what the rules remember
 * @param runs the run of each open fire, by its key
 * @param last the newest fire that started a run, or null
 * @param trouble why the last thing that was asked of it could not be done, or null
 */
record ScheduleMemory(
        @Nullable Schedule edited,
        ScheduleState state,
        Map<String, RunId> runs,
        @Nullable Last last,
        @Nullable String trouble) {

    /** That of a run that had no turn yet. */
    static final Json NONE = new Json("{}");

    /**
     * A fire that started a run.
     *
     * @param planned when it was planned, or asked for
     */
    record Last(Instant planned, RunId run) {}

    /** @param createdAt when the run was */
    static ScheduleMemory read(Json json, Instant createdAt) {
        if (json.equals(NONE)) {
            return new ScheduleMemory(null, ScheduleState.fresh(createdAt), Map.of(), null, null);
        }
        var tree = Codec.STANDARD.tree(json);
        var runs = new LinkedHashMap<String, RunId>();
        tree.path("runs")
                .properties()
                .forEach(
                        run -> runs.put(run.getKey(), RunId.parse(run.getValue().asString())));
        var last = tree.get("last");
        return new ScheduleMemory(
                tree.has("edited") ? Schedule.read(json(tree.path("edited"))) : null,
                ScheduleState.read(json(tree.path("state"))),
                runs,
                last == null
                        ? null
                        : new Last(
                                Instant.parse(last.path("planned").asString()),
                                RunId.parse(last.path("run").asString())),
                tree.has("trouble") ? tree.path("trouble").asString() : null);
    }

    private static Json json(JsonNode node) {
        return new Json(node.toString());
    }

    Json toJson() {
        var out = JsonNodeFactory.instance.objectNode();
        if (edited != null) out.set("edited", Codec.STANDARD.tree(edited.toJson()));
        out.set("state", Codec.STANDARD.tree(state.toJson()));
        var open = out.putObject("runs");
        runs.forEach((key, run) -> open.put(key, run.toString()));
        if (last != null) {
            out.putObject("last")
                    .put("planned", last.planned().toString())
                    .put("run", last.run().toString());
        }
        if (trouble != null) out.put("trouble", trouble);
        return new Json(out.toString());
    }
}
