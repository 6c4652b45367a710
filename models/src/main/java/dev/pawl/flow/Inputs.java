package dev.pawl.flow;

import dev.pawl.io.Io;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The values of a step's sources, for a step with more of them than a lambda should have arguments. */
public final class Inputs {

    private final Map<Source<?>, @Nullable Object> values;
    private final Supplier<Io> io;

    Inputs(Map<Source<?>, @Nullable Object> values, Supplier<Io> io) {
        this.values = values;
        this.io = io;
    }

    /** For what the step asks of the outside, so that it is recorded. A step need not ask here. */
    public Io io() {
        return io.get();
    }

    /**
     * The value of a source.
     *
     * @throws IllegalArgumentException if the source was not listed when the step was defined
     */
    @SuppressWarnings({"unchecked", "NullAway"}) // the value was read with the type of this very source
    public <T> T get(Source<T> source) {
        if (!values.containsKey(source)) {
            throw new IllegalArgumentException("The step did not list this source: " + source + ".");
        }
        return (T) values.get(source);
    }
}
