package dev.pawl.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pawl.core.TaskKey;
import dev.pawl.engine.Pawl;
import dev.pawl.engine.RunFailed;
import dev.pawl.sql.Sql;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PayoutTest {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    /** The shop's own database; it has nothing to do with Pawl's. */
    private String shop(Database database) throws SQLException {
        var other = folder.resolve("shop");
        String url = database == Database.SQLITE ? "jdbc:sqlite:" + other : database.url(other);
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            statement.execute("create table account (name text primary key, holder text, balance float8)");
            statement.execute("create table booking (id text primary key, account text, receipt text)");
            statement.execute("insert into account values ('corner', 'ann', 12.5)");
        }
        return url;
    }

    private static List<String> bookings(String shop) throws SQLException {
        var found = new ArrayList<String>();
        try (var connection = DriverManager.getConnection(shop);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select id, account, receipt from booking")) {
            while (rows.next()) found.add(rows.getString(1) + " " + rows.getString(2) + " " + rows.getString(3));
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void what_is_owed_is_paid_and_booked_and_the_token_is_not_written_down(Database database) throws Exception {
        String shop = shop(database);
        try (var stub = StubModel.start()) {
            var job = Payout.at(Sql.on(shop), stub.url(), StubModel.HTTP, "hush-hush");
            try (var pawl = Pawl.open(database.url(folder), job)) {
                var run = pawl.submit(job, "corner");
                assertThat(run.await(PATIENCE)).isEqualTo("refund-" + run.id() + "-job-0-1");
                assertThat(bookings(shop))
                        .containsExactly(run.id() + "-job-0-2 corner refund-" + run.id() + "-job-0-1");
                assertThat(stub.changes().values()).containsExactly("/refunds {\"to\":\"ann\",\"amount\":12.5}");
                var journal = pawl.journal(new TaskKey(run.id(), "job", 0));
                assertThat(journal.toString())
                        .contains("http.once", "sql.once", "\"authorization\":\"***\"")
                        .doesNotContain("hush-hush");
                assertThatThrownBy(() -> pawl.submit(job, "nobody").await(PATIENCE))
                        .isInstanceOf(RunFailed.class)
                        .hasMessageContaining("There is no account nobody.");
            }
        }
    }
}
