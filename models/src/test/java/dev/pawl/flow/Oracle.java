package dev.pawl.flow;

import dev.pawl.core.RunStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a random flow must come to, found in the most obvious way: step after step, each once, in order. */
public final class Oracle {

    enum End {
        SUCCEEDED,
        SKIPPED,
        CASCADED,
        FAILED,
        NEVER
    }

    /** @param value only of a step that succeeded */
    record Verdict(End end, Object value) {
        static Verdict of(End end) {
            return new Verdict(end, null);
        }
    }

    private final RandomFlows.Case flow;
    private final List<Verdict> verdicts = new ArrayList<>();

    private Oracle(RandomFlows.Case flow) {
        this.flow = flow;
        for (var spec : flow.specs()) verdicts.add(judge(spec));
    }

    /** What this flow must come to. */
    public static Oracle of(RandomFlows.Case flow) {
        return new Oracle(flow);
    }

    /** How the run must end. */
    public RunStatus status() {
        return verdicts.stream().anyMatch(verdict -> verdict.end == End.FAILED)
                ? RunStatus.FAILED
                : RunStatus.SUCCEEDED;
    }

    /** What a run that succeeds must hand back. */
    public Optional<Integer> output() {
        return Optional.ofNullable((Integer) verdicts.getLast().value);
    }

    /** How a step must end if nothing ends the run before it; {@code waiting} if it cannot even begin. */
    public String step(int index) {
        return switch (verdicts.get(index).end) {
            case SUCCEEDED -> "succeeded";
            case SKIPPED, CASCADED -> "skipped";
            case FAILED -> "failed";
            case NEVER -> "waiting";
        };
    }

    private Verdict judge(RandomFlows.Spec spec) {
        if (spec.reads().stream().anyMatch(read -> is(read.step(), End.CASCADED))) return Verdict.of(End.CASCADED);
        var waitsFor = new ArrayList<>(spec.ifSkipped());
        waitsFor.addAll(spec.ifCompleted());
        spec.reads().forEach(read -> waitsFor.add(read.step()));
        if (waitsFor.stream().anyMatch(step -> is(step, End.FAILED) || is(step, End.NEVER))) {
            return Verdict.of(End.NEVER);
        }
        boolean met = spec.ifSkipped().stream().allMatch(step -> is(step, End.SKIPPED) || is(step, End.CASCADED))
                && spec.ifCompleted().stream().allMatch(step -> is(step, End.SUCCEEDED));
        var values = spec.reads().stream().map(read -> value(spec, read)).toList();
        for (int i = 0; i < values.size() && met; i++) {
            int guard = spec.reads().get(i).guard();
            met = guard == 0 || RandomFlows.passes(RandomFlows.number(values.get(i)), guard);
        }
        if (!met) return unmet(spec);
        return spec.kind() == RandomFlows.Kind.MAP ? map(spec, values.getFirst()) : single(spec, values);
    }

    private boolean is(int step, End end) {
        return step >= 0 && verdicts.get(step).end == end;
    }

    private Object value(RandomFlows.Spec spec, RandomFlows.Read read) {
        if (read.step() < 0) return flow.input();
        var value = verdicts.get(read.step()).value;
        if (spec.kind() == RandomFlows.Kind.MAP) {
            return switch (value) {
                case null -> List.of();
                case RandomFlows.Box box -> box.items();
                case Partial<?> partial -> partial.values();
                default -> value;
            };
        }
        return read.optional() ? Optional.ofNullable(value) : value;
    }

    private Verdict unmet(RandomFlows.Spec spec) {
        return Verdict.of(
                switch (spec.unmet()) {
                    case SKIP -> End.SKIPPED;
                    case SKIP_CASCADE -> End.CASCADED;
                    case FAIL -> End.FAILED;
                });
    }

    private Verdict exhausted(RandomFlows.Spec spec) {
        return Verdict.of(
                switch (spec.exhausted()) {
                    case FAIL -> End.FAILED;
                    case SKIP -> End.SKIPPED;
                    case SKIP_CASCADE -> End.CASCADED;
                });
    }

    private Verdict single(RandomFlows.Spec spec, List<?> values) {
        if (flow.fails(spec, 0)) return exhausted(spec);
        int sum = verdicts.size();
        for (var value : values) sum += RandomFlows.number(value);
        int number = sum % 1_000;
        return new Verdict(
                End.SUCCEEDED,
                switch (spec.kind()) {
                    case LIST -> RandomFlows.list(number, spec);
                    case BOX -> new RandomFlows.Box(RandomFlows.list(number, spec));
                    default -> number;
                });
    }

    private Verdict map(RandomFlows.Spec spec, Object value) {
        var list = (List<?>) value;
        var values = new ArrayList<Integer>();
        var errors = new ArrayList<ItemError>();
        for (int i = 0; i < list.size(); i++) {
            if (flow.fails(spec, i)) errors.add(new ItemError(i, null));
            else values.add(((Integer) list.get(i) + verdicts.size()) % 1_000);
        }
        if (spec.tolerance().isEmpty()) {
            return errors.isEmpty() ? new Verdict(End.SUCCEEDED, values) : exhausted(spec);
        }
        boolean tolerated = spec.tolerance().get().allows(errors.size(), list.size());
        return tolerated ? new Verdict(End.SUCCEEDED, new Partial<>(values, errors)) : exhausted(spec);
    }
}
