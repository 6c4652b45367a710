package dev.pawl.travel;

import dev.pawl.spi.Exports;
import dev.pawl.spi.History;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Recorded runs as JSON files. Thread-safe. */
public final class JsonExports implements Exports {

    /** Made by {@link java.util.ServiceLoader}. */
    public JsonExports() {}

    @Override
    public String write(History run) {
        return ExportText.of(run);
    }

    @Override
    public History read(Path file) throws IOException {
        return ExportedRun.of(Files.readString(file), file.toString());
    }
}
