package dev.pawl.tape;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import dev.pawl.io.StepFailed;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions of steps that failed for good. They are made again from their record, in the first run as in every replay: so
 * the code that catches them takes the same way each time.
 */
public final class Thrown {

    /** Whoever catches these would not know what happened. */
    private static final Set<Class<?>> TOO_GENERAL = Set.of(Throwable.class, Exception.class, RuntimeException.class);

    /** Those that came out of the journal in this attempt. */
    private final IdentityHashMap<Throwable, String> recorded = new IdentityHashMap<>();

    /** The exception of a failed effect, made from its record; {@code first} is the original if it was just thrown. */
    @SuppressWarnings("ReferenceEquality") // an exception must not suppress itself
    public Exception again(Effect failed, @Nullable Throwable first) {
        var problem = problem(failed);
        var made = make(failed.request(), problem.message());
        Exception thrown = made == null ? new StepFailed(failed.name(), problem) : made;
        if (first != null && thrown != first) thrown.addSuppressed(first);
        return known(thrown, String.valueOf(failed.ordinal()));
    }

    /**
     * Remembers that an exception came out of the journal.
     *
     * @param at the positions to do over for another outcome, with commas between them
     */
    public <T extends Throwable> T known(T thrown, String at) {
        synchronized (recorded) {
            recorded.put(thrown, at);
        }
        return thrown;
    }

    public static Problem problem(Effect failed) {
        var json = failed.problem();
        return json == null ? Problem.of(FailureClass.UNCLASSIFIED, "Failed", "") : Problem.parse(json);
    }

    /** What is noted of an exception so that it can be made again. */
    public static String typeOf(Throwable thrown) {
        return thrown.getClass().getName();
    }

    /** The exception itself, or the nearest of its supertypes that says anything: a {@code SQLException} of a driver. */
    private static @Nullable Exception make(@Nullable Json request, String message) {
        String name = request == null ? null : Notes.text(request, Notes.EXCEPTION);
        Class<?> thrown = name == null ? null : load(name);
        for (Class<?> type = thrown; type != null; type = type.getSuperclass()) {
            if (type != thrown && TOO_GENERAL.contains(type)) return null;
            try {
                return type.asSubclass(Exception.class)
                        .getConstructor(String.class)
                        .newInstance(message);
            } catch (ReflectiveOperationException | ClassCastException | LinkageError unmakable) {
                // the next one
            }
        }
        return null;
    }

    private static @Nullable Class<?> load(String name) {
        try {
            return Class.forName(name, true, Thread.currentThread().getContextClassLoader());
        } catch (ReflectiveOperationException | LinkageError unknown) {
            return null;
        }
    }

    /**
     * What leaves the code of a job, so that it is not tried again when that cannot help: a failure that came out of the
     * journal would come out of it again.
     */
    public Throwable leaving(Throwable thrown) {
        var source = source(thrown);
        if (source == null) return thrown;
        var failureClass = thrown instanceof Failure failure ? failure.failureClass() : classOf(source);
        return new Failure.Exhausted(Problem.of(failureClass, thrown), thrown);
    }

    /** The positions to do over for another outcome; null if what was thrown did not come out of the journal. */
    public @Nullable String origin(Throwable thrown) {
        var source = source(thrown);
        synchronized (recorded) {
            return source == null ? null : recorded.get(source);
        }
    }

    /** What came out of the journal among a throwable and its causes. */
    private @Nullable Throwable source(Throwable thrown) {
        synchronized (recorded) {
            for (Throwable at = thrown; at != null; at = at.getCause()) {
                if (recorded.containsKey(at)) return at;
            }
            return null;
        }
    }

    private static FailureClass classOf(Throwable recorded) {
        if (recorded instanceof StepFailed step) return step.problem().failureClass();
        return recorded instanceof Failure failure ? failure.failureClass() : FailureClass.UNCLASSIFIED;
    }
}
