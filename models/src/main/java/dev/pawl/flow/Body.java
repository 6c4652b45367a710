package dev.pawl.flow;

import dev.pawl.core.Json;
import dev.pawl.io.Io;
import dev.pawl.json.Codec;
import dev.pawl.json.TypeRef;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The user code of a step. */
sealed interface Body {

    /** Runs once, with the values of all sources, which are those of the step's wires in the same order. */
    record Once(List<? extends Source<?>> sources, Fn1<Inputs, ?> code) implements Body {
        @Nullable
        Object run(Inputs inputs) throws Exception {
            return code.apply(inputs);
        }
    }

    /** Runs for each element of a list. */
    record Each<E>(TypeRef<E> item, Fn3<? super E, Item, Supplier<Io>, ?> code) implements Body {
        @Nullable
        Object run(Json element, Item place, Supplier<Io> io, String what) throws Exception {
            return code.apply(Codec.STANDARD.read(element, item, what), place, io);
        }
    }
}
