package dev.pawl.examples;

import dev.pawl.spi.Store;
import dev.pawl.spi.StoreProvider;
import dev.pawl.testkit.Postgres;
import java.nio.file.Path;
import java.util.ServiceLoader;

/** The two databases. */
enum Database {
    SQLITE {
        @Override
        String url(Path folder) {
            return "jdbc:sqlite:" + folder.resolve("pawl.db");
        }
    },
    POSTGRESQL {
        @Override
        String url(Path folder) {
            return Postgres.shared().freshDatabase();
        }
    };

    /** A new, empty one; in this folder if it is a file. */
    abstract String url(Path folder);

    static Store open(String url) {
        return ServiceLoader.load(StoreProvider.class).stream()
                .map(ServiceLoader.Provider::get)
                .filter(provider -> provider.accepts(url))
                .findFirst()
                .orElseThrow()
                .open(url);
    }
}
