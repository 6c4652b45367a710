package dev.pawl.flow;

import dev.pawl.core.Retry;
import dev.pawl.core.TaskOptions;
import dev.pawl.json.TypeRef;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The definition of one step. Written while the flow's lambda runs; read only from then on. */
final class Node {

    enum Kind {
        STEP,
        LIST,
        MAP
    }

    /** The most tasks of one map that are open at a time, so that a map of a million is not a million rows at once. */
    private static final int WINDOW = 1_000;

    private final Steps scope;
    final int index;
    final String name;
    final Kind kind;
    final TypeRef<?> type;
    final Body body;
    final List<Wire> wires;
    private final @Nullable Wire list;

    Retry retry = Retry.DEFAULT;

    @Nullable
    Duration timeout;

    Duration startDelay = Duration.ZERO;

    @Nullable
    String queue;

    int window = WINDOW;
    Exhausted exhausted = Exhausted.FAIL;
    Unmet unmet = Unmet.SKIP;

    @Nullable
    Tolerance tolerance;

    /** Whether its code asks the outside through a journal. */
    boolean recording;

    final List<Node> ifSkipped = new ArrayList<>();
    final List<Node> ifCompleted = new ArrayList<>();
    /** The maps that fan out over this step. */
    final List<Node> readers = new ArrayList<>();

    Node(Steps scope, int index, String name, Kind kind, TypeRef<?> type, Body body, List<Wire> wires) {
        this.scope = scope;
        this.index = index;
        this.name = name;
        this.kind = kind;
        this.type = type;
        this.body = body;
        this.wires = wires;
        this.list = kind == Kind.MAP ? wires.getFirst().bare() : null;
    }

    boolean isMap() {
        return kind == Kind.MAP;
    }

    /** What a map fans out over, once its conditions are known to hold. */
    Wire list() {
        if (list == null) throw new IllegalStateException(label() + " is no map.");
        return list;
    }

    boolean belongsTo(Steps steps) {
        return scope == steps;
    }

    /** This step, to change an option of it. */
    Node open() {
        scope.requireOpen(name);
        return this;
    }

    void limit(int maxParallel) {
        window = Math.min(maxParallel, WINDOW);
    }

    boolean hasGuard() {
        return wires.stream().anyMatch(Wire::hasGuard);
    }

    /** Whether it may be skipped in the way that its readers must be able to live with. */
    boolean maySkipPlainly() {
        return exhausted == Exhausted.SKIP || (isConditional() && unmet == Unmet.SKIP);
    }

    /** Whether it may be skipped in the way that takes its readers along. */
    boolean maySkipCascading() {
        return exhausted == Exhausted.SKIP_CASCADE || (isConditional() && unmet == Unmet.SKIP_CASCADE);
    }

    private boolean isConditional() {
        return hasGuard() || !ifSkipped.isEmpty() || !ifCompleted.isEmpty();
    }

    TaskOptions options() {
        return new TaskOptions(retry, timeout);
    }

    /** {@code step "split"}, for messages. */
    String label() {
        return (isMap() ? "map \"" : "step \"") + name + '"';
    }
}
