package dev.pawl.exec;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Outcome;
import dev.pawl.core.Payload;
import dev.pawl.core.Placement;
import dev.pawl.core.Plan;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunId;
import dev.pawl.core.RunStatus;
import dev.pawl.core.Task;
import dev.pawl.core.TaskKey;
import dev.pawl.core.TaskStatus;
import dev.pawl.spi.EventLines;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one transaction changes of one locked run. Every change of a run's status goes through {@link
 * #become}, and every change adds its event, so that status and history cannot part.
 */
public final class Ledger {

    private final Tx tx;
    private final long now;
    private final RunId id;
    private final int definition;
    private final Placement placement;
    private final int seqBefore;
    private final @Nullable Long deadlineAt;
    private final @Nullable RunId retryOf;
    private final boolean fresh;

    private RunStatus status;
    private @Nullable Reason reason;
    private Json state;
    private @Nullable Long startedAt;
    private @Nullable Long endedAt;
    private Plan.@Nullable Output output;
    private @Nullable Json problem;
    private @Nullable String detail;
    private boolean inserted;
    private boolean endsWhenResumed;
    private final List<TaskKey> cancelled = new ArrayList<>();
    private final List<Task> created = new ArrayList<>();
    private final Map<String, BitSet> copied = new HashMap<>();
    private final EventLines events = new EventLines();

    private Ledger(Tx tx, long now, Run run, @Nullable RunId retryOf, boolean fresh) {
        this.tx = tx;
        this.now = now;
        this.id = run.id();
        this.definition = run.definition();
        this.placement = run.placement();
        this.seqBefore = run.seq();
        this.deadlineAt = run.deadlineAt();
        this.status = run.status();
        this.reason = run.reason();
        this.state = run.state();
        this.startedAt = run.startedAt();
        this.retryOf = retryOf;
        this.fresh = fresh;
    }

    /** The ledger of a run that exists and is locked. */
    static Ledger of(Tx tx, long now, Run run) {
        return new Ledger(tx, now, run, null, false);
    }

    /** The ledger of a run that this transaction creates, with its start already planned. */
    static Ledger of(Tx tx, long now, Entry.Submission submission) {
        var run = new Run(
                submission.run(),
                submission.definition(),
                RunStatus.QUEUED,
                null,
                submission.placement(),
                submission.start().state(),
                0,
                null,
                submission.deadlineAt());
        var ledger = new Ledger(tx, now, run, submission.retryOf(), true);
        ledger.event("run.queued", null, new Json("{\"actor\":" + Json.quote(submission.actor()) + "}"));
        if (submission.deadlineAt() != null) {
            ledger.create(TaskKey.DEADLINE, 0, submission.deadlineAt(), submission.placement());
        }
        return ledger;
    }

    RunId id() {
        return id;
    }

    RunStatus status() {
        return status;
    }

    /** Whether the run has ended, or will as soon as it is resumed: what else ends in it has no consequences. */
    boolean isOver() {
        return status.terminal() || endsWhenResumed;
    }

    /** Whether the run's row is yet to be inserted. */
    boolean toInsert() {
        return fresh && !inserted;
    }

    /** The run's row was inserted ahead of everything else, to see whether its key was free. */
    void inserted() {
        inserted = true;
    }

    /** The open tasks that were cancelled: their workers should stop. */
    List<TaskKey> cancelled() {
        return cancelled;
    }

    /** The tasks that came into being, not yet written. */
    List<Task> created() {
        return created;
    }

    /** The run as it now stands. */
    Run run() {
        return new Run(
                id, definition, status, reason, placement, state, seqBefore + events.count(), startedAt, deadlineAt);
    }

    // ---- what happened --------------------------------------------------------------------------------------------

    /** A task was claimed: by query, or handed over. */
    void claimed(Task task, @Nullable Integer lostBy) {
        if (lostBy != null) {
            event("task.lost", task.key(), "{\"attempt\":" + (task.attempt() - 1) + ",\"worker\":" + lostBy + "}");
        }
        if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
        event("task.started", task.key(), "{\"attempt\":" + task.attempt() + ",\"worker\":" + task.worker() + "}");
    }

    /** An attempt ended, and the store has written how. What the model wants next is applied with {@link #apply}. */
    void ended(Task task, Verdict verdict) {
        String attempt = "{\"attempt\":" + task.attempt();
        switch (verdict) {
            case Verdict.Ended(Outcome.Succeeded ignored) -> event("task.succeeded", task.key(), attempt + "}");
            case Verdict.Ended(Outcome.Skipped(String why)) ->
                event("task.skipped", task.key(), attempt + ",\"reason\":" + Json.quote(why) + "}");
            case Verdict.Ended(Outcome.Failed(Problem why, var ignored)) ->
                event("task.failed", task.key(), attempt + ",\"error\":" + why.toJson() + "}");
            case Verdict.Again(var delay, Problem why) ->
                event(
                        "task.retry",
                        task.key(),
                        attempt + ",\"dueAt\":" + (now + delay.toMillis()) + ",\"error\":" + why.toJson() + "}");
            case Verdict.HandedBack() -> event("task.returned", task.key(), attempt + "}");
            case Verdict.Blocked(Reason why, Problem failure) -> {
                event("task.returned", task.key(), attempt + ",\"error\":" + failure.toJson() + "}");
                block(why, failure);
            }
        }
    }

    private void block(Reason why, Problem failure) {
        if (status != RunStatus.RUNNING) return; // a person holds it already, or another task blocked it first
        reason = why;
        problem = failure.toJson();
        become(RunStatus.BLOCKED, "run.blocked", "{\"reason\":\"" + why + "\",\"error\":" + problem + "}");
        hold(true);
    }

    /** Holds or releases what waits, also what came into being in this very transaction. */
    private void hold(boolean held) {
        tx.hold(id, held);
        created.replaceAll(task -> task.hold(held));
    }

    /** The deadline passed, and nobody had a free hand for the task that says so. */
    void expire() {
        if (status == RunStatus.RUNNING && deadlineAt != null && deadlineAt <= now) endedOwn(TaskKey.DEADLINE);
    }

    /** A task of the kernel itself ended. */
    void endedOwn(String name) {
        switch (name) {
            case TaskKey.DEADLINE ->
                fail(Problem.of(FailureClass.TIMEOUT, "Deadline", "The run did not end before its deadline.")
                        .toJson());
            case TaskKey.SUCCEED -> succeed(null);
            case TaskKey.FAIL -> {
                cancelOpen(null);
                end(RunStatus.FAILED, "run.failed", "{}");
            }
            default -> throw new IllegalStateException("No kernel task is called " + name);
        }
    }

    // ---- what the model wants -------------------------------------------------------------------------------------

    void apply(Plan plan) {
        state = plan.state();
        for (Plan.Change change : plan.changes()) {
            if (isOver()) return;
            switch (change) {
                case Plan.Create create -> create(create);
                case Plan.CancelStep(String name) -> cancelOpen(name);
                case Plan.Copy(String name) -> copy(name);
                case Plan.Note(String kind, var task, Json data) -> event(kind, task, data);
                case Plan.Succeed(Plan.Output result) -> succeed(result);
                case Plan.Fail(Problem why) -> fail(why.toJson());
            }
        }
    }

    private void create(Plan.Create create) {
        long dueAt = now + create.delay().toMillis();
        var place = create.queue() == null ? placement : placement.in(create.queue());
        var there = copied.getOrDefault(create.name(), new BitSet(0));
        for (int index = there.nextClearBit(create.from());
                index < create.to();
                index = there.nextClearBit(index + 1)) {
            create(create.name(), index, dueAt, place);
        }
    }

    private void create(String name, int index, long dueAt, Placement place) {
        created.add(new Task(
                new TaskKey(id, name, index), TaskStatus.READY, definition, place, 0, 0, dueAt, status.held(), null));
    }

    private void copy(String name) {
        if (retryOf == null) throw new IllegalStateException("Run " + id + " retries no other run.");
        copied.put(name, tx.copyTasks(retryOf, id, name, definition));
    }

    private void succeed(Plan.@Nullable Output result) {
        if (result != null) output = result;
        if (status == RunStatus.PAUSED) {
            create(TaskKey.SUCCEED, 0, now, placement);
            endsWhenResumed = true;
            return;
        }
        if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
        if (deadlineAt != null) cancelOpen(null);
        end(RunStatus.SUCCEEDED, "run.succeeded", "{}");
    }

    private void fail(Json why) {
        problem = why;
        if (status == RunStatus.PAUSED) {
            cancelOpen(null);
            create(TaskKey.FAIL, 0, now, placement);
            endsWhenResumed = true;
            return;
        }
        if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
        cancelOpen(null);
        end(RunStatus.FAILED, "run.failed", "{\"error\":" + why + "}");
    }

    private void end(RunStatus how, String kind, String data) {
        endedAt = now;
        become(how, kind, data);
    }

    private void cancelOpen(@Nullable String name) {
        created.removeIf(task -> name == null || task.key().name().equals(name));
        if (fresh) return;
        var open = tx.cancelOpen(id, name, now);
        cancelled.addAll(open);
        var byStep = open.stream()
                .collect(Collectors.groupingBy(
                        TaskKey::name,
                        java.util.TreeMap::new,
                        Collectors.mapping(key -> String.valueOf(key.index()), Collectors.joining(","))));
        byStep.forEach((step, indexes) -> event("task.cancelled", step, new Json("{\"indexes\":[" + indexes + "]}")));
    }

    // ---- what people want -----------------------------------------------------------------------------------------

    void pause(String actor, String comment) {
        if (status != RunStatus.RUNNING) throw Refused.wrongStatus(id, status, "paused", "a RUNNING run");
        detail = comment.isEmpty() ? actor : actor + ": " + comment;
        become(RunStatus.PAUSED, "run.paused", by(actor, comment));
        hold(true);
    }

    void resume(String actor, String comment) {
        if (!status.held()) throw Refused.wrongStatus(id, status, "resumed", "a PAUSED or BLOCKED run");
        reason = null;
        become(RunStatus.RUNNING, "run.resumed", by(actor, comment));
        hold(false);
    }

    void cancel(String actor, String comment) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "cancelled", "a run that has not ended");
        cancelOpen(null);
        end(RunStatus.CANCELLED, "run.cancelled", by(actor, comment));
    }

    private static String by(String actor, String comment) {
        return "{\"actor\":" + Json.quote(actor) + (comment.isEmpty() ? "" : ",\"comment\":" + Json.quote(comment))
                + "}";
    }

    // ---- what is written ------------------------------------------------------------------------------------------

    private void become(RunStatus next, String kind, String data) {
        if (!status.allows(next)) {
            throw new IllegalStateException("Run " + id + " cannot go from " + status + " to " + next);
        }
        status = next;
        if (next == RunStatus.RUNNING && startedAt == null) startedAt = now;
        event(kind, null, new Json(data));
    }

    private void event(String kind, TaskKey task, String data) {
        event(kind, task.label(), new Json(data));
    }

    private void event(String kind, @Nullable String task, Json data) {
        events.add(kind, task, data);
    }

    Tx.NewRun asNew(String program, @Nullable String key, Payload input) {
        return new Tx.NewRun(run(), program, key, input, output, problem, now, endedAt, retryOf);
    }

    Writer.Ended asEnded() {
        return new Writer.Ended(status, output, problem);
    }

    Tx.RunUpdate asUpdate() {
        return new Tx.RunUpdate(run(), output, problem, detail, endedAt);
    }

    Tx.NewEvents asEvents() {
        return new Tx.NewEvents(id, seqBefore + 1, now, events.body());
    }

    boolean changed() {
        return events.count() > 0;
    }
}
