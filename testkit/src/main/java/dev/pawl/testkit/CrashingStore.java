package dev.pawl.testkit;

import dev.pawl.spi.Journal;
import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.Tx;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/**
 * Counts the write transactions of a store, those of user code included, and lets the process "die" just before or just
 * after one of them, or loses the reply to its commit. Who has died writes nothing more: only {@link #behave} and {@link
 * #plan} bring it back.
 */
public final class CrashingStore {

    private final Store inner;
    private final AtomicInteger writes = new AtomicInteger();
    private volatile int at = -1;
    private volatile How how = How.BEFORE;
    private volatile boolean dead;

    /** What happens at the chosen write. */
    public enum How {
        /** Dies before anything is written. */
        BEFORE,
        /** Dies after the commit is durable, before anybody hears of it. */
        AFTER,
        /** The commit is durable and the reply is lost. */
        REPLY_LOST,
        /** The commit never happened and the reply is lost. */
        COMMIT_LOST
    }

    public CrashingStore(Store inner) {
        this.inner = inner;
    }

    /** How many write transactions were begun. */
    public int writes() {
        return writes.get();
    }

    /** Counts from zero again, and lets it happen at the given write, the first being 1. */
    public void plan(int write, How what) {
        writes.set(0);
        at = write;
        how = what;
        dead = false;
    }

    /** Nothing happens any more. */
    public void behave() {
        at = -1;
        dead = false;
    }

    /** Dies here, in the middle of user code: to be thrown by it, and whatever is made of that is never written. */
    public Crash die(String where) {
        dead = true;
        return new Crash(where);
    }

    /** The store to hand to the engine. Everything but writing goes straight through. */
    public Store store() {
        return (Store) Proxy.newProxyInstance(
                Store.class.getClassLoader(), new Class<?>[] {Store.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("write")) {
                        @SuppressWarnings("unchecked")
                        var work = (Function<Tx, Object>) arguments[0];
                        return write(work);
                    }
                    if (method.getName().equals("transact")) {
                        @SuppressWarnings("unchecked")
                        var work = (Store.TransactedWork<Exception>) arguments[1];
                        transact((Tx.Lease) arguments[0], work);
                        return null;
                    }
                    if (method.isDefault()) {
                        return java.lang.reflect.InvocationHandler.invokeDefault(proxy, method, arguments);
                    }
                    try {
                        return method.invoke(inner, arguments);
                    } catch (InvocationTargetException wrapped) {
                        throw wrapped.getTargetException();
                    }
                });
    }

    private Object write(Function<Tx, Object> work) {
        int number = next();
        if (number != at) return inner.write(work);
        switch (how) {
            case BEFORE -> throw die("before write " + number);
            case AFTER -> {
                inner.write(work);
                throw die("after write " + number);
            }
            case REPLY_LOST -> {
                inner.write(work);
                throw new StoreException.OutcomeUnknown("The reply to write " + number + " was lost.", null);
            }
            case COMMIT_LOST -> throw lost(work, number);
        }
        throw new IllegalStateException("Unknown: " + how);
    }

    private int next() {
        if (dead) throw new Crash("dead already");
        return writes.incrementAndGet();
    }

    /** The store looks lost replies up by itself here, so what its caller sees is what follows from that. */
    private void transact(Tx.Lease lease, Store.TransactedWork<Exception> work) throws Exception {
        int number = next();
        if (number != at) {
            inner.transact(lease, work);
            return;
        }
        switch (how) {
            case BEFORE -> throw die("before write " + number);
            case AFTER -> {
                inner.transact(lease, work);
                throw die("after write " + number);
            }
            case REPLY_LOST -> {
                inner.transact(lease, work);
                throw new Journal.Superseded("The reply to write " + number + " was lost, and so was the look for it.");
            }
            case COMMIT_LOST -> {
                inner.transact(lease, connection -> {
                    var effect = work.run(connection);
                    throw new StoreException.Unavailable(
                            "The commit of write " + number + ", " + effect.name() + ", was lost; nothing was written.",
                            null);
                });
            }
        }
    }

    private StoreException.OutcomeUnknown lost(Function<Tx, Object> work, int number) {
        try {
            Object result = inner.write(tx -> {
                var written = work.apply(tx);
                throw new Crash("inside write " + number + " of " + written);
            });
            throw new IllegalStateException("The store swallowed an error of the work, and returned " + result);
        } catch (Crash rolledBack) {
            return new StoreException.OutcomeUnknown("The commit of write " + number + " was lost.", rolledBack);
        }
    }
}
