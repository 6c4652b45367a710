package dev.pawl.campaign;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** A table of the user's in the same database as those of the engine, in a schema of its own as Pawl wants it. Nothing in it keeps a row from being there twice. */
final class Rows {

    private Rows() {}

    /** Makes it, empty. */
    static void create(String url) throws SQLException {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("CREATE SCHEMA users");
            statement.execute("CREATE TABLE users.line (run text NOT NULL, effect text NOT NULL)");
        }
    }

    static void insert(Connection connection, History.Row row) throws SQLException {
        try (var statement = connection.prepareStatement("INSERT INTO users.line VALUES (?, ?)")) {
            statement.setString(1, row.run());
            statement.setString(2, row.effect());
            statement.executeUpdate();
        }
    }

    static List<History.Row> in(String url) throws SQLException {
        var rows = new ArrayList<History.Row>();
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var found = statement.executeQuery("SELECT run, effect FROM users.line")) {
            while (found.next()) rows.add(new History.Row(found.getString(1), found.getString(2)));
        }
        return rows;
    }
}
