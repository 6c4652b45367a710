package dev.pawl.travel;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Codec;
import dev.pawl.json.Hash;
import dev.pawl.spi.History;
import dev.pawl.spi.Moment;
import dev.pawl.spi.Timeline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * A run whose moments are the ends of its tasks, in the order of its events. The state is what it was given and the outputs
 * so far, those of a map by index: one that is absent has not been produced, and one that is null was produced as null.
 */
public final class TaskTimeline implements Timeline {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private final History history;
    private final TaskPages pages;
    private final List<End> ends = new ArrayList<>();
    private final Set<String> maps = new HashSet<>();

    /** As far as they were asked for; each stands for all before it. */
    private final List<String> hashes = new ArrayList<>();

    /** The end of a task. */
    public record End(String name, int index, TaskStatus status) {

        /** {@code name[index]}. */
        public String label() {
            return name + '[' + index + ']';
        }
    }

    private TaskTimeline(History history) {
        this.history = history;
        this.pages = new TaskPages(history);
    }

    /** Reads the events of a run; its outputs are read when they are asked for. */
    public static TaskTimeline of(History history) {
        var timeline = new TaskTimeline(history);
        var names = new HashMap<String, String>();
        Story.events(history, event -> {
            var status = status(event.kind());
            var place = Story.place(event);
            if (status == null
                    || place == null
                    || place.index() < 0
                    || place.name().startsWith("~")) return;
            String name = names.computeIfAbsent(place.name(), same -> same);
            timeline.ends.add(new End(name, place.index(), status));
            if (place.index() > 0) timeline.maps.add(name);
        });
        for (var step : Codec.STANDARD.tree(history.shape()).path("steps")) {
            if (step.path("kind").asString("").equals("map"))
                timeline.maps.add(step.path("name").asString(""));
        }
        return timeline;
    }

    private static @Nullable TaskStatus status(String kind) {
        return switch (kind) {
            case "task.succeeded", "task.continued" -> TaskStatus.SUCCEEDED;
            case "task.failed" -> TaskStatus.FAILED;
            case "task.skipped" -> TaskStatus.SKIPPED;
            default -> null;
        };
    }

    @Override
    public int first() {
        return 0;
    }

    @Override
    public int last() {
        return ends.size();
    }

    /** What moment n is about; there is none for the beginning. */
    public End end(int number) {
        return ends.get(number - 1);
    }

    /** What a task produced; null if it is not there any more, or produced nothing. */
    public @Nullable Json output(End end) {
        var task = pages.find(end.name(), end.index());
        return task == null || task.output() == null ? null : history.load(task.output());
    }

    /** The tasks of the run. */
    public TaskPages pages() {
        return pages;
    }

    @Override
    public Moment at(int number) {
        require(number);
        String hash = hash(number);
        if (number == 0) return Moment.beginning(0, "the beginning", hash);
        var end = end(number);
        String what = end.status() == TaskStatus.SUCCEEDED
                ? label(end)
                : label(end) + " " + end.status().name().toLowerCase(java.util.Locale.ROOT);
        return new Moment(number, what, end.label(), hash, null);
    }

    private String label(End end) {
        return maps.contains(end.name()) ? end.label() : end.name();
    }

    private void require(int number) {
        if (number >= 0 && number <= ends.size()) return;
        throw noMoment(history, number, 0, ends.size());
    }

    /** What to say to whoever asks for a moment that is not there. */
    public static Failure.Logic noMoment(History run, int number, int first, int last) {
        return new Failure.Logic("Run %s has no moment %d: its record goes from %d to %d."
                .formatted(run.details().id(), number, first, last));
    }

    private String hash(int number) {
        if (hashes.isEmpty()) hashes.add(Hash.of(history.input()));
        while (hashes.size() <= number) {
            var end = ends.get(hashes.size() - 1);
            var output = output(end);
            hashes.add(Hash.of(new Json("{\"after\":\"%s\",\"task\":%s,\"status\":\"%s\"%s}"
                    .formatted(
                            hashes.getLast(),
                            Json.quote(end.label()),
                            end.status(),
                            output == null ? "" : ",\"output\":" + output))));
        }
        return hashes.get(number);
    }

    @Override
    public Json state(int number) {
        require(number);
        var outputs = new HashMap<String, ObjectNode>();
        var state = NODES.objectNode();
        copied(outputs);
        for (End end : ends.subList(0, number)) {
            if (end.status() == TaskStatus.SUCCEEDED) put(outputs, end, output(end));
        }
        state.set("input", Codec.STANDARD.tree(history.input()));
        state.set("outputs", inOrder(outputs));
        return new Json(state.toString());
    }

    private void put(Map<String, ObjectNode> outputs, End end, @Nullable Json output) {
        if (output == null) return;
        outputs.computeIfAbsent(end.name(), name -> NODES.objectNode())
                .set(String.valueOf(end.index()), Codec.STANDARD.tree(output));
    }

    private ObjectNode inOrder(Map<String, ObjectNode> outputs) {
        var all = NODES.objectNode();
        for (String name : outputs.keySet().stream().sorted().toList()) {
            var byIndex = outputs.get(name);
            if (byIndex == null) continue;
            var only = byIndex.get("0");
            all.set(name, maps.contains(name) || only == null ? byIndex : only);
        }
        return all;
    }

    /** What the run took over from the one that it goes on from: succeeded tasks that no event tells of. */
    private void copied(Map<String, ObjectNode> outputs) {
        if (history.details().retryOf() == null) return;
        var told = new HashSet<>(ends.stream().map(End::label).toList());
        Story.tasks(history, task -> {
            var key = task.task().key();
            if (task.task().status() != TaskStatus.SUCCEEDED || task.output() == null || told.contains(key.label()))
                return;
            put(outputs, new End(key.name(), key.index(), TaskStatus.SUCCEEDED), history.load(task.output()));
        });
    }

    @Override
    public List<Effect> effects(int number) {
        require(number);
        if (number == 0) return List.of();
        var end = end(number);
        return history.journal(end.name(), end.index()).stream()
                .filter(effect -> effect.ordinal() >= 0)
                .toList();
    }

    @Override
    public @Nullable String rest() {
        return Story.rest(history.details());
    }
}
