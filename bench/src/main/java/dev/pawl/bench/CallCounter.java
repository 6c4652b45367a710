package dev.pawl.bench;

import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import java.util.function.Function;

/** Counts what an engine asks of its store, and what of the transactions it writes. */
final class CallCounter {

    private final Map<String, LongAdder> calls = new ConcurrentHashMap<>();
    private final Map<String, LongAdder> rows = new ConcurrentHashMap<>();
    private final LongAdder ofStore = new LongAdder();

    /** How often a method of the store or of a transaction was called. */
    long calls(String method) {
        return calls.computeIfAbsent(method, any -> new LongAdder()).sum();
    }

    /** For how many rows a method was called whose first argument is a collection. */
    long rows(String method) {
        return rows.computeIfAbsent(method, any -> new LongAdder()).sum();
    }

    /** How many transactions were written. */
    long transactions() {
        return calls("write") + calls("writes");
    }

    /** How many calls of the store there were of whatever kind; a transaction counts once. */
    long ofStore() {
        return ofStore.sum();
    }

    /** The same store, counted. */
    Store around(Store store) {
        return proxy(Store.class, store, true);
    }

    private <T> T proxy(Class<T> type, T counted, boolean outermost) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    count(method, arguments, outermost);
                    return call(counted, method, outermost ? opened(arguments) : arguments);
                }));
    }

    private void count(Method method, Object[] arguments, boolean outermost) {
        String name = method.getName();
        calls.computeIfAbsent(name, any -> new LongAdder()).increment();
        if (outermost) ofStore.increment();
        if (arguments != null && arguments.length > 0 && arguments[0] instanceof Collection<?> many) {
            rows.computeIfAbsent(name, any -> new LongAdder()).add(many.size());
        }
    }

    /** Lets what is done within a transaction be counted too. */
    @SuppressWarnings("unchecked")
    private Object[] opened(Object[] arguments) {
        if (arguments == null || arguments.length != 1) return arguments;
        return switch (arguments[0]) {
            case Function<?, ?> work -> {
                Function<Tx, Object> counted = tx -> ((Function<Tx, Object>) work).apply(proxy(Tx.class, tx, false));
                yield new Object[] {counted};
            }
            case Consumer<?> work -> {
                Consumer<Tx> counted = tx -> ((Consumer<Tx>) work).accept(proxy(Tx.class, tx, false));
                yield new Object[] {counted};
            }
            case null, default -> arguments;
        };
    }

    private static Object call(Object on, Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(on, arguments);
        } catch (InvocationTargetException thrown) {
            throw thrown.getCause();
        }
    }

    /**
     * Lets an engine run on a fresh database until it is warm, and says how many changes of runs share a commit on
     * average: submissions and ends of steps.
     */
    static int meanBatch(PawlRuns engine, Comparison.Plan plan) throws Exception {
        var counter = new CallCounter();
        try (var counted = engine.over(counter::around)) {
            counted.prepare();
            counted.throughput(plan.concurrency(), plan.concurrency());
            double rate = counted.throughput(2 * plan.concurrency(), plan.concurrency());
            int runs = (int) Math.max(plan.concurrency(), rate * plan.seconds() / 2);
            long before = counter.transactions();
            counted.throughput(runs, plan.concurrency());
            double changes = (double) runs * (counted.stepsPerRun() + 1);
            return (int) Math.max(1, Math.round(changes / (counter.transactions() - before)));
        }
    }
}
