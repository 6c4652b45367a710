package dev.pawl.pipeline;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The code of producers and consumers, as functions: what each phase is given, and what it gives back. */
public interface Code {

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
        Optional<R> run(P data, String key) throws Exception;
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
