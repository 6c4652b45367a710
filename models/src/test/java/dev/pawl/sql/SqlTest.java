package dev.pawl.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.pawl.core.Failure;
import dev.pawl.core.Json;
import dev.pawl.io.Connector.Context;
import dev.pawl.json.Codec;
import dev.pawl.testkit.Postgres;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.DriverManager;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZonedDateTime;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Calls of real databases. */
@Timeout(120)
class SqlTest {

    private static final Context REPEATABLE =
            new Context(null, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
    private static final Context CHANGE = new Context("key-1", REPEATABLE.traceparent());

    /** Counts for minutes on both. */
    private static final String ENDLESS =
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 2000000000)"
                    + " select count(*) as c from n";

    enum Database {
        SQLITE,
        POSTGRESQL
    }

    private enum Colour {
        RED
    }

    private record Person(long id, String name, BigDecimal pay) {}

    @TempDir
    private Path folder;

    private String url(Database database) {
        return database == Database.SQLITE
                ? "jdbc:sqlite:" + folder.resolve("data.db")
                : Postgres.shared().freshDatabase();
    }

    private Sql with(Database database, String... setUp) throws Exception {
        return on(url(database), setUp);
    }

    private static Sql on(String url, String... setUp) throws Exception {
        try (var connection = DriverManager.getConnection(url);
                var statement = connection.createStatement()) {
            for (String sql : setUp) statement.execute(sql);
        }
        return Sql.on(url);
    }

    private static Sql people(SqlTest test, Database database) throws Exception {
        return test.with(
                database,
                "create table person (id bigint primary key, name varchar(50) not null, pay numeric(12, 2))",
                "insert into person values (1, 'Ada', 12.50), (2, 'Grace', null)");
    }

    private static Class<?> failure(Sql sql, SqlCall call) {
        return catchThrowable(() -> sql.call(call, CHANGE)).getClass();
    }

    // ---- what is recorded -----------------------------------------------------------------------------------------

    @Test
    void the_statement_and_its_arguments_are_recorded() {
        var call = SqlCall.query(
                "select \"a\" from b where c in (?)",
                null,
                "x",
                1,
                2L,
                1.5,
                new BigDecimal("0.10"),
                true,
                Colour.RED,
                new Json("{\"a\":[1]}"),
                Instant.parse("2026-01-02T03:04:05Z"),
                LocalDate.of(2026, 1, 2),
                LocalTime.of(3, 4),
                LocalDateTime.of(2026, 1, 2, 3, 4),
                OffsetDateTime.parse("2026-01-02T03:04:05+01:00"),
                UUID.fromString("00000000-0000-0001-0000-000000000002"),
                SqlCall.key());
        assertThat(Sql.on("jdbc:sqlite::memory:").request(call).text()).isEqualTo("""
                {"sql":"select \\"a\\" from b where c in (?)","args":[null,"x",1,2,1.5,0.10,true,"RED",{"a":[1]},\
                "2026-01-02T03:04:05Z","2026-01-02","03:04","2026-01-02T03:04","2026-01-02T03:04:05+01:00",\
                "00000000-0000-0001-0000-000000000002",{"key":true}]}""");
    }

    @Test
    void calls_that_differ_only_in_secrets_are_recorded_alike() {
        var sql = Sql.on("jdbc:sqlite::memory:");
        var one = SqlCall.query("select ?", SqlCall.secret("hush-one"));
        var two = SqlCall.query("select ?", SqlCall.secret(2));
        assertThat(sql.request(one))
                .isEqualTo(sql.request(two))
                .hasToString("{\"sql\":\"select ?\",\"args\":[\"***\"]}");
        assertThat(one.toString()).doesNotContain("hush");
    }

    @Test
    void equal_calls_are_equal() {
        assertThat(SqlCall.query("select ?", 1))
                .isEqualTo(SqlCall.query("select ?", 1))
                .hasSameHashCodeAs(SqlCall.query("select ?", 1));
        assertThat(SqlCall.query("select ?", 1)).isNotEqualTo(SqlCall.update("select ?", 1));
        assertThat(SqlCall.query("select ?", 1)).isNotEqualTo(SqlCall.query("select ?", 2));
    }

    @Test
    void what_cannot_be_an_argument_is_refused() {
        assertThatThrownBy(() -> SqlCall.query("select ?", new Object())).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> SqlCall.query("select ?", Double.NaN)).isInstanceOf(Failure.Logic.class);
        assertThatThrownBy(() -> SqlCall.secret(List.of())).isInstanceOf(Failure.Logic.class);
    }

    @Test
    void a_url_that_no_driver_takes_is_refused_without_its_password() {
        assertThatThrownBy(() -> Sql.on("jdbc:nosuch://host/?password=hush"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("jdbc:nosuch:")
                .hasMessageNotContaining("hush");
    }

    // ---- rows -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_query_brings_back_rows(Database database) throws Exception {
        var answer = people(this, database)
                .call(SqlCall.query("select id as ID, name, pay from person where id >= ? order by id", 1), REPEATABLE);
        assertThat(answer.updated()).isZero();
        assertThat(answer.rows()).hasSize(2);
        assertThat(answer.rows().getFirst().keySet()).containsExactly("id", "name", "pay");
        assertThat(answer.rows().getFirst()).containsEntry("id", 1L).containsEntry("name", "Ada");
        assertThat(answer.rows().getLast()).containsEntry("pay", null);
        assertThat(answer.rows(Person.class).getFirst().pay()).isEqualByComparingTo("12.50");
    }

    @ParameterizedTest
    @EnumSource
    void an_answer_is_the_same_out_of_the_journal(Database database) throws Exception {
        var sql = people(this, database);
        var answer = sql.call(
                SqlCall.query(
                        "select id, pay, 5 as five, 9007199254740993 as big, 0.5 as half, 'a' as a, null as n from person"),
                REPEATABLE);
        var stored = Codec.STANDARD.write(answer, sql.response(), "The answer");
        assertThat(Codec.STANDARD.read(stored, sql.response(), "The answer")).isEqualTo(answer);
        assertThat(answer.rows().getFirst())
                .containsEntry("five", 5L)
                .containsEntry("big", 9007199254740993L)
                .containsEntry("half", new BigDecimal("0.5"));
    }

    @ParameterizedTest
    @EnumSource
    void every_kind_of_argument_arrives(Database database) throws Exception {
        var sql = with(database, "create table t (a integer, b varchar(90))");
        Object[] arguments = {
            (byte) 1,
            (short) 2,
            3,
            4L,
            1.5f,
            2.5,
            new BigDecimal("3.5"),
            BigInteger.TEN,
            true,
            "s",
            Colour.RED,
            SqlCall.secret("q")
        };
        for (Object argument : arguments) {
            var call = SqlCall.query("select count(*) as n from t where coalesce(?, ?) is null", argument, argument);
            assertThat(sql.call(call, REPEATABLE).rows()).containsExactly(Map.of("n", 0L));
        }
        sql.call(SqlCall.update("insert into t values (?, ?)", null, null), CHANGE);
        assertThat(sql.call(SqlCall.query("select a, b from t"), REPEATABLE)
                        .rows()
                        .getFirst()
                        .values())
                .containsOnlyNulls();
    }

    @Test
    void types_of_postgresql_come_out_as_json_has_them() throws Exception {
        var sql = with(Database.POSTGRESQL);
        var row = sql.call(SqlCall.query("""
                                select true as bool, 1::smallint as small, 1.5::real as real, 'NaN'::float8 as nan,
                                  12345678901234567890.123456789::numeric as exact, '\\x0102'::bytea as bytes,
                                  date '2026-01-02' as date, time '03:04:05' as time,
                                  timestamp '2026-01-02 03:04:05.123456' as local,
                                  timestamptz '2026-01-02 03:04:05+01' as instant, timetz '03:04:05+01' as zoned,
                                  '00000000-0000-0001-0000-000000000002'::uuid as id,
                                  '{"a": [1, 0.10, null]}'::jsonb as doc, '"x"'::json as text, null::jsonb as nodoc,
                                  null::timestamptz as never, array['a', null] as list, array[1, 2] as numbers,
                                  interval '1 day' as interval, 'ok'::char(3) as padded"""), REPEATABLE).rows().getFirst();
        assertThat(row)
                .containsEntry("bool", true)
                .containsEntry("small", 1L)
                .containsEntry("real", new BigDecimal("1.5"))
                .containsEntry("nan", "NaN")
                .containsEntry("exact", new BigDecimal("12345678901234567890.123456789"))
                .containsEntry("bytes", "AQI=")
                .containsEntry("date", "2026-01-02")
                .containsEntry("time", "03:04:05")
                .containsEntry("local", "2026-01-02T03:04:05.123456")
                .containsEntry("instant", "2026-01-02T02:04:05Z")
                .containsEntry("zoned", "03:04:05+01")
                .containsEntry("id", "00000000-0000-0001-0000-000000000002")
                .containsEntry("doc", Map.of("a", Arrays.asList(1L, new BigDecimal("0.10"), null)))
                .containsEntry("text", "x")
                .containsEntry("nodoc", null)
                .containsEntry("never", null)
                .containsEntry("list", Arrays.asList("a", null))
                .containsEntry("numbers", List.of(1L, 2L))
                .containsEntry("padded", "ok ");
    }

    @Test
    void times_ids_and_json_go_into_postgresql_as_what_they_are() throws Exception {
        var sql = with(
                Database.POSTGRESQL,
                "create table t (a timestamptz, b timestamptz, c timestamptz, d timestamp, e date, f time, g uuid, h jsonb)");
        var id = UUID.fromString("00000000-0000-0001-0000-000000000002");
        var answer = sql.call(
                SqlCall.update(
                        "insert into t values (?, ?, ?, ?, ?, ?, ?, ?) returning *",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        OffsetDateTime.parse("2026-01-02T03:04:05+01:00"),
                        ZonedDateTime.parse("2026-07-02T03:04:05+02:00[Europe/Berlin]"),
                        LocalDateTime.of(2026, 1, 2, 3, 4),
                        LocalDate.of(2026, 1, 2),
                        LocalTime.of(3, 4),
                        id,
                        new Json("{\"a\":1}")),
                CHANGE);
        assertThat(answer.updated()).isEqualTo(1);
        assertThat(answer.rows().getFirst().values())
                .containsExactly(
                        "2026-01-02T03:04:05Z",
                        "2026-01-02T02:04:05Z",
                        "2026-07-02T01:04:05Z",
                        "2026-01-02T03:04",
                        "2026-01-02",
                        "03:04",
                        id.toString(),
                        Map.of("a", 1L));
    }

    @Test
    void times_ids_and_json_are_text_in_sqlite() throws Exception {
        var sql = with(Database.SQLITE, "create table t (a timestamp, b date, c uuid, d json, e blob)");
        sql.call(
                SqlCall.update(
                        "insert into t values (?, ?, ?, ?, x'0102')",
                        Instant.parse("2026-01-02T03:04:05Z"),
                        LocalDate.of(2026, 1, 2),
                        UUID.fromString("00000000-0000-0001-0000-000000000002"),
                        new Json("{\"a\":1}")),
                CHANGE);
        assertThat(sql.call(SqlCall.query("select * from t"), REPEATABLE)
                        .rows()
                        .getFirst()
                        .values())
                .containsExactly(
                        "2026-01-02T03:04:05Z",
                        "2026-01-02",
                        "00000000-0000-0001-0000-000000000002",
                        "{\"a\":1}",
                        "AQI=");
    }

    @ParameterizedTest
    @EnumSource
    void more_rows_than_allowed_are_refused(Database database) throws Exception {
        var sql = people(this, database);
        var call = SqlCall.query("select id from person");
        assertThat(sql.mostRows(2).call(call, REPEATABLE).rows()).hasSize(2);
        assertThatThrownBy(() -> sql.mostRows(1).call(call, REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("more than 1 rows");
    }

    @ParameterizedTest
    @EnumSource
    void two_columns_of_one_name_are_refused(Database database) throws Exception {
        var sql = people(this, database);
        assertThatThrownBy(() -> sql.call(SqlCall.query("select id, name as ID from person"), REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("two columns \"id\"");
    }

    // ---- changes --------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void an_update_says_how_many_rows_it_changed(Database database) throws Exception {
        var sql = people(this, database);
        assertThat(sql.call(
                        SqlCall.update("update person set pay = ? where id > ?", new BigDecimal("7.25"), 0), CHANGE))
                .isEqualTo(new SqlAnswer(List.of(), 2));
        assertThat(sql.call(SqlCall.update("insert into person values (3, 'Edsger', 1) returning id"), CHANGE))
                .isEqualTo(new SqlAnswer(List.of(Map.of("id", 3L)), 1));
        assertThat(sql.call(SqlCall.update("create table another (id integer)"), CHANGE)
                        .updated())
                .isZero();
        assertThat(sql.call(SqlCall.query("select sum(pay) as s from person"), REPEATABLE)
                        .rows()
                        .getFirst()
                        .get("s")
                        .toString())
                .startsWith("15.5");
    }

    @ParameterizedTest
    @EnumSource
    void an_update_that_fails_has_changed_nothing(Database database) throws Exception {
        var sql = people(this, database);
        var twice = SqlCall.update("insert into person values (4, 'x', 1), (1, 'y', 1)");
        assertThat(failure(sql, twice)).isEqualTo(Failure.Logic.class);
        var tooMany = SqlCall.update("update person set name = 'z' where id > ? returning id", 0);
        assertThat(failure(sql.mostRows(1), tooMany)).isEqualTo(Failure.Logic.class);
        assertThat(sql.call(SqlCall.query("select name from person order by id"), REPEATABLE)
                        .rows())
                .containsExactly(Map.of("name", "Ada"), Map.of("name", "Grace"));
    }

    @ParameterizedTest
    @EnumSource
    void a_query_changes_nothing(Database database) throws Exception {
        var sql = people(this, database);
        sql.call(SqlCall.query("delete from person where id = 1 returning id"), REPEATABLE);
        sql.call(SqlCall.query("delete from person"), REPEATABLE);
        assertThat(sql.call(SqlCall.query("select id from person"), REPEATABLE).rows())
                .hasSize(2);
    }

    @ParameterizedTest
    @EnumSource
    void the_key_of_a_change_can_make_it_happen_once(Database database) throws Exception {
        var sql = with(database, "create table payment (id varchar(50) primary key)");
        var pay = SqlCall.update("insert into payment values (?) on conflict do nothing", SqlCall.key());
        assertThat(sql.call(pay, CHANGE).updated()).isEqualTo(1);
        assertThat(sql.call(pay, CHANGE).updated()).isZero();
        assertThat(sql.call(SqlCall.query("select id from payment"), REPEATABLE).rows())
                .containsExactly(Map.of("id", "key-1"));
        assertThatThrownBy(() -> sql.call(pay, REPEATABLE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("key");
    }

    @Test
    void a_connection_of_a_pool_is_given_back_as_it_was() throws Exception {
        try (var one = DriverManager.getConnection(url(Database.POSTGRESQL))) {
            var shared = Sql.on(new Kept(one));
            assertThat(shared.call(SqlCall.query("select 1 as a"), REPEATABLE).rows())
                    .containsExactly(Map.of("a", 1L));
            assertThat(failure(shared, SqlCall.update("select nonsense"))).isEqualTo(Failure.Logic.class);
            assertThat(one.getAutoCommit()).isTrue();
            assertThat(shared.call(SqlCall.query("select 2 as a"), REPEATABLE).rows())
                    .containsExactly(Map.of("a", 2L));
        }
    }

    // ---- failures -------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void what_is_wrong_with_a_statement_is_logic(Database database) throws Exception {
        var sql = people(this, database);
        assertThat(failure(sql, SqlCall.query("selekt 1"))).isEqualTo(Failure.Logic.class);
        assertThat(failure(sql, SqlCall.query("select * from nowhere"))).isEqualTo(Failure.Logic.class);
        assertThat(failure(sql, SqlCall.update("insert into person (id) values (9)")))
                .isEqualTo(Failure.Logic.class);
        assertThatThrownBy(() -> sql.call(SqlCall.query("select   nope\nfrom person"), REPEATABLE))
                .hasMessageContaining("SQL \"select nope from person\" failed")
                .hasMessageContaining("nope");
    }

    @ParameterizedTest
    @EnumSource
    void a_missing_argument_is_no_reason_to_try_again(Database database) throws Exception {
        var sql = people(this, database);
        var tooMany =
                catchThrowable(() -> sql.call(SqlCall.query("select id from person where id = ?", 1, 2), REPEATABLE));
        assertThat(tooMany).isNotNull();
        var tooFew =
                catchThrowable(() -> sql.call(SqlCall.update("update person set name = ? where id = ?", "x"), CHANGE));
        assertThat(tooFew).isNotNull();
        assertThat(List.of(tooMany.getClass(), tooFew.getClass())).containsOnly(Failure.Logic.class);
    }

    @Test
    void a_secret_is_in_no_message_and_no_cause() throws Exception {
        var sql = people(this, Database.POSTGRESQL);
        sql.call(SqlCall.update("create unique index on person (name)"), CHANGE);
        var call = SqlCall.update("insert into person values (7, ?, 0)", SqlCall.secret("hush-hush"));
        sql.call(call, CHANGE);
        assertThatThrownBy(() -> sql.call(
                        SqlCall.update("insert into person values (8, ?, 0)", SqlCall.secret("hush-hush")), CHANGE))
                .isInstanceOf(Failure.Logic.class)
                .hasMessageContaining("(name)=(***)")
                .hasMessageNotContaining("hush")
                .hasNoCause();
    }

    @Test
    void who_may_not_enter_and_who_may_not_do_it() throws Exception {
        String url = Postgres.shared().freshDatabase();
        on(url, "create table t (a integer)", "drop role if exists guest", "create role guest login");
        String guest = url.replaceAll("user=\\w+", "user=guest");
        assertThat(failure(Sql.on(guest), SqlCall.query("select a from t"))).isEqualTo(Failure.Permission.class);
        String stranger = url.replaceAll("user=\\w+", "user=nobody_at_all");
        assertThat(failure(Sql.on(stranger), SqlCall.query("select 1"))).isEqualTo(Failure.Auth.class);
    }

    @Test
    void nobody_there_is_transient() throws Exception {
        int free;
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            free = socket.getLocalPort();
        }
        assertThat(failure(Sql.on("jdbc:postgresql://127.0.0.1:" + free + "/x?user=y"), SqlCall.query("select 1")))
                .isEqualTo(Failure.Transient.class);
    }

    @Test
    void a_connection_that_breaks_in_the_middle_is_transient() throws Exception {
        var sql = with(Database.POSTGRESQL);
        assertThat(failure(sql, SqlCall.query("select pg_terminate_backend(pg_backend_pid())")))
                .isEqualTo(Failure.Transient.class);
    }

    @Test
    void a_deadlock_is_transient_for_one_and_nothing_for_the_other() throws Exception {
        String url = url(Database.POSTGRESQL);
        var sql = on(
                url,
                "create table t (id integer primary key)",
                "insert into t values (1), (2)",
                "create function cross_(a int, b int) returns void language plpgsql as $$ begin"
                        + " perform 1 from t where id = a for update; perform pg_advisory_xact_lock_shared(7);"
                        + " perform 1 from t where id = b for update; end $$");
        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var gate = DriverManager.getConnection(url)) {
            gate.createStatement().execute("select pg_advisory_lock(7)");
            var one =
                    threads.submit(() -> catchThrowable(() -> sql.call(SqlCall.update("select cross_(1, 2)"), CHANGE)));
            var other =
                    threads.submit(() -> catchThrowable(() -> sql.call(SqlCall.update("select cross_(2, 1)"), CHANGE)));
            awaitWaiting(gate, 2);
            gate.createStatement().execute("select pg_advisory_unlock(7)");
            assertThat(Arrays.asList(one.get(), other.get()))
                    .containsOnlyOnce((Throwable) null)
                    .hasAtLeastOneElementOfType(Failure.Transient.class);
        }
    }

    private static void awaitWaiting(java.sql.Connection connection, int count) throws Exception {
        org.awaitility.Awaitility.await().until(() -> {
            try (var result = connection
                    .createStatement()
                    .executeQuery("select count(*) from pg_locks where locktype = 'advisory' and not granted")) {
                result.next();
                return result.getInt(1) == count;
            }
        });
    }

    @Test
    void a_busy_sqlite_is_transient() throws Exception {
        String url = url(Database.SQLITE);
        on(url, "create table t (a integer)");
        try (var writer = DriverManager.getConnection(url)) {
            writer.createStatement().execute("begin immediate");
            assertThat(failure(Sql.on(url + "?busy_timeout=10"), SqlCall.update("insert into t values (1)")))
                    .isEqualTo(Failure.Transient.class);
        }
    }

    // ---- time -----------------------------------------------------------------------------------------------------

    @ParameterizedTest
    @EnumSource
    void a_statement_that_takes_too_long_is_stopped(Database database) throws Exception {
        var sql = with(database);
        assertThatThrownBy(() -> sql.call(SqlCall.query(ENDLESS).timeout(Duration.ofMillis(300)), REPEATABLE))
                .isInstanceOf(Failure.Timeout.class)
                .hasMessageContaining("PT0.3S");
        assertThatThrownBy(() -> sql.timeout(Duration.ofMillis(300)).call(SqlCall.query(ENDLESS), REPEATABLE))
                .isInstanceOf(Failure.Timeout.class);
    }

    @ParameterizedTest
    @EnumSource
    void an_update_that_takes_too_long_holds_no_lock_afterwards(Database database) throws Exception {
        var sql = with(database);
        var endless = SqlCall.update("create table endless as " + ENDLESS).timeout(Duration.ofMillis(300));
        assertThatThrownBy(() -> sql.call(endless, CHANGE)).isInstanceOf(Failure.Timeout.class);
        sql.call(SqlCall.update("create table endless (a integer)"), CHANGE);
        assertThat(sql.call(SqlCall.query("select a from endless"), REPEATABLE).rows())
                .isEmpty();
    }

    @Test
    void a_limit_of_the_server_is_a_timeout_too() throws Exception {
        var sql = Sql.on(url(Database.POSTGRESQL) + "&options=-c%20statement_timeout=100");
        assertThat(failure(sql, SqlCall.query("select pg_sleep(60)"))).isEqualTo(Failure.Timeout.class);
    }

    @Test
    void waiting_for_a_connection_counts() {
        var never = new CountDownLatch(1);
        var sql = Sql.on(new Kept(null) {
            @Override
            public java.sql.Connection getConnection() throws java.sql.SQLException {
                try {
                    never.await();
                } catch (InterruptedException stop) {
                    throw new java.sql.SQLException(stop);
                }
                return super.getConnection();
            }
        });
        assertThatThrownBy(() -> sql.timeout(Duration.ofMillis(100)).call(SqlCall.query("select 1"), REPEATABLE))
                .isInstanceOf(Failure.Timeout.class);
    }

    @Test
    void an_interrupt_stops_a_statement_and_undoes_it() throws Exception {
        String url = url(Database.POSTGRESQL);
        var sql = on(url, "create table t (a integer)");
        try (var watcher = DriverManager.getConnection(url)) {
            watcher.createStatement().execute("select pg_advisory_lock(8)");
            var thrown = new CompletableFuture<Throwable>();
            var caller = Thread.ofVirtual()
                    .start(() -> thrown.complete(catchThrowable(() -> sql.call(
                            SqlCall.update("with x as (select pg_advisory_lock(8)) insert into t select 1 from x"),
                            CHANGE))));
            awaitWaiting(watcher, 1);
            caller.interrupt();
            assertThat(thrown.get(30, TimeUnit.SECONDS)).isInstanceOf(InterruptedException.class);
            awaitWaiting(watcher, 0);
            assertThat(sql.call(SqlCall.query("select a from t"), REPEATABLE).rows())
                    .isEmpty();
        }
    }
}
