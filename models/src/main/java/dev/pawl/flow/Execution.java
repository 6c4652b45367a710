package dev.pawl.flow;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.core.TaskStatus;
import dev.pawl.flow.StepState.Status;
import dev.pawl.json.Codec;
import dev.pawl.json.Elements;
import dev.pawl.json.JsonScan;
import dev.pawl.spi.Claimed;
import dev.pawl.spi.Journal;
import dev.pawl.spi.Outputs;
import dev.pawl.spi.Result;
import dev.pawl.tape.LiveIo;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** One attempt of one task: reads what the step was promised, asks its conditions, runs its code. */
final class Execution {

    private static final Codec CODEC = Codec.STANDARD;
    private static final int PAGE = 1_000;
    private static final int CACHED_BYTES = 64 << 20;

    /** One for all flows of the process, because the memory that it bounds is the process's. */
    private static final ElementCache LISTS = new ElementCache(CACHED_BYTES);

    private final Claimed task;
    private final Node step;
    private final FlowState state;
    private final Outputs outputs;
    private final Recording io;

    /** @param flow the flow and its version, for messages */
    Execution(String flow, Dag dag, Node step, Claimed task, Journal journal) {
        this.io = new Recording(flow, step, task, journal);
        this.task = task;
        this.step = step;
        this.state = FlowState.read(dag, task.run().state());
        this.outputs = task.outputs();
    }

    /** What the step asked the outside through; null if it asked for nothing. */
    @Nullable
    LiveIo io() {
        return io.asked();
    }

    Result run() throws Exception {
        return io.record(this::perform);
    }

    private Result perform() throws Exception {
        try {
            if (task.key().name().endsWith(Dag.GATE)) return check(step.wires.getFirst());
            return switch (step.body) {
                case Body.Once once -> once(once);
                case Body.Each<?> each -> each(each, task.key().index());
            };
        } catch (NotMet e) {
            return new Result.Skip(SkipReason.CONDITION_UNMET.word);
        }
    }

    private Result once(Body.Once body) throws Exception {
        var values = new IdentityHashMap<Source<?>, @Nullable Object>();
        for (int i = 0; i < step.wires.size(); i++) values.put(body.sources().get(i), value(step.wires.get(i)));
        var output = body.run(new Inputs(values, io));
        if (step.kind != Node.Kind.LIST) return new Result.Done(CODEC.write(output, step.type, outputOf(step)), -1);
        if (!(output instanceof List<?> list)) throw new Failure.TypeViolation(noList(), Json.NULL);
        return new Result.Done(CODEC.write(list, step.type, outputOf(step)), list.size());
    }

    private String noList() {
        String reader =
                step.readers.isEmpty() ? "a list step" : step.readers.getFirst().label();
        return "Step \"" + step.name + "\" produced null, but " + reader + " needs a list.";
    }

    private Result each(Body.Each<?> body, int index) throws Exception {
        var element = element(step.list(), index);
        var place = new Item(index, state.of(step).size());
        var output = body.run(element, place, io, "Element " + index + " of the list of " + step.label());
        return new Result.Done(CODEC.write(output, step.type, outputOf(step)), -1);
    }

    private Result check(Wire list) throws Exception {
        if (list.hasGuard()) value(list);
        int size = isMissing(list) ? 0 : sizeOf(step.list());
        return new Result.Done(new Json(String.valueOf(size)), size);
    }

    private int sizeOf(Wire list) {
        return switch (list) {
            case Wire.Range range -> range.size();
            case Wire.Output output
            when output.step().isMap() -> state.of(output.step()).size();
            default -> elements(list).size();
        };
    }

    private Json element(Wire list, int index) {
        return switch (list) {
            case Wire.Range range -> new Json(String.valueOf(index));
            case Wire.Output output when output.step().isMap() -> outputs.of(output.step().name, index);
            default -> elements(list).get(index);
        };
    }

    private Elements elements(Wire list) {
        var key = new ElementCache.Key(task.key().run(), list.describe());
        return LISTS.get(key, () -> Elements.of(listText(list)));
    }

    private String listText(Wire list) {
        var json = json(list);
        if (json == null) throw new IllegalStateException(list.describe() + " is missing.");
        return json.text();
    }

    /** The value as its reader wants it. */
    private @Nullable Object value(Wire wire) throws Exception {
        return switch (wire) {
            case Wire.Maybe maybe -> isMissing(maybe) ? Optional.empty() : Optional.ofNullable(value(maybe.of()));
            case Wire.Guarded guarded -> guarded(guarded);
            case Wire.Range range -> IntStream.range(0, range.size()).boxed().toList();
            case Wire.Part part -> {
                if (part.of().hasGuard()) value(part.of());
                yield read(part);
            }
            default -> read(wire);
        };
    }

    private @Nullable Object read(Wire wire) {
        var json = json(wire);
        return json == null ? List.of() : CODEC.read(json, wire.type(), what(wire));
    }

    private @Nullable Object guarded(Wire.Guarded wire) throws Exception {
        var value = value(wire.of());
        boolean holds = switch (wire.guard()) {
            case Guard.When<?> when -> when.holds(value);
            case Guard.Matching matching -> matching.holds(json(wire.of()));
        };
        if (!holds) throw new NotMet();
        return value;
    }

    /** The value as JSON; null if its step was skipped. */
    private @Nullable Json json(Wire wire) {
        if (isMissing(wire)) return null;
        return switch (wire) {
            case Wire.Input input -> outputs.input();
            case Wire.Range range ->
                new Json(IntStream.range(0, range.size()).boxed().toList().toString());
            case Wire.Output output -> output.step().isMap() ? collected(output) : outputs.of(output.step().name, 0);
            case Wire.Maybe maybe -> json(maybe.of());
            case Wire.Guarded guarded -> json(guarded.of());
            case Wire.Part part -> part(part);
        };
    }

    private boolean isMissing(Wire wire) {
        var source = wire.step();
        return source != null && state.of(source).is(Status.SKIPPED);
    }

    private Json part(Wire.Part part) {
        var whole = json(part.of());
        var found = whole == null ? null : JsonScan.at(whole.text(), part.pointer());
        if (found != null && Elements.isList(found)) return new Json(found);
        var json = found == null ? null : new Json(found);
        var source = part.step();
        throw new Failure.TypeViolation(
                "%s %s at %s, but %s needs a list."
                        .formatted(
                                source == null ? "The run's input has" : "Step \"" + source.name + "\" produced",
                                CODEC.describe(json),
                                part.pointer().isEmpty() ? "its top" : part.pointer(),
                                step.label()),
                json == null ? Json.NULL : json);
    }

    /** A map's outputs as one list; those of a tolerant map beside its errors. */
    private Json collected(Wire.Output output) {
        var values = new StringJoiner(",", "[", "]");
        var errors = new StringJoiner(",", "[", "]");
        int size = state.of(output.step()).size();
        for (int from = 0; from < size; from += PAGE) {
            for (var entry : outputs.entries(output.step().name, from, Math.min(PAGE, size - from))) {
                if (entry.status() == TaskStatus.SUCCEEDED) {
                    values.add(String.valueOf(entry.output()));
                } else {
                    errors.add("{\"index\":" + entry.index() + ",\"error\":" + entry.problem() + "}");
                }
            }
        }
        return new Json(output.partial() ? "{\"values\":" + values + ",\"errors\":" + errors + "}" : values.toString());
    }

    private static String what(Wire wire) {
        var source = wire.step();
        return source == null ? "The input of the run" : outputOf(source);
    }

    private static String outputOf(Node step) {
        return "The output of " + step.label();
    }

    /** A condition does not hold: a way out of nested reading, not an error. */
    private static final class NotMet extends Exception {
        NotMet() {
            super("condition not met", null, false, false);
        }
    }
}
