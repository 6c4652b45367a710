package dev.pawl.pipeline;

import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Reason;
import dev.pawl.core.RunDetails;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A pipeline as it stands.
 *
 * @param name without the {@code pipeline:} in front
 * @param version the one that is in charge
 * @param reason why it is blocked; null if it is not
 * @param detail who holds it and why; null if nobody does
 * @param problem what went wrong last, as JSON; null if nothing did
 * @param handlers by name
 * @param topics how many messages of each topic have which status
 */
public record PipelineInfo(
        RunId run,
        String name,
        String version,
        RunStatus status,
        @Nullable Reason reason,
        @Nullable String detail,
        @Nullable Json problem,
        Map<String, HandlerInfo> handlers,
        Map<String, Map<MessageStatus, Integer>> topics) {

    /**
     * A handler as it stands.
     *
     * @param schedule when it runs, if it is a producer; null for a consumer
     * @param activations how many activations came to an end
     * @param failures how often it failed in a row
     */
    public record HandlerInfo(String name, @Nullable String schedule, int activations, int failures) {}

    static PipelineInfo of(RunDetails run, PipelineState state, Map<String, Map<MessageStatus, Integer>> messages) {
        var handlers = new TreeMap<String, HandlerInfo>();
        state.handlers().forEach((name, line) -> {
            if (line.retired()) return;
            handlers.put(name, new HandlerInfo(name, line.schedule(), line.open(), line.failures()));
        });
        var topics = new TreeMap<>(messages);
        topics.keySet().removeIf(topic -> topic.contains(":"));
        boolean blocked = run.status() == RunStatus.BLOCKED;
        return new PipelineInfo(
                run.id(),
                run.program().substring(Pipeline.PREFIX.length()),
                run.version(),
                run.status(),
                run.run().reason(),
                run.status() == RunStatus.PAUSED ? run.detail() : null,
                blocked ? run.problem() : null,
                handlers,
                topics);
    }

    /** The names of its producers. */
    public List<String> producers() {
        var found = new ArrayList<String>();
        handlers.values().forEach(handler -> {
            if (handler.schedule() != null) found.add(handler.name());
        });
        return found;
    }

    /** How many messages are waiting or being worked with. */
    public int pending() {
        return topics.values().stream()
                .mapToInt(topic ->
                        topic.getOrDefault(MessageStatus.PENDING, 0) + topic.getOrDefault(MessageStatus.RESERVED, 0))
                .sum();
    }
}
