package dev.pawl;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pawl.core.Event;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskStatus;
import dev.pawl.json.Codec;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/** What somebody knows of a run who reads nothing but its events. Each must be one that the tables of statuses allow. */
final class PipelineModelFold {

    private static final TaskStatus NEW = TaskStatus.READY;

    int seq;
    RunStatus run = RunStatus.QUEUED;
    final Map<String, TaskStatus> tasks = new TreeMap<>();
    final Map<Integer, MessageStatus> messages = new TreeMap<>();

    void apply(List<Event> events) {
        events.forEach(this::apply);
    }

    void apply(Event event) {
        assertThat(event.seq()).as("the number of %s", event).isEqualTo(seq + 1);
        seq = event.seq();
        switch (event.kind()) {
            case "run.queued" -> {}
            case "run.started", "run.resumed" -> become(RunStatus.RUNNING, event);
            case "run.paused" -> become(RunStatus.PAUSED, event);
            case "run.blocked" -> become(RunStatus.BLOCKED, event);
            case "run.cancelled" -> become(RunStatus.CANCELLED, event);
            case "run.failed" -> become(RunStatus.FAILED, event);
            case "task.lost", "task.retry", "task.returned", "task.parked", "task.stalled" ->
                task(event.task(), TaskStatus.READY, event);
            case "task.started" -> task(event.task(), TaskStatus.RUNNING, event);
            case "task.succeeded" -> task(event.task(), TaskStatus.SUCCEEDED, event);
            case "task.failed" -> task(event.task(), TaskStatus.FAILED, event);
            case "task.cancelled" ->
                numbers(event, "indexes")
                        .forEach(index -> task(event.task() + "[" + index + "]", TaskStatus.CANCELLED, event));
            case "message.published" ->
                numbers(event, "messages").forEach(number -> messages.putIfAbsent(number, MessageStatus.PENDING));
            case "message.reserved" -> messages(event, MessageStatus.RESERVED);
            case "message.consumed" -> messages(event, MessageStatus.CONSUMED);
            case "message.skipped" -> messages(event, MessageStatus.SKIPPED);
            case "message.released" -> messages(event, MessageStatus.PENDING);
            default ->
                assertThat(event.kind())
                        .as("a kind that changes no status")
                        .isIn(
                                "signal.received",
                                "effect.resolved",
                                "run.migrated",
                                "run.forgiven",
                                "activation.retry",
                                "consumer.committed",
                                "consumer.wake",
                                "change.asked",
                                "change.reconciled");
        }
    }

    private void become(RunStatus next, Event event) {
        assertThat(run.allows(next)).as("%s after %s", event, run).isTrue();
        run = next;
    }

    private void task(String label, TaskStatus next, Event event) {
        var was = tasks.getOrDefault(label, NEW);
        assertThat(was.allows(next)).as("%s after %s", event, was).isTrue();
        tasks.put(label, next);
    }

    private void messages(Event event, MessageStatus next) {
        for (int number : numbers(event, "messages")) {
            var was = messages.get(number);
            assertThat(was != null && was.allows(next))
                    .as("%s for %s that is %s", event, number, was)
                    .isTrue();
            messages.put(number, next);
        }
    }

    private static List<Integer> numbers(Event event, String field) {
        var numbers = new ArrayList<Integer>();
        for (JsonNode one : Codec.STANDARD.tree(event.data()).get(field)) numbers.add(one.asInt());
        return numbers;
    }
}
