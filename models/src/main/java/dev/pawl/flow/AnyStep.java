package dev.pawl.flow;

import dev.pawl.core.Retry;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.Optional;

/**
 * A step of any kind, and the options that all kinds have. Options are set while the flow is defined; each of these
 * methods returns the step itself.
 *
 * @param <T> what the step hands on
 * @param <S> the kind of step
 */
public abstract sealed class AnyStep<T, S extends AnyStep<T, S>> implements Source<T> permits Step, ListStep, MapStep {

    private final Node node;
    private final Wire.Output wire;
    private final TypeRef<T> type;

    AnyStep(Node node, TypeRef<T> type, boolean partial) {
        this.node = node;
        this.type = type;
        this.wire = new Wire.Output(node, partial, type);
    }

    abstract S self();

    Wire wire() {
        return wire;
    }

    Node node() {
        return node;
    }

    /** How often each task is tried, and how long it waits in between; three times by default. */
    public S retry(Retry retry) {
        node.open().retry = retry;
        return self();
    }

    /**
     * How long one attempt may take before it is interrupted; by default there is no limit.
     *
     * @throws DefinitionException if it is not positive
     */
    public S timeout(Duration timeout) {
        if (!timeout.isPositive()) throw refused("a timeout of " + timeout + "; it must be positive");
        node.open().timeout = timeout;
        return self();
    }

    /**
     * How long the step's tasks wait after the step has become ready. Retries have their own delay.
     *
     * @throws DefinitionException if it is negative
     */
    public S startDelay(Duration delay) {
        if (delay.isNegative()) throw refused("a start delay of " + delay + "; it must not be negative");
        node.open().startDelay = delay;
        return self();
    }

    /** The queue of the step's tasks, if not that of the run. */
    public S queue(String queue) {
        if (queue.isBlank()) throw refused("a queue without a name");
        node.open().queue = queue;
        return self();
    }

    /** What happens when a task has failed for good; by default the run fails. */
    public S onExhausted(Exhausted exhausted) {
        node.open().exhausted = exhausted;
        return self();
    }

    /** What happens when the step's conditions do not hold; by default the step is skipped. */
    public S unmet(Unmet unmet) {
        node.open().unmet = unmet;
        return self();
    }

    /** Runs the step only if all of these were skipped, for whatever reason; it waits for them. */
    public S ifSkipped(AnyStep<?, ?>... steps) {
        for (var step : steps) node.open().ifSkipped.add(step.node());
        return self();
    }

    /** Runs the step only if all of these succeeded; it waits for them. */
    public S ifCompleted(AnyStep<?, ?>... steps) {
        for (var step : steps) node.open().ifCompleted.add(step.node());
        return self();
    }

    /**
     * The step's output, or empty if it was skipped (or handed on {@code null}). Reading it like this is the only way
     * to read a step that may be skipped.
     */
    public Source<Optional<T>> optional() {
        return new Derived<>(new Wire.Maybe(wire, TypeRef.optionalOf(type)));
    }

    DefinitionException refused(String what) {
        return new DefinitionException("Step \"" + node.name + "\" has " + what + ".");
    }

    @Override
    public String toString() {
        return node.label();
    }
}
