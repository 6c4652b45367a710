package dev.pawl.pipeline;

import dev.pawl.json.TypeRef;
import dev.pawl.schedule.Timing;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One producer or consumer of a pipeline, as it was defined. */
sealed interface Handler {

    String name();

    /** The topics that it may publish to, by name. */
    Map<String, Topic<?>> publishes();

    /** The names under which messages wake it. */
    List<String> listens();

    /** What an activation of it is called in messages: {@code consumer "append-row"}. */
    String label();

    /** @param cursor the type of its cursor */
    record Producer<C>(
            String name, Timing timing, TypeRef<C> cursor, Code.Produce<C> code, Map<String, Topic<?>> publishes)
            implements Handler {

        static final String RUN = "run:";

        /** The signal that runs it now. */
        String trigger() {
            return RUN + name;
        }

        @Override
        public List<String> listens() {
            return List.of(trigger());
        }

        @Override
        public String label() {
            return "producer \"" + name + '"';
        }
    }

    /**
     * @param reads its topics by name, the first one first
     * @param change what it changes outside, or null
     * @param next null if nothing is to be done afterwards
     */
    record Consumer<M, P, R>(
            String name,
            Topic<M> topic,
            Map<String, Topic<?>> reads,
            TypeRef<P> data,
            Code.Prepare<M, P> prepare,
            @Nullable Change<P, R> change,
            Code.@Nullable Next<P, R> next,
            Map<String, Topic<?>> publishes)
            implements Handler {

        @Override
        public List<String> listens() {
            return List.copyOf(reads.keySet());
        }

        @Override
        public String label() {
            return "consumer \"" + name + '"';
        }
    }

    /** An outside change, and how the other side is asked about it; it cannot be asked if {@code probe} is null. */
    record Change<P, R>(
            TypeRef<R> result, Code.Mutate<P, R> code, Code.@Nullable Reconcile<P, R> probe, Reconciling reconciling) {

        /**
         * The change of a consumer that had one in an earlier version: it is not called, and nobody is left who could ask
         * about it but a person.
         */
        @SuppressWarnings("unchecked") // what follows in a consumer without a change takes any result
        static <P, R> Change<P, R> noMore() {
            return new Change<>(
                    (TypeRef<R>) TypeRef.of(Object.class),
                    (data, key) -> {
                        throw new IllegalStateException("There is no such change any more: " + key);
                    },
                    null,
                    Reconciling.DEFAULT);
        }
    }
}
