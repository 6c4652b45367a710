package dev.pawl.flow;

import dev.pawl.core.Retry;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

/**
 * Random flows for property tests: as data, so that {@link Oracle} can say what must come out, and as a {@link Flow} that
 * does it. The same seed and size always give the same flow.
 */
public final class RandomFlows {

    private RandomFlows() {}

    enum Kind {
        STEP,
        LIST,
        BOX,
        MAP
    }

    /** An object with a list inside. */
    record Box(List<Integer> items) {}

    /**
     * A step reads another.
     *
     * @param step its index, or -1 for the input
     * @param guard the value must not be divisible by this; 0 for no guard
     */
    record Read(int step, boolean optional, int guard) {}

    /**
     * A step.
     *
     * @param failing 0: never; for a map: every so many-th element; for others: always
     */
    record Spec(
            Kind kind,
            List<Read> reads,
            int length,
            int failing,
            Unmet unmet,
            Exhausted exhausted,
            Optional<Tolerance> tolerance,
            List<Integer> ifSkipped,
            List<Integer> ifCompleted,
            int maxParallel) {

        boolean conditional() {
            return !ifSkipped.isEmpty()
                    || !ifCompleted.isEmpty()
                    || reads.stream().anyMatch(read -> read.guard > 0);
        }

        boolean maySkipPlainly() {
            return exhausted == Exhausted.SKIP || (conditional() && unmet == Unmet.SKIP);
        }
    }

    /**
     * A flow with its input.
     *
     * @param healed once set, nothing fails any more
     */
    public record Case(
            long seed, int size, List<Integer> input, List<Spec> specs, FailureMode mode, AtomicBoolean healed) {

        /** The flow; its output is that of its last step, or empty. */
        public Flow<List<Integer>, Optional<Integer>> flow() {
            return Flow.defineList("random-" + seed + "-" + size, Integer.class, this::define)
                    .failure(mode);
        }

        private Source<Optional<Integer>> define(Steps f, ListSource<Integer> input) {
            var steps = new ArrayList<AnyStep<?, ?>>();
            for (var spec : specs) steps.add(add(f, input, steps, spec));
            @SuppressWarnings("unchecked")
            var last = (Step<Integer>) steps.getLast();
            return last.optional();
        }

        private AnyStep<?, ?> add(Steps f, ListSource<Integer> input, List<AnyStep<?, ?>> steps, Spec spec) {
            int me = steps.size();
            String name = "s" + me;
            var sources =
                    spec.reads.stream().map(read -> source(input, steps, read)).toList();
            AnyStep<?, ?> step = switch (spec.kind) {
                case STEP -> f.step(name, Integer.class, sources, in -> single(spec, me, sources, in));
                case LIST -> f.list(name, Integer.class, sources, in -> list(single(spec, me, sources, in), spec));
                case BOX -> f.step(name, Box.class, sources, in -> new Box(list(single(spec, me, sources, in), spec)));
                case MAP -> {
                    var map = f.mapIndexed(
                                    name,
                                    Integer.class,
                                    listOf(input, steps, spec.reads.getFirst()),
                                    (element, item) -> element(spec, me, element, item.index()))
                            .maxParallel(spec.maxParallel);
                    yield spec.tolerance.isPresent() ? map.tolerate(spec.tolerance.get()) : map;
                }
            };
            step.retry(Retry.never());
            step.unmet(spec.unmet);
            step.onExhausted(spec.exhausted);
            spec.ifSkipped.forEach(other -> step.ifSkipped(steps.get(other)));
            spec.ifCompleted.forEach(other -> step.ifCompleted(steps.get(other)));
            return step;
        }

        private static Source<?> source(ListSource<Integer> input, List<AnyStep<?, ?>> steps, Read read) {
            Source<?> source = read.step < 0 ? input : steps.get(read.step);
            if (read.optional && read.step >= 0) source = steps.get(read.step).optional();
            return read.guard == 0 ? source : source.when(value -> passes(number(value), read.guard));
        }

        private ListSource<Integer> listOf(ListSource<Integer> input, List<AnyStep<?, ?>> steps, Read read) {
            var list = rawListOf(input, steps, read);
            return read.guard == 0 ? list : list.when(value -> passes(number(value), read.guard));
        }

        @SuppressWarnings("unchecked")
        private ListSource<Integer> rawListOf(ListSource<Integer> input, List<AnyStep<?, ?>> steps, Read read) {
            if (read.step < 0) return input;
            var spec = specs.get(read.step);
            Source<?> step = read.optional ? steps.get(read.step).optional() : steps.get(read.step);
            if (spec.kind == Kind.BOX) return step.each("/items", Integer.class);
            if (spec.tolerance.isPresent()) return step.each("/values", Integer.class);
            return (ListSource<Integer>) steps.get(read.step);
        }

        private int single(Spec spec, int me, List<? extends Source<?>> sources, Inputs in) {
            if (spec.failing > 0 && !healed.get()) throw new IllegalStateException("s" + me + " fails");
            int sum = me;
            for (var source : sources) sum += number(in.get(source));
            return sum % 1_000;
        }

        private int element(Spec spec, int me, int element, int index) {
            if (fails(spec, index)) throw new IllegalStateException("s" + me + " fails at " + index);
            return (element + me) % 1_000;
        }

        boolean fails(Spec spec, int index) {
            return spec.failing > 0 && index % spec.failing == 0 && !healed.get();
        }

        @Override
        public String toString() {
            return "seed " + seed + ", size " + size + ", " + mode + ", input " + input + ":\n  "
                    + String.join("\n  ", specs.stream().map(Spec::toString).toList());
        }
    }

    static List<Integer> list(int base, Spec spec) {
        var list = new ArrayList<Integer>();
        for (int i = 0; i < spec.length; i++) list.add(base + i);
        return list;
    }

    static boolean passes(int number, int guard) {
        return number % guard != 0;
    }

    /** A number for any value that a step can be given. */
    static int number(Object value) {
        return switch (value) {
            case Integer number -> number;
            case List<?> list -> list.stream().mapToInt(RandomFlows::number).sum() + list.size() + 1;
            case Box box -> number(box.items());
            case Partial<?> partial ->
                number(partial.values()) + 1_000 * partial.errors().size();
            case Optional<?> optional -> optional.map(RandomFlows::number).orElse(7);
            default -> throw new IllegalArgumentException(value.toString());
        };
    }

    /** Any flow. */
    public static Case of(long seed, int size) {
        return build(seed, size, false);
    }

    /** A flow of which nothing goes on without what failed, so that a retry must come to what an unfailed run does. */
    public static Case strict(long seed, int size) {
        return build(seed, size, true);
    }

    private static Case build(long seed, int size, boolean strict) {
        var random = new SplittableRandom(seed);
        var input = new ArrayList<Integer>();
        for (int i = random.nextInt(5); i > 0; i--) input.add(random.nextInt(50));
        var specs = new ArrayList<Spec>();
        for (int i = 0; i < size; i++) specs.add(spec(random.split(), specs, i == size - 1, strict));
        var mode = random.nextBoolean() ? FailureMode.FAIL_FAST : FailureMode.WAIT_ALL;
        return new Case(seed, size, input, specs, mode, new AtomicBoolean());
    }

    private static Spec spec(RandomGenerator random, List<Spec> before, boolean last, boolean strict) {
        var kinds = Kind.values();
        var kind = last ? Kind.STEP : kinds[random.nextInt(kinds.length)];
        var reads = new ArrayList<Read>();
        if (kind == Kind.MAP) {
            var lists = new ArrayList<>(List.of(-1));
            for (int i = 0; i < before.size(); i++) if (before.get(i).kind != Kind.STEP) lists.add(i);
            int step = lists.get(random.nextInt(lists.size()));
            boolean canBeOptional = step >= 0
                    && (before.get(step).kind == Kind.BOX
                            || before.get(step).tolerance.isPresent());
            reads.add(new Read(step, canBeOptional && random.nextBoolean(), guard(random)));
        } else {
            var chosen = new java.util.TreeSet<Integer>();
            for (int i = random.nextInt(1, 4); i > 0; i--) chosen.add(random.nextInt(-1, before.size()));
            for (int step : chosen) {
                boolean must = step >= 0 && before.get(step).maySkipPlainly();
                reads.add(new Read(step, step >= 0 && (must || random.nextInt(4) == 0), guard(random)));
            }
        }
        boolean tolerant = !strict && kind == Kind.MAP && random.nextInt(3) == 0;
        return new Spec(
                kind,
                reads,
                random.nextInt(5),
                random.nextInt(5) == 0 ? random.nextInt(1, 4) : 0,
                pick(random, Unmet.values(), 8),
                strict ? Exhausted.FAIL : pick(random, Exhausted.values(), 3),
                tolerant
                        ? Optional.of(
                                random.nextBoolean()
                                        ? Tolerance.count(random.nextInt(3))
                                        : Tolerance.percent(random.nextInt(101)))
                        : Optional.empty(),
                controls(random, before),
                controls(random, before),
                random.nextInt(1, 4));
    }

    /** The first word mostly is too dull, the last one mostly ends the run: so the last comes once in so many times. */
    private static <E> E pick(RandomGenerator random, E[] words, int rarity) {
        if (random.nextInt(rarity) == 0) return words[words.length - 1];
        return words[random.nextInt(words.length - 1)];
    }

    private static int guard(RandomGenerator random) {
        return random.nextInt(4) == 0 ? random.nextInt(2, 5) : 0;
    }

    private static List<Integer> controls(RandomGenerator random, List<Spec> before) {
        return before.isEmpty() || random.nextInt(8) > 0 ? List.of() : List.of(random.nextInt(before.size()));
    }
}
