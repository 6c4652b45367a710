package dev.pawl.travel;

import dev.pawl.core.Effect;
import dev.pawl.core.Event;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.Payload;
import dev.pawl.core.RunDetails;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.History;
import dev.pawl.tape.Notes;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Writes a recorded run as one JSON document: a line for each task, effect and event, so that two can be compared as text.
 * Only what is recorded is written; no worker, and nothing of the machine. What lies in the artifact store comes along.
 */
final class ExportText {

    /** Goes up with every change that older code would misread. */
    static final int FORMAT = 1;

    static final String ARTIFACT = "Artifact";

    private final History history;
    private final StringBuilder text = new StringBuilder();
    private final TreeMap<String, String> artifacts = new TreeMap<>();

    private ExportText(History history) {
        this.history = history;
    }

    static String of(History history) {
        return new ExportText(history).write();
    }

    private String write() {
        var run = history.details();
        text.append("{\n\"pawlRun\": ").append(FORMAT).append(",\n\"program\": ");
        new Line(text)
                .text("name", run.program())
                .text("version", run.version())
                .json("shape", history.shape())
                .end();
        text.append(",\n\"run\": ");
        run(run);
        text.append(",\n\"tasks\": ");
        var tasks = new ArrayList<TaskDetails>();
        for (String name : history.taskNames().stream().sorted().toList()) {
            int from = 0;
            while (true) {
                var page = history.tasks(name, from, 1_000);
                tasks.addAll(page);
                if (page.size() < 1_000) break;
                from = page.getLast().task().key().index() + 1;
            }
        }
        list(tasks, this::task);
        text.append(",\n\"effects\": ");
        effects(tasks);
        text.append(",\n\"events\": ");
        var events = new ArrayList<Event>();
        Story.events(history, events::add);
        list(events, this::event);
        text.append(",\n\"messages\": ");
        list(history.mailbox(), this::message);
        text.append(",\n\"artifacts\": {");
        artifacts.forEach((reference, content) -> text.append(text.charAt(text.length() - 1) == '{' ? "\n" : ",\n")
                .append(Json.quote(reference))
                .append(": \"")
                .append(content)
                .append('"'));
        return text.append("}\n}\n").toString();
    }

    private interface Writing<T> {
        void write(T one);
    }

    private <T> void list(List<T> all, Writing<T> writing) {
        text.append('[');
        for (int i = 0; i < all.size(); i++) {
            text.append(i == 0 ? "\n" : ",\n");
            writing.write(all.get(i));
        }
        text.append(']');
    }

    private void run(RunDetails run) {
        var row = run.run();
        var line = new Line(text)
                .text("id", run.id().toString())
                .text("status", run.status().name())
                .text("reason", row.reason() == null ? null : row.reason().name())
                .text("key", run.key())
                .text("queue", row.placement().queue())
                .text("priority", row.placement().priority().name())
                .text("limitKey", row.placement().key())
                .json("state", row.state())
                .number("seq", (long) row.seq())
                .number("createdAt", run.createdAt())
                .number("startedAt", row.startedAt())
                .number("endedAt", run.endedAt())
                .number("deadlineAt", row.deadlineAt())
                .text(
                        "parent",
                        row.family().parent() == null
                                ? null
                                : String.valueOf(row.family().parent()))
                .number("child", (long) row.family().number())
                .number("children", (long) row.family().children())
                .number("mail", (long) row.family().mail())
                .text("undo", row.undo())
                .json("problem", run.problem())
                .text("detail", run.detail())
                .text("retryOf", run.retryOf() == null ? null : run.retryOf().toString())
                .text("link", run.link() == null ? null : run.link().name())
                .text("slot", run.slot())
                .json("labels", run.labels());
        payload(line, "input", run.input());
        payload(line, "output", run.output());
        var collected = run.collected();
        if (collected != null) {
            line.text("collected", collected.step()).flag("withErrors", collected.withErrors());
        }
        line.end();
    }

    private void task(TaskDetails details) {
        var task = details.task();
        var line = new Line(text)
                .text("name", task.key().name())
                .number("index", (long) task.key().index())
                .text("status", task.status().name())
                .text("queue", task.placement().queue())
                .number("attempt", (long) task.attempt())
                .number("returned", (long) task.returned())
                .number("lost", (long) task.lost())
                .number("stalls", (long) task.stalls())
                .number("wakeAt", task.wakeAt())
                .flag("held", task.held())
                .flag("parked", details.parked())
                .number("createdAt", details.createdAt())
                .number("startedAt", details.startedAt())
                .number("endedAt", details.endedAt())
                .json("problem", details.problem());
        payload(line, "output", details.output());
        line.end();
    }

    private void effects(List<TaskDetails> tasks) {
        int start = text.append('[').length();
        for (var details : tasks) {
            var key = details.task().key();
            effects(start, key.name(), key.index());
        }
        effects(start, TaskKey.SUBMIT, 0); // whether it might be submitted; there is no such task
        text.append(']');
    }

    private void effects(int start, String task, int index) {
        for (var effect : history.revisions(task, index)) {
            text.append(text.length() == start ? "\n" : ",\n");
            effect(task, index, effect);
        }
    }

    private void effect(String task, int index, Effect effect) {
        var line = new Line(text)
                .text("task", task)
                .number("index", (long) index)
                .number("ordinal", (long) effect.ordinal())
                .number("revision", (long) effect.revision())
                .number("attempt", (long) effect.attempt())
                .number("at", effect.at())
                .text("kind", effect.kind())
                .text("status", effect.status().name())
                .text("name", effect.name())
                .json("request", effect.request());
        payload(line, "value", effect.value());
        line.json("problem", effect.problem()).end();
        if (effect.kind().startsWith("artifact.")) content(effect);
    }

    /** Bytes that code has written or read. */
    private void content(Effect effect) {
        Json artifact = effect.kind().equals("artifact.write") && effect.value() != null
                ? history.load(effect.value())
                : request(effect);
        String reference = Notes.text(artifact, "reference");
        if (reference != null && !reference.isEmpty()) keep(reference);
    }

    private static @Nullable Json request(Effect effect) {
        return dev.pawl.tape.Requests.of(effect);
    }

    private void event(Event event) {
        new Line(text)
                .number("seq", (long) event.seq())
                .number("at", event.at())
                .text("kind", event.kind())
                .text("task", event.task())
                .json("data", event.data())
                .end();
    }

    private void message(Message message) {
        var line = new Line(text)
                .number("seq", (long) message.seq())
                .text("name", message.name())
                .text("id", message.id())
                .text("actor", message.actor())
                .number("at", message.at())
                .text("status", message.status().name());
        payload(line, "payload", message.payload());
        line.end();
    }

    private void payload(Line line, String name, @Nullable Payload payload) {
        if (payload == null) return;
        if (!payload.isArtifact()) {
            line.json(name, new Json(payload.stored()));
            return;
        }
        line.text(name + ARTIFACT, payload.reference());
        keep(payload.reference());
    }

    private void keep(String reference) {
        artifacts.computeIfAbsent(reference, same -> Base64.getEncoder().encodeToString(history.artifact(same)));
    }

    /** A JSON object on one line. What is null is left out. */
    private record Line(StringBuilder text) {

        Line {
            text.append('{');
        }

        private StringBuilder member(String name) {
            if (text.charAt(text.length() - 1) != '{') text.append(", ");
            return text.append('"').append(name).append("\": ");
        }

        Line text(String name, @Nullable String value) {
            if (value != null) member(name).append(Json.quote(value));
            return this;
        }

        Line number(String name, @Nullable Long value) {
            if (value != null) member(name).append(value);
            return this;
        }

        Line flag(String name, boolean value) {
            member(name).append(value);
            return this;
        }

        Line json(String name, @Nullable Json value) {
            if (value != null) member(name).append(value.text());
            return this;
        }

        void end() {
            text.append('}');
        }
    }
}
