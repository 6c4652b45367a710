package dev.pawl.spi;

import dev.pawl.core.RunId;

/** Where payloads live that are too large for a row. Content-addressed within a run. Thread-safe. */
public interface Artifacts {

    /**
     * Keeps the bytes durably and returns a reference, the same for the same bytes.
     *
     * @throws java.io.UncheckedIOException if it cannot
     */
    String put(RunId run, byte[] bytes);

    /**
     * The bytes behind a reference.
     *
     * @throws java.io.UncheckedIOException if they cannot be read or are not what was put
     */
    byte[] get(String reference);

    /** Removes everything that the run put. Removing nothing is no error. */
    void delete(RunId run);
}
