package dev.pawl.cli;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Payload;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.engine.Pawl;
import dev.pawl.json.Codec;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Runs, tasks and events as JSON for machines. Times are ISO 8601 in UTC; what does not apply is null. */
final class RunDocument {

    private RunDocument() {}

    static ObjectNode of(RunDetails run) {
        var document = JsonText.object();
        document.put("run", run.id().toString())
                .put("program", run.program())
                .put("version", run.version())
                .put("status", run.status().name());
        document.put(
                "reason", run.run().reason() == null ? null : run.run().reason().name());
        document.put("key", run.key())
                .put("slot", run.slot())
                .put("queue", run.run().placement().queue())
                .put("priority", run.run().placement().priority().name())
                .put("tenant", run.run().placement().key())
                .put("createdAt", Text.iso(run.createdAt()))
                .put("startedAt", Text.iso(run.run().startedAt()))
                .put("endedAt", Text.iso(run.endedAt()))
                .put("deadlineAt", Text.iso(run.run().deadlineAt()))
                .put("retryOf", run.retryOf() == null ? null : run.retryOf().toString())
                .put("link", run.link() == null ? null : run.link().name())
                .put(
                        "parent",
                        run.run().family().parent() == null
                                ? null
                                : run.run().family().parent().toString())
                .put("children", run.run().family().children())
                .put("slot", run.slot())
                .put("held", run.detail());
        document.set("labels", tree(run.labels()));
        document.set("problem", tree(run.problem()));
        return document;
    }

    static ObjectNode of(Pawl pawl, TaskDetails task) {
        var document = JsonText.object();
        document.put("task", task.task().key().label())
                .put("status", task.task().status().name())
                .put("attempt", task.task().attempt())
                .put("queue", task.task().placement().queue())
                .put("worker", task.task().worker())
                .put("createdAt", Text.iso(task.createdAt()))
                .put("startedAt", Text.iso(task.startedAt()))
                .put("endedAt", Text.iso(task.endedAt()))
                .put(
                        "dueAt",
                        task.task().status().terminal()
                                ? null
                                : Text.iso(task.task().wakeAt()));
        document.set("output", payload(pawl, task.output()));
        document.set("problem", tree(task.problem()));
        return document;
    }

    static ObjectNode of(Pawl pawl, Effect effect) {
        var document = JsonText.object();
        document.put("ordinal", effect.ordinal())
                .put("kind", effect.kind())
                .put("name", effect.name())
                .put("status", effect.status().name())
                .put("attempt", effect.attempt())
                .put("at", Text.iso(effect.at()));
        document.set("request", tree(effect.request()));
        document.set("value", payload(pawl, effect.value()));
        document.set("problem", tree(effect.problem()));
        return document;
    }

    static ObjectNode of(Event event) {
        var document = JsonText.object();
        document.put("seq", event.seq())
                .put("at", Text.iso(event.at()))
                .put("kind", event.kind())
                .put("task", event.task());
        document.set("data", tree(event.data()));
        return document;
    }

    static JsonNode payload(Pawl pawl, @Nullable Payload payload) {
        return tree(payload == null ? null : pawl.load(payload));
    }

    static JsonNode tree(@Nullable Json json) {
        return Codec.STANDARD.tree(json == null ? Json.NULL : json);
    }
}
