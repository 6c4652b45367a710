package dev.pawl;

import dev.pawl.spi.Store;
import dev.pawl.spi.Tx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Function;

/** Stands between the engine and a store, and lets things happen there at a moment that a test chooses. */
final class Between {

    private Between() {}

    /** What happens around a transaction. */
    interface Writes {
        Object write(Function<Tx, Object> work);
    }

    /** A store whose transactions go through the test. */
    static Store writing(Store inner, Writes writes) {
        return proxy(Store.class, (method, arguments) -> {
            @SuppressWarnings("unchecked")
            var work = method.getName().equals("write") ? (Function<Tx, Object>) arguments[0] : null;
            return work == null ? method.invoke(inner, arguments) : writes.write(work);
        });
    }

    /** A transaction in which a claim takes its time. */
    static Tx claiming(Tx inner, Runnable meanwhile) {
        return proxy(Tx.class, (method, arguments) -> {
            if (method.getName().equals("claim")) meanwhile.run();
            return method.invoke(inner, arguments);
        });
    }

    /** A store whose clock is asked in the test's way. */
    static Store timing(Store inner, Function<Store, Long> databaseTime) {
        return proxy(
                Store.class,
                (method, arguments) -> method.getName().equals("databaseTime")
                        ? databaseTime.apply(inner)
                        : method.invoke(inner, arguments));
    }

    private interface Call {
        Object call(Method method, Object[] arguments) throws ReflectiveOperationException;
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                type.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("writes")) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    try {
                        return call.call(method, arguments);
                    } catch (InvocationTargetException wrapped) {
                        throw wrapped.getTargetException();
                    }
                }));
    }
}
