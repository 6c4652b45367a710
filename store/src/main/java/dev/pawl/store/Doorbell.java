package dev.pawl.store;

/** Wakes idle workers in other processes. May ring for nothing and may be missed; nothing but speed depends on it. */
interface Doorbell extends AutoCloseable {

    /** Calls the listener after the bell was rung, from a thread of the bell's, until what is returned is closed. */
    AutoCloseable listen(Runnable listener);

    /** Rings; returns at once. */
    void ring();

    @Override
    void close();
}
