package dev.pawl.bench;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** SQLite files on a real disk, gone after {@link #close}. The engine sets them up itself. */
final class SqliteForBench implements Databases {

    private final Path folder;
    private final List<String> databases = new ArrayList<>();

    private SqliteForBench(Path folder) {
        this.folder = folder;
    }

    /** In a new folder below the given one. */
    static SqliteForBench start(Path below) throws IOException {
        return new SqliteForBench(Disk.newFolder(below, "sqlite-"));
    }

    @Override
    public String newDatabase(String name) {
        String url = "jdbc:sqlite:" + folder.resolve(name + ".db");
        databases.add(url);
        return url;
    }

    /** Moves what is in the journals into the files. */
    @Override
    public void settle() throws SQLException {
        for (String url : databases) {
            ask(url, "pragma wal_checkpoint(truncate)");
        }
    }

    @Override
    public String description() throws SQLException {
        return "SQLite " + ask("jdbc:sqlite::memory:", "select sqlite_version()")
                + " as Pawl sets it up: WAL, synchronous=FULL, one writer";
    }

    private static String ask(String url, String question) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var row = statement.executeQuery(question)) {
            return row.getString(1);
        }
    }

    @Override
    public void close() throws IOException {
        Disk.delete(folder);
    }
}
