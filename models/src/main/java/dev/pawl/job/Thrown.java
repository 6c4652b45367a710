package dev.pawl.job;

import dev.pawl.core.Effect;
import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.core.Json;
import dev.pawl.core.Problem;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Exceptions of steps that failed for good. They are made again from their record, in the first run as in every replay: so
 * the code that catches them takes the same way each time.
 */
final class Thrown {

    /** Those that came out of the journal in this attempt. */
    private final Set<Throwable> recorded = Collections.newSetFromMap(new IdentityHashMap<>());

    /** The exception of a failed effect, made from its record; {@code first} is the original if it was just thrown. */
    @SuppressWarnings("ReferenceEquality") // an exception must not suppress itself
    Exception again(Effect failed, @Nullable Throwable first) {
        var problem = problem(failed);
        var made = make(failed.request(), problem.message());
        Exception thrown = made == null ? new StepFailed(failed.name(), problem) : made;
        if (first != null && thrown != first) thrown.addSuppressed(first);
        return known(thrown);
    }

    /** Remembers that an exception came out of the journal. */
    <T extends Exception> T known(T thrown) {
        synchronized (recorded) {
            recorded.add(thrown);
        }
        return thrown;
    }

    static Problem problem(Effect failed) {
        var json = failed.problem();
        return json == null ? Problem.of(FailureClass.UNCLASSIFIED, "Failed", "") : Problem.parse(json);
    }

    /** What is noted of an exception so that it can be made again. */
    static String typeOf(Throwable thrown) {
        return thrown.getClass().getName();
    }

    private static @Nullable Exception make(@Nullable Json request, String message) {
        String type = request == null ? null : Notes.text(request, Notes.EXCEPTION);
        if (type == null) return null;
        try {
            var loader = Thread.currentThread().getContextClassLoader();
            return Class.forName(type, true, loader)
                    .asSubclass(Exception.class)
                    .getConstructor(String.class)
                    .newInstance(message);
        } catch (ReflectiveOperationException | ClassCastException | LinkageError unmakable) {
            return null;
        }
    }

    /**
     * What leaves the code of a job, so that it is not tried again when that cannot help: a failure that came out of the
     * journal would come out of it again.
     */
    Throwable leaving(Throwable thrown) {
        for (Throwable at = thrown; at != null; at = at.getCause()) {
            if (isRecorded(at)) {
                var failureClass = thrown instanceof Failure failure ? failure.failureClass() : classOf(at);
                return new Failure.Exhausted(Problem.of(failureClass, thrown), thrown);
            }
        }
        return thrown;
    }

    private boolean isRecorded(Throwable thrown) {
        synchronized (recorded) {
            return recorded.contains(thrown);
        }
    }

    private static FailureClass classOf(Throwable recorded) {
        if (recorded instanceof StepFailed step) return step.problem().failureClass();
        return recorded instanceof Failure failure ? failure.failureClass() : FailureClass.UNCLASSIFIED;
    }
}
