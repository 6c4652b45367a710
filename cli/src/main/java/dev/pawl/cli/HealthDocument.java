package dev.pawl.cli;

import dev.pawl.core.HealthFacts;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.engine.Health;
import java.util.Map;
import java.util.TreeMap;
import tools.jackson.databind.node.ObjectNode;

/** A check-up as JSON for machines. Times are ISO 8601 in UTC, lengths of time milliseconds; all that was found is in it. */
final class HealthDocument {

    private final HealthFacts facts;
    private final ObjectNode document = JsonText.object();

    private HealthDocument(HealthFacts facts) {
        this.facts = facts;
    }

    static ObjectNode of(Health health) {
        var page = new HealthDocument(health.facts());
        page.document.put("level", health.level().name());
        var reasons = page.document.putArray("reasons");
        for (var reason : health.reasons()) {
            reasons.addObject().put("level", reason.level().name()).put("sentence", reason.sentence());
        }
        page.document.put("at", Text.iso(health.facts().at()));
        page.document.put("windowMillis", health.facts().window().toMillis());
        page.runs();
        page.retries();
        page.stuck();
        page.due();
        page.workers();
        page.document.put("clockSkewMillis", health.skew().toMillis());
        page.tables();
        return page.document;
    }

    private void runs() {
        var runs = document.putObject("runs");
        var byStatus = runs.putObject("byStatus");
        for (var status : RunStatus.values())
            byStatus.put(status.name(), facts.runs().count(status));
        runs.put("ended", facts.runs().ended());
        var rate = facts.runs().successRate();
        runs.put("successRate", rate.isPresent() ? (Double) rate.getAsDouble() : null);
        runs.put("meanMillis", facts.runs().meanMillis());
        counts(runs.putObject("failures"), facts.runs().failures());
        counts(runs.putObject("blocked"), facts.runs().blocked());
        runs.put("walked", facts.runs().walked()).put("all", facts.runs().all());
    }

    private static void counts(ObjectNode into, Map<? extends Enum<?>, Integer> counts) {
        new TreeMap<>(counts).forEach((key, count) -> into.put(key.name(), count));
    }

    private void retries() {
        var retries = facts.retries();
        document.putObject("retries")
                .put("tasks", retries.retried())
                .put("retries", retries.retries())
                .put("average", retries.average())
                .put("recovered", retries.recovered())
                .put("exhausted", retries.exhausted())
                .put("walked", retries.walked())
                .put("all", retries.all());
    }

    private void stuck() {
        var stuck = document.putObject("stuck");
        var runs = stuck.putArray("runs");
        for (var run : facts.stuck().runs()) {
            var each = runs.addObject()
                    .put("run", run.id().toString())
                    .put("program", run.program())
                    .put("status", run.status().name())
                    .put("quietSince", Text.iso(run.quietSince()))
                    .put("quietMillis", facts.at() - run.quietSince());
            Task due = run.due();
            if (due == null) each.putNull("due");
            else task(each.putObject("due"), due);
        }
        stuck.put("all", facts.stuck().all());
    }

    private void task(ObjectNode into, Task task) {
        into.put("run", task.key().run().toString())
                .put("task", task.key().label())
                .put("queue", task.placement().queue())
                .put("dueAt", Text.iso(task.wakeAt()))
                .put("ageMillis", facts.at() - task.wakeAt());
    }

    private void due() {
        var due = document.putArray("due");
        for (var queue : facts.due()) {
            var each = due.addObject()
                    .put("queue", queue.queue())
                    .put("program", queue.program())
                    .put("version", queue.version())
                    .put("tasks", queue.tasks())
                    .put("all", queue.all());
            task(each.putObject("oldest"), queue.oldest());
        }
    }

    private void workers() {
        var workers = document.putArray("workers");
        for (var worker : facts.workers()) {
            var info = worker.info();
            var each = workers.addObject()
                    .put("worker", info.id())
                    .put("host", info.host())
                    .put("alive", info.aliveAt(facts.at()))
                    .put("slots", info.slots())
                    .put("leases", worker.leases())
                    .put("expiredLeases", worker.expired())
                    .put("startedAt", Text.iso(info.startedAt()))
                    .put("seenAt", Text.iso(info.seenAt()))
                    .put("lagMillis", facts.at() - info.seenAt());
            var queues = each.putArray("queues");
            info.queues().forEach(queues::add);
        }
    }

    private void tables() {
        var tables = document.putArray("tables");
        for (var table : facts.tables()) {
            tables.addObject()
                    .put("table", table.name())
                    .put("liveRows", table.live())
                    .put("deadRows", table.dead());
        }
    }
}
