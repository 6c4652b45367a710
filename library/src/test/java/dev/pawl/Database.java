package dev.pawl;

import dev.pawl.spi.Store;
import dev.pawl.spi.StoreProvider;
import dev.pawl.testkit.Postgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ServiceLoader;

/** The two databases that everything is tested on. Each call gives a new, empty one. */
enum Database {
    SQLITE {
        @Override
        String url() {
            try {
                var folder = Files.createTempDirectory("pawl-test");
                folder.toFile().deleteOnExit();
                return "jdbc:sqlite:" + folder.resolve("pawl.db");
            } catch (IOException failed) {
                throw new UncheckedIOException(failed);
            }
        }
    },
    POSTGRESQL {
        @Override
        String url() {
            return Postgres.shared().freshDatabase();
        }
    };

    /** The URL of a new, empty database. */
    abstract String url();

    static Store open(String url) {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.accepts(url))
                .findFirst()
                .orElseThrow()
                .open(url);
    }
}
