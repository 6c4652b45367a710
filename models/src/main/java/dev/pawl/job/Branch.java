package dev.pawl.job;

import dev.pawl.core.Retry;
import dev.pawl.io.Action;
import dev.pawl.json.TypeRef;
import org.jspecify.annotations.Nullable;

/**
 * One of several things that go on at the same time: a call, or a run that was started.
 *
 * @param <T> what it gives back
 */
public sealed interface Branch<T> permits Branch.Call, Child {

    /** A call for {@link JobContext#all}, {@link JobContext#any} or {@link JobContext#race}; nothing happens yet. */
    static <T> Branch<T> call(String name, Class<T> type, Action<T, ? extends Exception> action) {
        return new Call<>(name, TypeRef.of(type), null, action);
    }

    /** The same for a generic type. */
    static <T> Branch<T> call(String name, TypeRef<T> type, Action<T, ? extends Exception> action) {
        return new Call<>(name, type, null, action);
    }

    /**
     * A call.
     *
     * @param retry how it is tried again; null for as the job says
     * @param <T> what it gives back
     */
    record Call<T>(String name, TypeRef<T> type, @Nullable Retry retry, Action<T, ? extends Exception> action)
            implements Branch<T> {}
}
