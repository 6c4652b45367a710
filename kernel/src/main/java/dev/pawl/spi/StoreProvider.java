package dev.pawl.spi;

/** Opens stores; found with {@link java.util.ServiceLoader}. */
public interface StoreProvider {

    /** Whether this provider knows such a database URL. */
    boolean accepts(String url);

    /**
     * Connects and brings the schema up to date.
     *
     * @throws StoreException.Unusable if the database is not one of ours, too old or too new, or cannot be written
     * @throws StoreException.Unavailable if it cannot be reached
     */
    Store open(String url);
}
