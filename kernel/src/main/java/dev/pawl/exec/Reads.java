package dev.pawl.exec;

import dev.pawl.spi.Journal;
import dev.pawl.spi.StoreException;
import java.util.function.Supplier;

/** What a task reads of its run. While the database is away that is nobody's failure: the attempt is given back unspent. */
final class Reads {

    private Reads() {}

    /** @throws Journal.Superseded if the database cannot be read now */
    static <T> T of(Supplier<T> read) {
        try {
            return read.get();
        } catch (StoreException.Unavailable away) {
            throw new Journal.Superseded("The database cannot be read: " + away.getMessage());
        }
    }
}
