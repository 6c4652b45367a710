package dev.pawl.bench;

/** A kind of database that contenders are measured on; each gets one of its own. */
interface Databases extends AutoCloseable {

    /** Creates an empty database and returns its JDBC address. */
    String newDatabase(String name) throws Exception;

    /** Clears up after what has run, so that nobody pays for what another one has left behind. */
    void settle() throws Exception;

    /** Version and settings, for the report. */
    String description() throws Exception;

    @Override
    void close() throws Exception;
}
