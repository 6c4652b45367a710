package dev.pawl.exec;

import dev.pawl.core.Effect;
import dev.pawl.core.EffectStatus;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Message;
import dev.pawl.core.MessageStatus;
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
import dev.pawl.spi.EventLines;
import dev.pawl.spi.Tx;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Everything that one transaction changes of one locked run. Every change of a run's status goes through {@link
 * #become}, and every change adds its event, so that status and history cannot part.
 */
public final class Ledger {

    /** The index of the task that undoes what was done when the run failed, and when it was cancelled. */
    private static final int UNDO_FAILED = 0;

    private static final int UNDO_CANCELLED = 1;

    /** In place of a task that undoes: it has begun to. */
    private static final String UNDOING = "";

    private static final Entry.Origin STORED = Entry.Origin.of("");

    private final Tx tx;
    private final long now;
    private final RunId id;
    private int definition;
    private final Placement placement;
    private final int seqBefore;
    private final @Nullable Long deadlineAt;
    private final Entry.Origin origin;
    private final boolean fresh;

    private RunStatus status;
    private @Nullable Reason reason;
    private Json state;
    private @Nullable Long startedAt;
    private @Nullable Long endedAt;
    private Plan.@Nullable Output output;
    private @Nullable Json problem;
    private @Nullable String detail;
    private Run.Family family;
    private @Nullable String undo;
    private boolean inserted;
    private boolean endsWhenResumed;
    private final List<TaskKey> cancelled = new ArrayList<>();
    private final Creations creations;
    private final Topics topics;
    private final EventLines events = new EventLines();

    private Ledger(Tx tx, long now, Run run, Entry.Origin origin, long notBefore, boolean fresh) {
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
        this.origin = origin;
        this.family = run.family();
        this.undo = run.undo();
        this.creations = new Creations(tx, id, definition, placement, origin.retryOf(), notBefore);
        this.topics = new Topics(id, now, (kind, data) -> event(kind, null, data));
        this.fresh = fresh;
    }

    /** The ledger of a run that exists and is locked. */
    static Ledger of(Tx tx, long now, Run run) {
        return new Ledger(tx, now, run, STORED, 0, false);
    }

    /** The ledger of a run that this transaction creates, with its start already planned. */
    static Ledger of(Tx tx, long now, Entry.Submission submission, Run.Family family) {
        var run = new Run(
                submission.run(),
                submission.definition(),
                RunStatus.QUEUED,
                null,
                submission.placement(),
                submission.start().state(),
                0,
                null,
                submission.deadlineAt(),
                family,
                null);
        var ledger = new Ledger(tx, now, run, submission.origin(), submission.dueAt(), true);
        ledger.event("run.queued", null, EventData.origin(submission.origin()));
        if (submission.deadlineAt() != null) {
            ledger.creations.create(TaskKey.DEADLINE, 0, submission.deadlineAt(), false);
        }
        return ledger;
    }

    RunId id() {
        return id;
    }

    Run.Family family() {
        return family;
    }

    RunStatus status() {
        return status;
    }

    /** Whether the run has ended, or will as soon as it is resumed: what else ends in it has no consequences. */
    boolean isOver() {
        return status.terminal() || endsWhenResumed;
    }

    /** Whether it ends in a way that its children must not survive. */
    boolean isOrphaning() {
        return family.children() > 0 && status.terminal() && status != RunStatus.SUCCEEDED;
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
        return creations.created();
    }

    /** Tasks that come into being with their output. */
    List<Tx.Provided> provided() {
        return creations.provided();
    }

    /** The run as it now stands. */
    Run run() {
        return new Run(
                id,
                definition,
                status,
                reason,
                placement,
                state,
                seqBefore + events.count(),
                startedAt,
                deadlineAt,
                family,
                undo);
    }

    // ---- what happened --------------------------------------------------------------------------------------------

    /** A task was claimed: by query, or handed over. */
    void claimed(Task task, @Nullable Integer lostBy) {
        if (status.terminal()) return; // a notice that came too late; what has ended never changes
        if (lostBy != null) {
            event("task.lost", task.key(), "{\"attempt\":" + (task.attempt() - 1) + ",\"worker\":" + lostBy + "}");
        }
        if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
        event("task.started", task.key(), "{\"attempt\":" + task.attempt() + ",\"worker\":" + task.worker() + "}");
    }

    /** An attempt ended, and the store has written how. What the model wants next is applied with {@link #apply}. */
    void ended(Task task, Verdict verdict) {
        if (status.terminal()) return;
        String attempt = "{\"attempt\":" + task.attempt();
        switch (verdict) {
            case Verdict.Ended(Outcome.Succeeded ignored) -> event("task.succeeded", task.key(), attempt + "}");
            case Verdict.Ended(Outcome.Continued ignored) -> event("task.continued", task.key(), attempt + "}");
            case Verdict.Ended(Outcome.Skipped(String why)) ->
                event("task.skipped", task.key(), attempt + ",\"reason\":" + Json.quote(why) + "}");
            case Verdict.Ended(Outcome.Failed(Problem why, var ignored, var told)) ->
                event("task.failed", task.key(), attempt + ",\"error\":" + why.toJson() + "}");
            case Verdict.Again(var delay, Problem why) ->
                event(
                        "task.retry",
                        task.key(),
                        attempt + ",\"dueAt\":" + (now + delay.toMillis()) + ",\"error\":" + why.toJson() + "}");
            case Verdict.HandedBack() -> event("task.returned", task.key(), attempt + "}");
            case Verdict.Parked parked -> {
                if (parked.state() != null) state = parked.state();
                event("task.parked", task.key(), attempt + EventData.until(parked.wakeAt()) + "}");
            }
            case Verdict.Stalled(boolean pause, Problem why) -> {
                event(
                        "task.stalled",
                        task.key(),
                        attempt + ",\"recovery\":" + (task.stalls() + 1) + ",\"error\":" + why.toJson() + "}");
                if (pause && status == RunStatus.RUNNING) pause("Pawl", why.message());
            }
            case Verdict.Blocked(Reason why, Problem failure, boolean ignored) -> {
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
        hold(true, why.mayExpire() ? TaskKey.DEADLINE : null);
    }

    /** Holds or releases what waits, also what came into being in this very transaction. */
    private void hold(boolean held, @Nullable String except) {
        tx.hold(id, held, except);
        creations.hold(held, except);
    }

    /** Whether its deadline has to wait until somebody releases it. */
    boolean holdsDeadline() {
        return status == RunStatus.PAUSED || (reason != null && !reason.mayExpire());
    }

    /** The deadline passed, and nobody had a free hand for the task that says so. */
    void expire() {
        boolean open = status == RunStatus.RUNNING || (status == RunStatus.BLOCKED && !holdsDeadline());
        if (open && deadlineAt != null && deadlineAt <= now) endedOwn(TaskKey.DEADLINE);
    }

    /** A task of the kernel itself ended. */
    void endedOwn(String name) {
        switch (name) {
            case TaskKey.DEADLINE -> {
                if (isUndoing()) return; // it will end, and why is known
                if (status == RunStatus.BLOCKED && undo != null) resume("Pawl", "its deadline has passed");
                fail(Problem.of(FailureClass.TIMEOUT, "Deadline", "The run did not end before its deadline.")
                        .toJson());
            }
            case TaskKey.SUCCEED -> succeed(null);
            case TaskKey.CHILD -> {
                family = family.withMail();
                tx.wake(id, null, now);
            }
            case TaskKey.PARENT -> {
                if (!isUndoing()) cancel("parent " + family.parent(), "");
            }
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
                case Plan.Create create -> creations.create(create, now, status.held());
                case Plan.CancelStep(String name) -> cancelOpen(name);
                case Plan.Copy(String name) -> creations.copy(name);
                case Plan.Note(String kind, var task, Json data) -> event(kind, task, data);
                case Plan.Succeed(Plan.Output result) -> succeed(result);
                case Plan.Fail(Problem why) -> fail(why.toJson());
                case Plan.Undone(boolean wasCancelled, var trouble) -> undone(wasCancelled, trouble);
                case Plan.Write(String name, int index, Effect effect) ->
                    tx.append(List.of(new Tx.NewEffect(new TaskKey(id, name, index), effect)), ignored -> {});
                case Plan.Forget(String name, int index) -> tx.forget(new TaskKey(id, name, index));
                case Plan.Provide(String name, int index, Payload given) -> creations.provide(name, index, given);
                case Plan.CopyJournal copy -> creations.copyJournal(copy);
                case Plan.Await wait -> creations.await(wait, status.held());
                case Plan.Inherit journal -> creations.inherit(journal);
                case Plan.Wake(String name) -> {
                    tx.wakeStep(id, name, now);
                    creations.wake(name, now);
                }
                case Plan.Begin() -> {
                    if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
                }
                case Plan.Retire(String name) -> cancelOpen(name);
                case Plan.Publish(var causedBy, var messages, var inputs) -> {
                    topics.register(inputs);
                    var unused = publish(messages, "", causedBy);
                }
                case Plan.Dispose dispose -> family = family.withMail(topics.dispose(dispose, family.mail()));
                case Plan.Block(Reason why, Problem failure) -> block(why, failure);
            }
        }
    }

    /** What came into being under this name in this very transaction is due, whatever it was to wait for. */
    void hasten(String name) {
        creations.wake(name, now);
    }

    // ---- topics ---------------------------------------------------------------------------------------------------

    /** Puts messages into its topics; what came of it is known when the transaction is written. */
    Topics.Fresh publish(List<Plan.Publication> messages, String actor, @Nullable String causedBy) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "sent messages", "a run that has not ended");
        var fresh = new Topics.Fresh();
        family = family.withMail(topics.publish(messages, actor, causedBy, family.mail(), fresh));
        return fresh;
    }

    Topics topics() {
        return topics;
    }

    /** What its new tasks wait for. */
    List<Tx.Listening> listening() {
        return creations.listening();
    }

    /** Is told since when that is there, in the order of {@link #listening}. */
    void pendingSince(List<Long> since) {
        creations.pendingSince(since, now);
    }

    /** A task wants the history to know. */
    void note(TaskKey task, Recorded.Note note) {
        event(note.kind(), task.label(), note.data());
    }

    /**
     * Another version takes over.
     *
     * @param plan what it wants then
     * @return which definition the run had
     */
    int migrate(Entry.Migration to, Plan plan) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "taken over", "a run that has not ended");
        int before = definition;
        if (before == to.definition()) return before;
        if (before != to.from()) throw Refused.migrated(id);
        for (var change : plan.changes()) {
            if (change instanceof Plan.Retire(String name) && tx.reserved(id, name) > 0) {
                throw Refused.stillReserved(id, name);
            }
        }
        tx.migrate(id, to.definition());
        definition = to.definition();
        creations.migrate(definition);
        event("run.migrated", null, EventData.migration(to));
        apply(plan);
        if (status == RunStatus.BLOCKED && reason == Reason.REPAIR) repaired(to);
        return before;
    }

    /** The code is repaired; what became of a change that another task has begun is still to be said. */
    private void repaired(Entry.Migration by) {
        boolean unknown = isIndeterminate();
        release(by.actor(), by.comment());
        if (!unknown) return;
        String what = Refused.unknownOutcome(id).getMessage();
        block(Reason.INDETERMINATE, Problem.of(FailureClass.INDETERMINATE, "Indeterminate", String.valueOf(what)));
    }

    private void succeed(Plan.@Nullable Output result) {
        if (result != null) output = result;
        if (status == RunStatus.PAUSED) {
            creations.create(TaskKey.SUCCEED, 0, now, true);
            endsWhenResumed = true;
            return;
        }
        if (status == RunStatus.QUEUED) become(RunStatus.RUNNING, "run.started", "{}");
        if (deadlineAt != null || family.children() > 0) cancelOpen(null);
        end(RunStatus.SUCCEEDED, "run.succeeded", "{}");
    }

    private void fail(Json why) {
        problem = why;
        if (undo != null && !isUndoing()) {
            cancelOpen(null);
            event("run.failing", null, new Json("{\"error\":" + why + "}"));
            undoAs(UNDO_FAILED);
            return;
        }
        if (status == RunStatus.PAUSED) {
            cancelOpen(null);
            creations.create(TaskKey.FAIL, 0, now, true);
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
        creations.drop(name);
        if (fresh) return;
        var open = tx.cancelOpen(id, name, now);
        cancelled.addAll(open);
        var byStep = open.stream()
                .filter(task ->
                        !task.name().equals(TaskKey.CHILD) && !task.name().equals(TaskKey.PARENT))
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
        become(RunStatus.PAUSED, "run.paused", EventData.by(actor, comment));
        hold(true, null);
    }

    void resume(String actor, String comment) {
        if (!status.held()) throw Refused.wrongStatus(id, status, "resumed", "a PAUSED or BLOCKED run");
        if (isIndeterminate()) throw Refused.unknownOutcome(id);
        release(actor, comment);
    }

    private boolean isIndeterminate() {
        tx.flush(); // it may have been recorded in this very transaction
        return tx.indeterminate(id);
    }

    private void release(String actor, String comment) {
        reason = null;
        become(RunStatus.RUNNING, "run.resumed", EventData.by(actor, comment));
        hold(false, null);
    }

    void cancel(String actor, String comment) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "cancelled", "a run that has not ended");
        if (isUndoing()) return; // it ends as soon as all is undone; who asks twice has lost a reply
        cancelOpen(null);
        if (undo == null) {
            end(RunStatus.CANCELLED, "run.cancelled", EventData.by(actor, comment));
            return;
        }
        if (status.held()) {
            reason = null;
            become(RunStatus.RUNNING, "run.resumed", EventData.by(actor, "to undo what was done"));
        }
        event("run.cancelling", null, new Json(EventData.by(actor, comment)));
        undoAs(UNDO_CANCELLED);
    }

    private Problem both(boolean wasCancelled, Problem trouble) {
        var failure = wasCancelled ? null : tx.problem(id);
        String first =
                failure == null ? "It was cancelled" : Problem.parse(failure).summary();
        return new Problem(
                trouble.failureClass(),
                trouble.type(),
                first + ". And what was done could not be undone: " + trouble.message(),
                trouble.detail());
    }

    private void undoAs(int why) {
        if (undo == null) throw new IllegalStateException("Run " + id + " has nothing to undo.");
        creations.create(undo, why, now, status.held());
        undo = UNDOING;
    }

    private boolean isUndoing() {
        return UNDOING.equals(undo);
    }

    /** Nothing is left to be undone. Why it failed stands in its row. */
    private void undone(boolean wasCancelled, @Nullable Problem trouble) {
        cancelOpen(null);
        if (wasCancelled && trouble == null) {
            end(RunStatus.CANCELLED, "run.cancelled", "{}");
            return;
        }
        if (trouble != null) problem = both(wasCancelled, trouble).toJson();
        end(RunStatus.FAILED, "run.failed", trouble == null ? "{}" : "{\"undo\":" + trouble.toJson() + "}");
    }

    void forgive(String actor, String comment) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "forgiven", "a run that has not ended");
        tx.forgive(id);
        event("run.forgiven", null, new Json(EventData.by(actor, comment)));
    }

    /** A message came for it; answers whether it is new. */
    boolean signal(Entry.Signal signal) {
        if (status.terminal()) throw Refused.wrongStatus(id, status, "sent a signal", "a run that has not ended");
        int seq = family.mail() + 1;
        var message = new Message(
                id, seq, signal.name(), signal.id(), signal.payload(), signal.actor(), now, MessageStatus.PENDING);
        if (!tx.send(message)) return false;
        family = family.withMail();
        event("signal.received", null, EventData.signal(signal));
        tx.wake(id, signal.name(), now);
        return true;
    }

    /** A person said what became of an effect. */
    void resolved(Entry.Resolution said) {
        boolean question = Approvals.isQuestion(said.effect());
        boolean refused = question && said.value() != null && !Approvals.isApproved(said.value());
        String kind = question ? (refused ? "approval.refused" : "approval.given") : "effect.resolved";
        event(kind, said.task().label(), question ? EventData.answer(said) : EventData.resolution(said));
        if (refused && said.task().name().equals(TaskKey.SUBMIT)) {
            resume(said.actor(), said.comment());
            String why = said.actor() + " refused the run" + (said.comment().isEmpty() ? "." : ": " + said.comment());
            fail(Problem.of(FailureClass.POLICY, "Refused", why).toJson());
            return;
        }
        var answered = question ? Reason.APPROVAL : Reason.INDETERMINATE;
        boolean more = answered == Reason.INDETERMINATE && isIndeterminate(); // another task may wait as well
        if (status == RunStatus.BLOCKED && reason == answered && !more) resume(said.actor(), said.comment());
    }

    /** Nothing of a new run begins before somebody has approved it. */
    void ask(Entry.Question question) {
        var asked = new Effect(
                0, 0, 0, now, Approvals.POLICY, EffectStatus.BEGUN, "submit", question.decision(), null, null);
        tx.append(List.of(new Tx.NewEffect(new TaskKey(id, TaskKey.SUBMIT, 0), asked)), ignored -> {});
        become(RunStatus.RUNNING, "run.started", "{}");
        block(Reason.APPROVAL, Problem.of(FailureClass.APPROVAL, "ApprovalWanted", question.message()));
    }

    // ---- its relatives --------------------------------------------------------------------------------------------

    /** It starts a run of its own; answers what that one is to it. */
    Run.Family bears(Entry.Submission child) {
        family = family.withChild();
        event(
                "child.started",
                null,
                new Json("{\"run\":\"" + child.run() + "\",\"program\":"
                        + Json.quote(child.program().name())
                        + (child.origin().label() == null
                                ? ""
                                : ",\"label\":" + Json.quote(child.origin().label()))
                        + "}"));
        return child.origin().parent() == null ? Run.Family.NONE : Run.Family.childOf(id, family.children());
    }

    /** There is something to undo from now on. */
    void undoWith(String task) {
        if (undo != null) return;
        undo = task;
        event("undo.registered", null, new Json("{\"task\":" + Json.quote(task) + "}"));
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
        return new Tx.NewRun(
                run(),
                program,
                key,
                input,
                output,
                problem,
                now,
                endedAt,
                origin.retryOf(),
                origin.link(),
                origin.slot(),
                origin.detached(),
                origin.labels());
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
