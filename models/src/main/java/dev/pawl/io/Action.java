package dev.pawl.io;

/**
 * Something to do and to record.
 *
 * @param <T> what it gives back
 * @param <E> what it may throw besides unchecked exceptions
 */
@FunctionalInterface
public interface Action<T, E extends Exception> {

    /** Does it. */
    T run() throws E;

    /**
     * Something to do with a request that is recorded.
     *
     * @param <Q> the request
     * @param <T> what it gives back
     * @param <E> what it may throw besides unchecked exceptions
     */
    @FunctionalInterface
    interface Of<Q, T, E extends Exception> {
        /** Does it. */
        T run(Q request) throws E;
    }

    /**
     * Something that gives nothing back.
     *
     * @param <E> what it may throw besides unchecked exceptions
     */
    @FunctionalInterface
    interface Silent<E extends Exception> {
        /** Does it. */
        void run() throws E;
    }

    /**
     * A change outside that must not happen twice.
     *
     * @param <T> what it gives back
     * @param <E> what it may throw besides unchecked exceptions
     */
    @FunctionalInterface
    interface Keyed<T, E extends Exception> {
        /**
         * Does it.
         *
         * @param key the same for every try; give it to the other side as its idempotency key
         */
        T run(String key) throws E;
    }

    /**
     * SQL on the database of this Pawl.
     *
     * @param <T> what it gives back
     * @param <E> what it may throw besides unchecked exceptions
     */
    @FunctionalInterface
    interface Transacted<T, E extends Exception> {
        /**
         * Does it.
         *
         * @param connection in a transaction that is committed together with the record; do neither yourself
         */
        T run(java.sql.Connection connection) throws E;
    }
}
