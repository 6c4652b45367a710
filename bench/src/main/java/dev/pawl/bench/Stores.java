package dev.pawl.bench;

import dev.pawl.spi.Store;
import dev.pawl.spi.StoreProvider;
import java.util.ServiceLoader;

/** Opens stores below the engine. */
final class Stores {

    private Stores() {}

    /** A store with its tables, which are created where they do not exist yet. */
    static Store open(String jdbcUrl) {
        for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
            if (provider.accepts(jdbcUrl)) {
                return provider.open(jdbcUrl);
            }
        }
        throw new IllegalArgumentException("No store accepts " + jdbcUrl + ".");
    }
}
