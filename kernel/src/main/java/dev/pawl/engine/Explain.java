package dev.pawl.engine;

import dev.pawl.core.Definition;
import dev.pawl.core.Problem;
import dev.pawl.core.QueueLimit;
import dev.pawl.core.Reason;
import dev.pawl.core.RunDetails;
import dev.pawl.core.Task;
import dev.pawl.core.TaskDetails;
import dev.pawl.core.TaskStatus;
import dev.pawl.core.WorkerInfo;
import dev.pawl.spi.Result;
import dev.pawl.spi.Store;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says in a sentence or two why a run is not moving, from what is in the database. */
final class Explain {

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'").withZone(ZoneOffset.UTC);
    private static final int LOOKED_AT = 2_000;
    private static final int PER_STEP = 200;
    private static final int WAITING_TOLD = 8;

    private final Store store;
    private final Catalog catalog;
    private final long now;

    Explain(Store store, Catalog catalog, long now) {
        this.store = store;
        this.catalog = catalog;
        this.now = now;
    }

    String of(RunDetails run) {
        return switch (run.status()) {
            case SUCCEEDED -> "It succeeded at " + time(run.endedAt()) + ".";
            case FAILED ->
                "It failed at " + time(run.endedAt()) + because(run) + " Retry it with: pawl retry " + run.id();
            case CANCELLED -> "It was cancelled at " + time(run.endedAt()) + ".";
            case PAUSED ->
                "It is paused by " + (run.detail() == null ? "somebody" : run.detail())
                        + ". Resume it with: pawl resume " + run.id();
            case BLOCKED -> blocked(run);
            case QUEUED, RUNNING -> ofOpen(run);
        };
    }

    private static String blocked(RunDetails run) {
        if (run.run().reason() == Reason.INDETERMINATE) {
            String why = because(run).replace("pawl resolve RUN ", "pawl resolve " + run.id() + ' ');
            return "It is blocked: nobody knows whether an outside change happened" + why
                    + (why.contains("pawl resolve ")
                            ? ""
                            : " Look, and say: pawl resolve " + run.id() + " happened|did-not-happen|skip.")
                    + " More about it: pawl inbox";
        }
        if (run.run().reason() == Reason.APPROVAL) {
            return "It waits for somebody's approval" + because(run) + " Look at it with: pawl show " + run.id()
                    + "; then say: pawl approve " + run.id() + " or: pawl reject " + run.id();
        }
        var why = Objects.requireNonNull(run.run().reason());
        return "It is blocked (" + why + ")" + because(run) + ' ' + Release.of(why) + " Then: "
                + String.join(" or: ", Release.commands(run, why));
    }

    private static String because(RunDetails run) {
        if (run.problem() == null) return ".";
        var problem = Problem.parse(run.problem());
        // A question is for people, and no class of failures helps to answer it.
        String said = isForPeople(run.run().reason()) ? problem.message() : problem.summary();
        return ": " + said + (said.endsWith(".") ? "" : ".");
    }

    private static boolean isForPeople(@Nullable Reason reason) {
        return reason == Reason.APPROVAL || reason == Reason.INDETERMINATE;
    }

    private String ofOpen(RunDetails run) {
        var open = open(run);
        var leased = open.stream()
                .filter(task -> task.task().status() == TaskStatus.RUNNING
                        && task.task().wakeAt() > now)
                .findFirst();
        if (leased.isPresent()) return leasedBy(leased.get().task(), open.size());
        if (open.isEmpty()) return "It has no open task; its end is being written.";
        String missing = noWorkerFor(run, open.getFirst().task());
        if (missing != null) return missing;
        if (open.size() > 1 && open.stream().allMatch(this::waits)) return waiting(open);
        var next = open.stream()
                .min(Comparator.comparingLong(task -> task.task().wakeAt()))
                .orElseThrow();
        if (next.parked() && next.task().wakeAt() > now) return isParked(run, next);
        if (next.task().wakeAt() > now) return waitsUntil(next);
        String limited = behindLimit(next.task());
        if (limited != null) return limited;
        return "Task %s is due since %s and waits for a free slot of a worker on queue '%s'."
                .formatted(next.task().key().label(), time(next.task().wakeAt()), queue(next.task()));
    }

    /** Of a run with very many tasks, those at the end of each step. */
    private List<TaskDetails> open(RunDetails run) {
        var tasks = store.tasks(run.id(), null, 0, LOOKED_AT);
        if (tasks.size() == LOOKED_AT) {
            tasks = new ArrayList<>();
            for (var step : store.taskCounts(run.id()).entrySet()) {
                int all = 0;
                int ended = 0;
                for (var count : step.getValue().entrySet()) {
                    all += count.getValue();
                    if (count.getKey().terminal()) ended += count.getValue();
                }
                if (all == ended) continue;
                tasks.addAll(store.tasks(run.id(), step.getKey(), 0, PER_STEP));
                if (all <= PER_STEP) continue;
                tasks.addAll(store.tasks(run.id(), step.getKey(), Math.max(PER_STEP, all - PER_STEP), PER_STEP));
            }
        }
        return tasks.stream()
                .filter(task -> !task.task().status().terminal())
                .filter(task -> !task.task().key().kernels())
                .toList();
    }

    private boolean waits(TaskDetails task) {
        return task.parked() && task.task().wakeAt() > now;
    }

    /** Several that each wait for their time or a message, as the handlers of a pipeline do. */
    private static String waiting(List<TaskDetails> open) {
        String first = open.stream()
                .sorted(Comparator.comparingLong(task -> task.task().wakeAt()))
                .limit(WAITING_TOLD)
                .map(task -> task.task().key().label()
                        + (task.task().wakeAt() >= Result.NEVER
                                ? " waits for a message"
                                : " waits until " + time(task.task().wakeAt()) + " or for a message"))
                .collect(Collectors.joining("; "));
        int more = open.size() - WAITING_TOLD;
        return "Nothing is to be done now: " + first + (more > 0 ? "; and " + more + " more tasks wait" : "") + ".";
    }

    private String leasedBy(Task task, int open) {
        String host = store.workers().stream()
                .filter(worker -> task.worker() != null && worker.id() == task.worker())
                .map(WorkerInfo::host)
                .findFirst()
                .orElse("unknown");
        return "Task %s is leased by worker %s (%s) until %s%s."
                .formatted(
                        task.key().label(),
                        task.worker(),
                        host,
                        time(task.wakeAt()),
                        open > 1 ? "; " + (open - 1) + " more of its tasks are open" : "");
    }

    /** What it asked for last is what it waits for. */
    private String isParked(RunDetails run, TaskDetails task) {
        var asked = store.newestEffect(task.task().key()).orElse(null);
        String until = task.task().wakeAt() >= Result.NEVER
                ? ""
                : " until " + time(task.task().wakeAt());
        if (asked == null) return "Task %s waits%s.".formatted(task.task().key().label(), until);
        String since = " since " + time(asked.at());
        return switch (asked.kind()) {
            case "sleep" -> "It sleeps" + since + until + ".";
            case "await" ->
                "It waits for signal '%s'%s%s. Send it with: pawl signal %s %s --payload JSON"
                        .formatted(asked.name(), since, until, run.id(), asked.name());
            case "ended" ->
                "It waits for the end of a run of %s%s. See them with: pawl tree %s"
                        .formatted(asked.name(), since, run.id());
            default ->
                "It waits%s to try \"%s\" again%s."
                        .formatted(
                                until,
                                asked.name(),
                                asked.problem() == null
                                        ? ""
                                        : ", which failed: "
                                                + Problem.parse(asked.problem()).summary());
        };
    }

    private static String waitsUntil(TaskDetails next) {
        if (next.problem() != null) {
            return "Task %s waits until %s for its next attempt, after attempt %d failed: %s."
                    .formatted(
                            next.task().key().label(),
                            time(next.task().wakeAt()),
                            next.task().attempt(),
                            Problem.parse(next.problem()).summary());
        }
        return "Task %s waits until %s to start."
                .formatted(next.task().key().label(), time(next.task().wakeAt()));
    }

    private @Nullable String noWorkerFor(RunDetails run, Task task) {
        List<WorkerInfo> alive =
                store.workers().stream().filter(worker -> worker.aliveAt(now)).toList();
        String program = run.program() + " version " + run.version();
        if (alive.isEmpty()) return "No worker is alive. Start one with: pawl worker";
        var able = alive.stream()
                .filter(worker -> worker.definitions().contains(run.run().definition()))
                .toList();
        if (able.isEmpty()) {
            var misfit = catalog.misfits().stream()
                    .filter(message -> message.startsWith(program + " "))
                    .findFirst();
            String versions = String.join(
                    ", ",
                    store.definitions().stream()
                            .filter(known -> known.program().equals(run.program()))
                            .filter(known -> alive.stream()
                                    .anyMatch(worker -> worker.definitions().contains(known.id())))
                            .map(Definition::version)
                            .toList());
            return "No worker has " + program
                    + (versions.isEmpty() ? "" : " (the workers alive have version " + versions + ")")
                    + misfit.map(message -> ". " + message).orElse(".");
        }
        if (able.stream().noneMatch(worker -> worker.queues().contains(queue(task)))) {
            return "No worker that has %s serves queue '%s'. Start one with: pawl worker --queues %s"
                    .formatted(program, queue(task), queue(task));
        }
        return null;
    }

    private @Nullable String behindLimit(Task task) {
        for (QueueLimit limit : store.queueLimits()) {
            if (!limit.queue().equals(queue(task))) continue;
            String key = task.placement().key();
            if (limit.maxPerKey() != null) {
                var same = store.occupancy(queue(task), key);
                if (same.running() >= limit.maxPerKey()) {
                    return "It is behind %d running tasks of key '%s' in queue '%s' (limit %d); %d of that key wait."
                            .formatted(same.running(), key, queue(task), limit.maxPerKey(), same.waiting());
                }
            }
            if (limit.maxRunning() != null) {
                var all = store.occupancy(queue(task), null);
                if (all.running() >= limit.maxRunning()) {
                    return "It is behind %d running tasks in queue '%s' (limit %d); %d wait."
                            .formatted(all.running(), queue(task), limit.maxRunning(), all.waiting());
                }
            }
        }
        return null;
    }

    private static String queue(Task task) {
        return task.placement().queue();
    }

    private static String time(@Nullable Long millis) {
        return millis == null ? "an unknown time" : TIME.format(Instant.ofEpochMilli(millis));
    }
}
