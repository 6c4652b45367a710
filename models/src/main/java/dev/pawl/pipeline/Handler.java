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
    record Producer<C>(String name, Timing timing, TypeRef<C> cursor, Produce<C> code, Map<String, Topic<?>> publishes)
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
            Prepare<M, P> prepare,
            @Nullable Change<P, R> change,
            @Nullable Next<P, R> next,
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
            TypeRef<R> result, Mutate<P, R> code, @Nullable Reconcile<P, R> probe, Reconciling reconciling) {}

    /** Reads, publishes what is new, and returns where it stopped. */
    @FunctionalInterface
    interface Produce<C> {
        /** @param cursor what it returned last; null the first time */
        @Nullable
        C run(Source out, @Nullable C cursor) throws Exception;
    }

    /** Looks at what is pending and decides what to do; changes nothing. */
    @FunctionalInterface
    interface Prepare<M, P> {
        Prepared<P> run(Inbox<M> inbox) throws Exception;
    }

    /** Changes one thing outside. */
    @FunctionalInterface
    interface Mutate<P, R> {
        /** @param key the same for the same prepared work, whatever happens */
        @Nullable
        R run(P data, String key) throws Exception;
    }

    /**
     * Asks the other side whether a change has happened: its result if it has, empty if it certainly has not and will not,
     * and any exception if the other side cannot tell yet.
     */
    @FunctionalInterface
    interface Reconcile<P, R> {
        java.util.Optional<R> run(P data, String key) throws Exception;
    }

    /** What follows from a change: publishes, remembers. Touches nothing outside. */
    @FunctionalInterface
    interface Next<P, R> {
        /** @param data what was prepared; null if there was nothing to do */
        void run(Publisher out, P data, Outcome<R> outcome) throws Exception;
    }

    /** The same for consumers that change nothing outside. */
    @FunctionalInterface
    interface Passed<P> {
        /** @param data what was prepared; null if there was nothing to do */
        void run(Publisher out, P data) throws Exception;
    }
}
