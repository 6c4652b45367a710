package dev.pawl.exec;

import dev.pawl.core.Failure;
import dev.pawl.core.FailureClass;
import dev.pawl.spi.StoreException;
import java.util.Map;

/**
 * Says which class a throwable is: its own word if it is a {@link Failure}, else what the author registered for its type
 * or the nearest of its supertypes, else unclassified. Never looks at a message.
 *
 * @param types classes for exception types of libraries
 */
public record Classifier(Map<Class<? extends Throwable>, FailureClass> types) {

    /** Knows nothing but {@link Failure}. */
    public static final Classifier NONE = new Classifier(Map.of());

    FailureClass classOf(Throwable thrown) {
        if (thrown instanceof Failure failure) return failure.failureClass();
        if (thrown instanceof StoreException) return FailureClass.TRANSIENT;
        for (Class<?> type = thrown.getClass(); type != null; type = type.getSuperclass()) {
            var registered = types.get(type);
            if (registered != null) return registered;
        }
        return FailureClass.UNCLASSIFIED;
    }
}
