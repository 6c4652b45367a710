package dev.pawl;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The world outside: what really happened there, whoever died meanwhile. A web server and a database of its own, and
 * ledgers of what must not happen twice.
 */
final class Outside implements AutoCloseable {

    /** What was done that may be repeated. */
    final List<String> done = Collections.synchronizedList(new ArrayList<>());

    /** How often something happened under a key. */
    final Map<String, Integer> charged = new HashMap<>();

    final Map<String, Integer> shipped = new HashMap<>();

    /** The URL of its database. */
    final String url;

    private final ServerSocket web;

    Outside(String url) {
        this.url = url;
        sql("create table stock (item varchar(20) primary key, quantity int)");
        sql("create table reserved (id varchar(200), item varchar(20))");
        sql("insert into stock values ('widget', 7)");
        try {
            web = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        var unused = Thread.ofVirtual().name("web").start(this::serve);
    }

    /** Forgets everything. */
    void clear() {
        done.clear();
        charged.clear();
        shipped.clear();
        sql("delete from reserved");
    }

    /** How often something was reserved under each key. */
    Map<String, Integer> reserved() {
        var counts = new HashMap<String, Integer>();
        query(url, "select id, count(*) from reserved group by id", row -> counts.put(row.getString(1), row.getInt(2)));
        return counts;
    }

    private void sql(String sql) {
        run(url, sql);
    }

    /** Runs a statement in some database. */
    static void run(String url, String sql) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute(sql);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    /** One row of an answer. */
    interface Row {
        void read(ResultSet row) throws SQLException;
    }

    /** Asks some database. */
    static void query(String url, String sql, Row each) {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement();
                var rows = statement.executeQuery(sql)) {
            while (rows.next()) each.read(rows);
        } catch (SQLException failed) {
            throw new IllegalStateException(failed);
        }
    }

    String page(String name) {
        return "http://127.0.0.1:" + web.getLocalPort() + "/" + name;
    }

    /** By hand, as the JDK's server adds the date, and each answer would be another one. */
    private void serve() {
        while (!web.isClosed()) {
            try (Socket socket = web.accept()) {
                answer(socket);
            } catch (IOException broken) {
                // the next one, or the end
            }
        }
    }

    private void answer(Socket socket) throws IOException {
        var in = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        String first = in.readLine();
        if (first == null) return;
        String line = first;
        while (line != null && !line.isEmpty()) line = in.readLine();
        done.add(first);
        String body = "{\"rate\":3}";
        socket.getOutputStream()
                .write(("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\ncontent-length: "
                                + body.length() + "\r\n\r\n" + body)
                        .getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void close() {
        try {
            web.close();
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
    }
}
