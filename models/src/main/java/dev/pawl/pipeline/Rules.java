package dev.pawl.pipeline;

import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.MessageStatus;
import dev.pawl.core.Outcome;
import dev.pawl.core.Plan;
import dev.pawl.core.Priority;
import dev.pawl.core.Problem;
import dev.pawl.core.Reason;
import dev.pawl.core.Run;
import dev.pawl.core.RunStatus;
import dev.pawl.core.TaskKey;
import dev.pawl.spi.Result;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What follows from the end of an activation. Pure: state in, plan out.
 *
 * <p>An activation that was committed is followed by the next one, which waits for messages or for its time. One that failed
 * is followed by its retry: either from nothing, with its messages released, or with its journal, so that what it has
 * reserved and changed is not done again.
 */
record Rules(Blueprint blueprint, Limits limits) {

    /** Consumers go before producers: what is there is worked off before more is fetched. */
    static final Priority PRODUCERS = Priority.LOW;

    Plan start() {
        var changes = new ArrayList<Plan.Change>();
        changes.add(new Plan.Begin());
        var state = PipelineState.NEW;
        for (var handler : blueprint.handlers().values()) state = begin(state, handler, changes);
        return new Plan(state.json(), changes);
    }

    private static PipelineState begin(PipelineState state, Handler handler, List<Plan.Change> changes) {
        String name = handler.name();
        var line = PipelineState.Line.begun(state.line(name), schedule(handler));
        changes.add(
                switch (handler) {
                    case Handler.Producer<?> ignored ->
                        new Plan.Create(name, line.open(), line.open() + 1, Duration.ZERO, null, PRODUCERS);
                    case Handler.Consumer<?, ?, ?> consumer ->
                        new Plan.Await(name, line.open(), consumer.listens(), Result.NEVER, 0, null);
                });
        return state.with(name, line);
    }

    private static @Nullable String schedule(Handler handler) {
        return handler instanceof Handler.Producer<?> producer
                ? producer.timing().toString()
                : null;
    }

    Plan advance(Json json, TaskKey task, Outcome outcome) {
        var state = PipelineState.read(json);
        var line = state.line(task.name());
        if (line == null || line.open() != task.index()) return new Plan(json, List.of());
        return switch (outcome) {
            case Outcome.Succeeded committed ->
                new Plan(state.with(task.name(), line.committed()).repaired(0).json(), committed.changes());
            case Outcome.Failed failed ->
                failed(state, task.name(), line, failed.problem(), Retried.of(failed.facts()));
            case Outcome.Skipped ignored -> throw new IllegalStateException("An activation is never skipped.");
            case Outcome.Continued ignored -> throw new IllegalStateException("An activation is one task.");
        };
    }

    private Plan failed(PipelineState state, String name, PipelineState.Line line, Problem problem, Retried how) {
        var changes = new ArrayList<Plan.Change>();
        var next = line.failed(how.counts());
        changes.add(note(name, line, next, how));
        if (how.afresh()) changes.add(new Plan.Dispose(name, MessageStatus.PENDING, how.released(), topics(name)));
        else changes.add(new Plan.Inherit(name, line.open(), next.open()));
        var why = how.counts() ? hold(problem.failureClass(), state, next) : null;
        changes.add(new Plan.Create(name, next.open(), next.open() + 1, pause(next, why, how), null, priority(name)));
        var after = state.with(name, why == null ? next : next.forgiven());
        if (why == Reason.FAILING) after = after.repaired(0); // only a person gets it going again
        if (why != null) changes.add(new Plan.Block(why, problem));
        return new Plan(after.json(), changes);
    }

    private @Nullable Priority priority(String name) {
        return blueprint.handler(name) instanceof Handler.Producer ? PRODUCERS : null;
    }

    /** Other consumers may want what one could do nothing with. */
    private List<String> topics(String consumer) {
        var handler = blueprint.handler(consumer);
        return handler == null ? List.of() : handler.listens();
    }

    private static Plan.Note note(String name, PipelineState.Line failed, PipelineState.Line next, Retried how) {
        return new Plan.Note(
                "activation.retry",
                name + '[' + next.open() + ']',
                new Json("{\"retryOf\":" + failed.open() + ",\"afresh\":" + how.afresh() + "}"));
    }

    private Duration pause(PipelineState.Line next, @Nullable Reason why, Retried how) {
        if (why != null || !how.counts()) return Duration.ZERO;
        var backoff = Backoff.after(next.failures(), limits.pause(), limits.longestPause());
        return backoff.compareTo(how.after()) > 0 ? backoff : how.after();
    }

    /** What the pipeline needs from somebody after a failure; null if trying again may help. */
    private @Nullable Reason hold(FailureClass failure, PipelineState state, PipelineState.Line next) {
        return switch (failure) {
            case TRANSIENT, RATE_LIMITED, TIMEOUT, UNCLASSIFIED ->
                next.failures() > limits.failures() ? Reason.FAILING : null;
            case LOGIC -> state.repairs() >= limits.repairs() ? Reason.FAILING : Reason.REPAIR;
            case AUTH -> Reason.AUTH;
            case PERMISSION -> Reason.PERMISSION;
            case POLICY -> Reason.POLICY;
            case STALLED -> Reason.STALLED;
            case INTERNAL, INDETERMINATE, APPROVAL, DIVERGED -> Reason.FAILING;
        };
    }

    /**
     * Another version takes over: handlers that it has not any more go, new ones begin, and consumers look again at what
     * they left lying. What others have reserved and changed stays theirs.
     */
    Plan takeOver(Run run, int definition) {
        var state = PipelineState.read(run.state()).replaced(run.definition(), definition);
        var changes = new ArrayList<Plan.Change>();
        for (var line : Map.copyOf(state.handlers()).entrySet()) {
            String name = line.getKey();
            if (line.getValue().retired() || blueprint.handler(name) != null) continue;
            changes.add(new Plan.Retire(name));
            state = state.with(name, line.getValue().retire());
        }
        for (var handler : blueprint.handlers().values()) {
            var line = state.line(handler.name());
            if (line == null || line.retired()) {
                state = begin(state, handler, changes);
                continue;
            }
            boolean rescheduled = !Objects.equals(line.schedule(), schedule(handler));
            state = state.with(handler.name(), line.on(schedule(handler)));
            if (rescheduled || handler instanceof Handler.Consumer) changes.add(new Plan.Wake(handler.name()));
        }
        boolean repairs = run.status() == RunStatus.BLOCKED && run.reason() == Reason.REPAIR;
        return new Plan((repairs ? state.repaired(state.repairs() + 1) : state).json(), changes);
    }
}
