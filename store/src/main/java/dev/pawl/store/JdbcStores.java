package dev.pawl.store;

import dev.pawl.spi.Store;
import dev.pawl.spi.StoreException;
import dev.pawl.spi.StoreProvider;

/** Opens stores on SQLite ({@code jdbc:sqlite:pawl.db}) and PostgreSQL ({@code jdbc:postgresql://host/db?user=…}). */
public final class JdbcStores implements StoreProvider {

    @Override
    public boolean accepts(String url) {
        return url.startsWith(Sqlite.PREFIX) || url.startsWith(Postgres.PREFIX);
    }

    @Override
    public Store open(String url) {
        Dialect dialect = dialect(url);
        new Migrations(dialect).run();
        return new JdbcStore(dialect);
    }

    static Dialect dialect(String url) {
        if (url.startsWith(Sqlite.PREFIX)) return new Sqlite(url);
        if (url.startsWith(Postgres.PREFIX)) return new Postgres(url);
        throw new StoreException.Unusable(
                "This is not a database URL that Pawl knows; it knows jdbc:sqlite:FILE and "
                        + "jdbc:postgresql://HOST:PORT/DATABASE?user=USER.",
                null);
    }
}
