package dev.pawl.cli;

import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.engine.Need;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** What needs somebody as JSON for machines. Times are ISO 8601 in UTC; what does not apply is null. */
final class NeedDocument {

    private NeedDocument() {}

    static ObjectNode of(Need need) {
        var run = need.run();
        var document = JsonText.object();
        document.put("needs", kind(need))
                .put("run", run.id().toString())
                .put("program", run.program())
                .put("version", run.version())
                .put("status", run.status().name())
                .put(
                        "reason",
                        run.run().reason() == null ? null : run.run().reason().name())
                .put("since", Text.iso(need.since()))
                .put("title", need.title());
        switch (need) {
            case Need.Change change -> change(document, change);
            case Need.Approval approval -> {
                document.put("task", approval.task().label())
                        .put("name", approval.name())
                        .put("byPolicy", approval.byPolicy());
                document.set("request", RunDocument.tree(approval.request()));
            }
            case Need.Hold hold -> {
                document.put("why", hold.why().name()).put("release", hold.release());
                document.set("problem", problem(hold.problem()));
            }
        }
        var commands = document.putArray("commands");
        need.commands().forEach(commands::add);
        return document;
    }

    private static String kind(Need need) {
        return switch (need) {
            case Need.Change ignored -> "OUTCOME";
            case Need.Approval ignored -> "APPROVAL";
            case Need.Hold ignored -> "RELEASE";
        };
    }

    private static void change(ObjectNode document, Need.Change change) {
        document.put("task", change.task().label())
                .put("name", change.name())
                .put("key", change.key())
                .put("asked", change.asked())
                .put("mayBeAsked", change.mayBeAsked());
        document.set("request", RunDocument.tree(change.request()));
        document.set("problem", problem(change.problem()));
        document.set("answer", problem(change.answer()));
        var tries = document.putArray("tries");
        for (var each : change.tries()) {
            var one = tries.addObject()
                    .put("at", Text.iso(each.at()))
                    .put("status", each.status().name())
                    .put("byPerson", each.byPerson());
            var problem = each.problem();
            one.put("problem", problem == null ? null : problem.summary());
        }
    }

    private static JsonNode problem(@Nullable Problem problem) {
        return RunDocument.tree(problem == null ? Json.NULL : problem.toJson());
    }
}
