package dev.pawl.travel;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.Event;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.Link;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import dev.pawl.spi.History;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** A recorded run as {@link ExportText} wrote it. Immutable. */
final class ExportedRun implements History {

    private static final TypeRef<Problem> PROBLEM = TypeRef.of(Problem.class);

    private final JsonNode document;
    private final RunDetails details;
    private final TreeMap<String, TreeMap<Integer, TaskDetails>> tasks = new TreeMap<>();
    private final Map<String, List<Effect>> effects = new HashMap<>();
    private final List<Event> events = new ArrayList<>();
    private final List<Message> messages = new ArrayList<>();

    private ExportedRun(JsonNode document) {
        this.document = document;
        this.details = details(document.path("program"), document.path("run"));
        for (var task : document.path("tasks")) {
            tasks.computeIfAbsent(text(task, "name"), name -> new TreeMap<>()).put(number(task, "index"), task(task));
        }
        for (var effect : document.path("effects")) {
            String label = text(effect, "task") + '[' + number(effect, "index") + ']';
            effects.computeIfAbsent(label, task -> new ArrayList<>()).add(effect(effect));
        }
        for (var event : document.path("events")) events.add(event(event));
        for (var message : document.path("messages")) messages.add(message(message));
    }

    /**
     * Reads an export.
     *
     * @param source where it comes from, for messages
     * @throws Failure.Logic if it is none, or one of a newer format
     */
    static ExportedRun of(String text, String source) {
        JsonNode document;
        try {
            document = Codec.STANDARD.tree(new Json(text));
        } catch (Failure.Logic invalid) {
            throw new Failure.Logic(source + " is no exported run: " + invalid.getMessage(), invalid);
        }
        var format = document.path("pawlRun");
        if (!format.isIntegralNumber()) {
            throw new Failure.Logic(
                    source + " is no exported run: it has no \"pawlRun\". Make one with: pawl export RUN -o FILE");
        }
        if (format.asInt() > ExportText.FORMAT) {
            throw new Failure.Logic(
                    "%s has the format %d, and this Pawl reads up to %d. Use the Pawl that wrote it, or a newer one."
                            .formatted(source, format.asInt(), ExportText.FORMAT));
        }
        try {
            return new ExportedRun(document);
        } catch (RuntimeException damaged) {
            throw new Failure.Logic(source + " is damaged: " + damaged.getMessage(), damaged);
        }
    }

    // ---- reading --------------------------------------------------------------------------------------------------

    private static String text(JsonNode node, String name) {
        var text = node.get(name);
        if (text == null || !text.isString()) throw new IllegalArgumentException("there is no text \"" + name + "\".");
        return text.asString();
    }

    private static @Nullable String maybe(JsonNode node, String name) {
        return node.has(name) ? text(node, name) : null;
    }

    private static int number(JsonNode node, String name) {
        return (int) time(node, name);
    }

    private static long time(JsonNode node, String name) {
        var number = node.get(name);
        if (number == null || !number.isIntegralNumber())
            throw new IllegalArgumentException("there is no number \"" + name + "\".");
        return number.asLong();
    }

    private static @Nullable Long maybeTime(JsonNode node, String name) {
        return node.has(name) ? time(node, name) : null;
    }

    private static @Nullable Json json(JsonNode node, String name) {
        var json = node.get(name);
        return json == null ? null : new Json(json.toString());
    }

    private static @Nullable Payload payload(JsonNode node, String name) {
        String reference = maybe(node, name + ExportText.ARTIFACT);
        if (reference != null) return Payload.artifact(reference);
        var json = json(node, name);
        return json == null ? null : Payload.inline(json);
    }

    private static Payload required(JsonNode node, String name) {
        var payload = payload(node, name);
        if (payload == null) throw new IllegalArgumentException("there is no \"" + name + "\".");
        return payload;
    }

    /** In the form that problems are stored in, however the document spells it. */
    private static @Nullable Json problem(JsonNode node) {
        var problem = json(node, "problem");
        return problem == null
                ? null
                : Codec.STANDARD.read(problem, PROBLEM, "A problem").toJson();
    }

    private static @Nullable RunId run(JsonNode node, String name) {
        String id = maybe(node, name);
        return id == null ? null : RunId.parse(id);
    }

    private static RunDetails details(JsonNode program, JsonNode row) {
        String reason = maybe(row, "reason");
        String link = maybe(row, "link");
        var family =
                new Run.Family(run(row, "parent"), number(row, "child"), number(row, "children"), number(row, "mail"));
        var run = new Run(
                RunId.parse(text(row, "id")),
                0,
                RunStatus.valueOf(text(row, "status")),
                reason == null ? null : Reason.valueOf(reason),
                new Placement(text(row, "queue"), Priority.valueOf(text(row, "priority")), text(row, "limitKey")),
                Objects.requireNonNull(json(row, "state")),
                number(row, "seq"),
                maybeTime(row, "startedAt"),
                maybeTime(row, "deadlineAt"),
                family,
                maybe(row, "undo"));
        var collected = row.has("collected")
                ? new Plan.Output.Collected(
                        text(row, "collected"), row.path("withErrors").asBoolean(false))
                : null;
        return new RunDetails(
                run,
                text(program, "name"),
                text(program, "version"),
                maybe(row, "key"),
                required(row, "input"),
                payload(row, "output"),
                collected,
                problem(row),
                maybe(row, "detail"),
                time(row, "createdAt"),
                maybeTime(row, "endedAt"),
                run(row, "retryOf"),
                link == null ? null : Link.valueOf(link),
                maybe(row, "slot"),
                json(row, "labels"));
    }

    private TaskDetails task(JsonNode row) {
        var task = new Task(
                new TaskKey(details.id(), text(row, "name"), number(row, "index")),
                TaskStatus.valueOf(text(row, "status")),
                0,
                details.run().placement().in(text(row, "queue")),
                number(row, "attempt"),
                number(row, "returned"),
                number(row, "lost"),
                number(row, "stalls"),
                time(row, "wakeAt"),
                row.path("held").asBoolean(false),
                null);
        return new TaskDetails(
                task,
                payload(row, "output"),
                problem(row),
                time(row, "createdAt"),
                maybeTime(row, "startedAt"),
                maybeTime(row, "endedAt"),
                row.path("parked").asBoolean(false),
                null);
    }

    private static Effect effect(JsonNode row) {
        return new Effect(
                number(row, "ordinal"),
                number(row, "revision"),
                number(row, "attempt"),
                time(row, "at"),
                text(row, "kind"),
                EffectStatus.valueOf(text(row, "status")),
                text(row, "name"),
                json(row, "request"),
                payload(row, "value"),
                problem(row));
    }

    private static Event event(JsonNode row) {
        return new Event(
                number(row, "seq"),
                time(row, "at"),
                text(row, "kind"),
                maybe(row, "task"),
                Objects.requireNonNull(json(row, "data")));
    }

    private Message message(JsonNode row) {
        return new Message(
                details.id(),
                number(row, "seq"),
                text(row, "name"),
                maybe(row, "id"),
                required(row, "payload"),
                text(row, "actor"),
                time(row, "at"),
                MessageStatus.valueOf(text(row, "status")));
    }

    // ---- the history ----------------------------------------------------------------------------------------------

    @Override
    public RunDetails details() {
        return details;
    }

    @Override
    public Json input() {
        return load(details.input());
    }

    @Override
    public @Nullable Json result() {
        if (details.status() != RunStatus.SUCCEEDED) return null;
        if (details.output() != null) return load(details.output());
        var collected = details.collected();
        return collected == null ? null : collected(collected);
    }

    private Json collected(Plan.Output.Collected collected) {
        var values = new ArrayList<String>();
        var errors = new ArrayList<String>();
        for (var task : tasks(collected.step(), 0, Integer.MAX_VALUE)) {
            if (task.task().status() == TaskStatus.SUCCEEDED && task.output() != null) {
                values.add(load(task.output()).text());
            } else if (task.problem() != null) {
                errors.add("{\"index\":" + task.task().key().index() + ",\"error\":" + task.problem() + "}");
            }
        }
        String all = "[" + String.join(",", values) + "]";
        if (!collected.withErrors()) return new Json(all);
        return new Json("{\"values\":" + all + ",\"errors\":[" + String.join(",", errors) + "]}");
    }

    @Override
    public Json shape() {
        return Objects.requireNonNullElse(json(document.path("program"), "shape"), Json.NULL);
    }

    /** A file holds one run. */
    @Override
    public @Nullable History earlier() {
        return null;
    }

    @Override
    public Json output(String task, int index) {
        var found = tasks.getOrDefault(task, new TreeMap<>()).get(index);
        if (found == null || found.output() == null)
            throw new IllegalStateException("Task " + task + "[" + index + "] has no output.");
        return load(found.output());
    }

    @Override
    public List<TaskDetails> tasks(String name, int fromIndex, int limit) {
        return tasks.getOrDefault(name, new TreeMap<>()).tailMap(fromIndex, true).values().stream()
                .limit(limit)
                .toList();
    }

    @Override
    public Collection<String> taskNames() {
        return tasks.keySet();
    }

    @Override
    public List<Event> events(int afterSeq, int limit) {
        int from = 0;
        // The number is nearly the place, unless somebody has taken some out.
        for (from = Math.min(events.size(), Math.max(0, afterSeq)); from > 0; from--) {
            if (events.get(from - 1).seq() <= afterSeq) break;
        }
        while (from < events.size() && events.get(from).seq() <= afterSeq) from++;
        return events.subList(from, (int) Math.min(events.size(), (long) from + limit));
    }

    @Override
    public Map<RunId, RunStatus> ended(Collection<RunId> runs) {
        return Map.of();
    }

    @Override
    public List<Effect> journal(String task, int index) {
        var newest = new TreeMap<Integer, Effect>();
        for (var effect : revisions(task, index)) {
            if (effect.ordinal() >= Effect.FIRST) newest.put(effect.ordinal(), effect);
        }
        return new ArrayList<>(newest.values());
    }

    @Override
    public List<Effect> revisions(String task, int index) {
        return effects.getOrDefault(task + '[' + index + ']', List.of());
    }

    @Override
    public List<Message> mailbox() {
        return messages;
    }

    @Override
    public Json load(Payload payload) {
        if (!payload.isArtifact()) return new Json(payload.stored());
        return new Json(new String(artifact(payload.reference()), StandardCharsets.UTF_8));
    }

    @Override
    public byte[] artifact(String reference) {
        var content = document.path("artifacts").get(reference);
        if (content == null)
            throw new UncheckedIOException(new IOException("The file does not hold the artifact " + reference + "."));
        byte[] bytes = Base64.getDecoder().decode(content.asString());
        if (!reference.endsWith(dev.pawl.json.Hash.of(bytes)))
            throw new UncheckedIOException(
                    new IOException("The artifact " + reference + " was changed: its hash differs."));
        return bytes;
    }

    @Override
    public Payload keep(String what, Json value) {
        throw new IllegalStateException("A run in a file is only looked at.");
    }
}
