package dev.pawl.cli;

import dev.pawl.engine.Pawl;
import dev.pawl.engine.TimeTravel;
import dev.pawl.spi.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A run as people name it for looking back: one of the database, or a file that {@code pawl export} wrote.
 *
 * @param pawl the open database; null for a file
 */
record RecordedRun(History history, @Nullable Pawl pawl) implements AutoCloseable {

    /** How a parameter is explained that takes either. */
    static final String WHICH =
            "The run: its id, the beginning of its id, or \"last\"; or a file that pawl export wrote.";

    static RecordedRun of(Shared shared, String typed) {
        Path file = file(typed);
        if (file != null) return new RecordedRun(read(file), null);
        var pawl = shared.client();
        try {
            return new RecordedRun(pawl.history(shared.find(pawl, typed)), pawl);
        } catch (RuntimeException notFound) {
            pawl.close();
            throw notFound;
        }
    }

    private static @Nullable Path file(String typed) {
        try {
            Path path = Path.of(typed);
            if (Files.isRegularFile(path)) return path;
        } catch (InvalidPathException noPath) {
            return null;
        }
        if (typed.indexOf('.') < 0 && typed.indexOf('/') < 0) return null;
        throw Complaint.notFound("There is no file " + typed + ", and the id of a run has no dots or slashes.");
    }

    /** @throws Complaint if it cannot be read or is no exported run */
    static History read(Path file) {
        try {
            return TimeTravel.read(file);
        } catch (IOException unreadable) {
            throw Complaint.usage("The file " + file + " cannot be read: " + unreadable.getMessage() + ".", unreadable);
        } catch (dev.pawl.core.Failure.Logic wrong) {
            throw Complaint.usage(String.valueOf(wrong.getMessage()), wrong);
        }
    }

    @Override
    public void close() {
        if (pawl != null) pawl.close();
    }
}
