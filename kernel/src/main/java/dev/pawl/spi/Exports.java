package dev.pawl.spi;

import java.io.IOException;
import java.nio.file.Path;

/**
 * Recorded runs as files that stand alone, found with {@link java.util.ServiceLoader}. Stateless and thread-safe.
 */
public interface Exports {

    /** Everything that is recorded of a run, as one JSON document; the same record gives the same document. */
    String write(History run);

    /**
     * A run from such a document.
     *
     * @throws dev.pawl.core.Failure.Logic if it is none, or one of a newer format
     * @throws IOException if the file cannot be read
     */
    History read(Path file) throws IOException;
}
