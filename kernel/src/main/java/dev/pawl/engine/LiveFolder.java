package dev.pawl.engine;

import dev.pawl.spi.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of a database that nobody wants to keep. */
record LiveFolder(Path folder) {

    private static final Logger log = LoggerFactory.getLogger(LiveFolder.class);

    static LiveFolder create() {
        try {
            return new LiveFolder(Files.createTempDirectory("pawl-live-"));
        } catch (IOException failed) {
            throw new StoreException.Unusable("There is no place for a temporary database: " + failed, failed);
        }
    }

    String url() {
        return "jdbc:sqlite:" + folder.resolve("live.db");
    }

    void delete() {
        try (var files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        } catch (IOException failed) {
            log.warn("Could not remove {}: {}", folder, failed.toString());
        }
    }
}
